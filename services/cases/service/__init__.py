"""The acts of this service: the only writer of its tables, the only publisher of its events."""
