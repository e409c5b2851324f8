"""The version of civrules, as records name it."""

VERSION = "0.1.0"
