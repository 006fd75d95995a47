"""Recompute an explained date offline: one Python file and one HTML page that share no code with the engine."""
