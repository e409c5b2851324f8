"""Mutants: engines and plugins broken in one way each, which the conformance kit must catch.

`make mutants` prints who was caught by what, and fails where one escapes.
"""
