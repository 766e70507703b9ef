"""Decisions as pure functions: no database, no screen, no clock, no randomness, no files."""
