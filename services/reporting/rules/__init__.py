"""Decisions of reporting: values in, values out; the law itself is data in `data/`."""
