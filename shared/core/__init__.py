"""What needs nothing of the rest of `shared`."""
