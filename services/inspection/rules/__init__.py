"""Rules of the inspection: values in, values out; only the data files are read."""
