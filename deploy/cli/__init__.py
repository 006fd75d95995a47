"""The `ccc` command, for people who run or look after an installation, and the client through which it talks to one.

Nothing here imports `deploy.local` or `deploy.demo`: where an installation carries them, they bring commands of their own.
"""

from deploy.cli.app import assembled


def main() -> None:
    """Run the command line."""
    assembled()()


__all__ = ["assembled", "main"]
