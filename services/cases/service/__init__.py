"""The acts of this service: the only writer of its tables, the only teller of its events."""
