"""The business acts of the registry: the only writer, the only teller."""
