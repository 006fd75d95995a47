"""The tables that every service has, as migrations make them; imports nothing of ours that goes on changing.

A released file is frozen by its SHA-256 (`tests/architecture/released_migrations.sha256`): a change is a migration of its own.
"""
