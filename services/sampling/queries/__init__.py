"""Selects of sampling that only read."""
