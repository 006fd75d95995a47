"""Request and answer bodies of the registry."""
