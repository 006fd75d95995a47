"""Selects that only read."""
