"""Who calls, what the caller may do, and what stays on record of it."""
