"""Write the contract files again: `make contracts`."""

import base64
import json
import os
import tempfile
from pathlib import Path

NAMELESS = {
    "CCC_ENVIRONMENT": "development",
    "CCC_DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "CCC_KAFKA_BOOTSTRAP_SERVERS": "localhost:1",
    "CCC_JWKS": "none",
    "CCC_TOKEN_ISSUER": "none",
    "CCC_CURSOR_KEY": base64.b64encode(bytes(32)).decode(),
    "CCC_DATA_KEY": base64.b64encode(bytes(32)).decode(),
}


def main() -> None:
    """Write every contract, and take away those that are no longer any."""
    os.environ.update(NAMELESS)
    with tempfile.TemporaryDirectory() as nowhere:
        os.environ["INSPECTION_EVIDENCE_URL"] = f"file://{nowhere}"
        from deploy.fonts import font_directory  # noqa: PLC0415
        from tests.contracts.documents import documents, files, text  # noqa: PLC0415

        os.environ["CCC_FONT_DIR"] = str(font_directory())
        written = documents()
        for old in files() - set(written):
            old.unlink()
        for path, document in written.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text(document))
    print(json.dumps({"contracts": len(written), "folder": str(Path("tests/contracts"))}))  # noqa: T201


if __name__ == "__main__":
    main()
