"""The business acts of the inspection: the only writer, the only emitter."""
