"""The business operations of reporting: the only writer, the only publisher."""
