"""Decisions of reporting: values in, values out; the law itself stands in `data/`."""
