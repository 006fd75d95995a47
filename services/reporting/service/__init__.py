"""The business acts of reporting: the only writer, the only emitter."""
