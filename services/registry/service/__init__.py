"""The business acts of the registry: the only place that writes tables and publishes events."""
