"""The released contracts, and the checks against them: `make release-contracts`, `make compatibility`."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.contracts.compatibility import RELEASED, breaks, minified
from tests.contracts.documents import HERE, files


def released() -> dict[str, Any]:
    """Every released contract by its name, such as `openapi/cases.json`."""
    return _read(RELEASED, RELEASED.rglob("*.json"))


def current() -> dict[str, Any]:
    """The contracts of this tree, as `make contracts` wrote them, without what is written for people."""
    contracts = {name: minified(document) for name, document in _read(HERE, files()).items()}
    for message in contracts["asyncapi.json"]["components"]["messages"].values():
        del message["payload"]
    return contracts


def major(contracts: dict[str, Any]) -> int:
    """The first number of the version of these contracts."""
    return int(contracts["asyncapi.json"]["info"]["version"].split(".")[0])


def refused(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What breaks callers although the major version is the same."""
    return breaks(before, now) if before and major(now) <= major(before) else []


def main(command: str) -> None:
    """`check` compares; `write` makes this tree's contracts the released ones, unless they break what was released."""
    before, now = released(), current()
    if command == "check" and not before:
        sys.exit("no contract is released: run make release-contracts")
    if wrong := refused(before, now):
        sys.exit("\n".join([*wrong, "This breaks callers: undo it, or raise the first number of shared.__version__"]))
    if command == "write":
        _write(now)
    print(json.dumps({"contracts": len(now), "released": len(released())}))  # noqa: T201


def _read(folder: Path, paths: Iterable[Path]) -> dict[str, Any]:
    return {file.relative_to(folder).as_posix(): json.loads(file.read_text()) for file in sorted(paths)}


def _write(contracts: dict[str, Any]) -> None:
    for old in RELEASED.rglob("*.json"):
        old.unlink()
    for name, document in contracts.items():
        file = RELEASED / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, ensure_ascii=False, indent=0, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
