"""What tests of the services share; the services themselves never import it."""
