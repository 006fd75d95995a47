"""Rules of the registry: values in, values out; only the data files are read."""
