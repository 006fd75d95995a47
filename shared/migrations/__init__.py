"""The tables that every service has, as migrations make them. Frozen once released."""
