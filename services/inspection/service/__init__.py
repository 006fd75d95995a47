"""The business acts of the inspection: the only place that writes tables and publishes events."""
