"""Words and decisions of the inspection: values in, values out."""
