"""Request and response bodies of cases."""
