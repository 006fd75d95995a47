"""The business acts of sampling: the only writers of its tables and the only ones that publish its events."""
