"""The parts of the `ccc` command."""
