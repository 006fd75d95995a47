"""Who may act, and not twice in one matter."""
