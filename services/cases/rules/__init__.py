"""Decisions of this service: values in, values out. The law itself is data in `services/cases/data`."""
