"""The inspected organisation of a certificate, in the words of its table."""

from typing import Any

from services.registry.rules.certificates import Document
from services.registry.rules.parties import PARTY_ROLES
from shared.vocabulary import ObjectKind


def holder_of(document: Document) -> dict[str, Any]:
    """What a certificate says of its inspected organisation."""
    uscc = document["organisation_uscc"]
    party = next(document[role] for role in reversed(PARTY_ROLES) if document[role]["uscc"] == uscc)
    return {
        "uscc": uscc,
        "name": party["name"],
        "kind": ObjectKind.CERTIFIED_ORG,
        "division": document["county"],
        "city": document["city"],
        "county": document["county"],
        "address": party["address"],
    }
