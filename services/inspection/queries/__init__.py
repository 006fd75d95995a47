"""What the inspection service reads, and who may see it."""
