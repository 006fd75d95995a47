"""What is decided in sampling: values in, values out; no database, clock, randomness or web."""
