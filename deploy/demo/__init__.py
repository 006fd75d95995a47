"""A whole campaign on a synthetic province, through the public HTTP APIs only."""
