"""The code and the contract files say the same; `make contracts` writes the files again after a deliberate change."""

import json

from shared.testing.world import Issuer
from tests.contracts.documents import HERE, documents, files, text


def test_no_contract_has_drifted(issuer: Issuer) -> None:
    assert issuer
    expected = {path: text(document) for path, document in documents().items()}
    assert len(expected) > 40
    assert files() == set(expected), "a contract file is missing or left over: run make contracts"
    drifted = [path.name for path, content in expected.items() if path.read_text() != content]
    assert drifted == [], "run make contracts and look at the difference"


def test_every_operation_says_who_may_call_it_and_shows_its_errors(issuer: Issuer) -> None:
    assert issuer
    seen = 0
    for path in (HERE / "openapi").glob("*.json"):
        for address, operations in json.loads(path.read_text())["paths"].items():
            for method, operation in operations.items():
                seen += 1
                assert "x-callers" in operation, f"{path.name} {method} {address}"
                if operation["x-callers"]:
                    assert "401" in operation["responses"], f"{path.name} {method} {address}"
    assert seen > 100
