"""Campaigns with days: schedule, progress, calendar."""
