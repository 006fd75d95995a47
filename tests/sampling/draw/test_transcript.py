import json
from typing import Any

import pytest

from services.sampling.draw import bodies, ledger
from services.sampling.draw.errors import NotInFrame
from services.sampling.draw.execution import execute
from services.sampling.draw.membership import membership, ranking_root
from services.sampling.draw.merkle import leaf_hash, root, root_of_path
from services.sampling.draw.redaction import redacted, sealed_part
from services.sampling.draw.signatures import Ed25519Signer, check_signature, signed
from services.sampling.draw.teams import DISTRIBUTION
from services.sampling.draw.transcript import issued, transcript, transcript_digest
from shared.core.canonical import canonical, fingerprint
from tests.sampling.draw.builders import SEALED_AT, object_draw, team_draw
from tests.sampling.draw.test_execution import CAPACITY, TASKS

HASHES = ["sha-256", "sm3"]
EXCLUSIONS = [{"reason": "NO_IN_SCOPE_CERTIFICATE", "unit_id": "91350100MA9999999X"}]


def core(hash_name: str = "sha-256") -> dict[str, Any]:
    return transcript(*object_draw(17, 5, hash_name), EXCLUSIONS)


def team_core() -> dict[str, Any]:
    return transcript(*team_draw(TASKS, CAPACITY), [])


def hidden_ids(full: dict[str, Any]) -> set[str]:
    drawn = {entry["unit_id"] for entry in full["result"]["selected"]}
    return {unit["unit_id"] for unit in full["frame"]} - drawn


@pytest.mark.parametrize("hash_name", HASHES)
def test_before_the_embargo_ends_nothing_shows_who_was_drawn(hash_name: str) -> None:
    full = core(hash_name)
    published = sealed_part(full)
    assert published.keys() == {"commitment", "commitment_digest", "exclusions_digest", "leaves"}
    text = json.dumps(published)
    assert not any(unit["unit_id"] in text for unit in full["frame"])
    assert full["seed"] not in text
    assert full["contributions"][0]["value"] not in text


@pytest.mark.parametrize("hash_name", HASHES)
def test_the_redacted_leaves_are_those_of_the_committed_root(hash_name: str) -> None:
    full = core(hash_name)
    published = redacted(full)
    hashes = [bytes.fromhex(leaf) for leaf in published["leaves"]]
    assert root(hash_name, hashes).hex() == full["commitment"]["frame_root"]
    assert published["exclusions_digest"] == fingerprint(hash_name, EXCLUSIONS)


@pytest.mark.parametrize("hash_name", HASHES)
def test_after_the_embargo_the_drawn_are_shown_with_proofs_and_nobody_else(hash_name: str) -> None:
    full = core(hash_name)
    published = redacted(full)
    for shown in published["revealed"]:
        leaf = leaf_hash(hash_name, canonical(shown["unit"]))
        path = [bytes.fromhex(sibling) for sibling in shown["path"]]
        assert leaf.hex() == published["leaves"][shown["index"]]
        found = root_of_path(hash_name, leaf, shown["index"], len(full["frame"]), path)
        assert found is not None
        assert found.hex() == full["commitment"]["frame_root"]
    drawn = {entry["unit_id"] for entry in published["result"]["selected"]}
    assert {shown["unit"]["unit_id"] for shown in published["revealed"]} == drawn
    text = json.dumps(published)
    assert not any(unit_id in text for unit_id in hidden_ids(full))
    assert published["result"]["reserves_digest"] == fingerprint(hash_name, full["result"]["reserves"])


def test_a_reserve_that_replaced_someone_is_shown_too() -> None:
    full = core()
    used = full["result"]["reserves"][0]
    published = redacted(full, {used["unit_id"]})
    assert published["result"]["reserves"] == [used]
    assert used["unit_id"] in {shown["unit"]["unit_id"] for shown in published["revealed"]}


def test_every_member_of_a_team_is_revealed_after_the_embargo() -> None:
    published = redacted(team_core())
    assert [shown["unit"]["unit_id"] for shown in published["revealed"]] == list("ABCD")


@pytest.mark.parametrize("hash_name", HASHES)
def test_every_organisation_can_prove_its_place_and_rank_alone(hash_name: str) -> None:
    full = core(hash_name)
    top = ranking_root(hash_name, full["seed"], full["frame"])
    entries = {e["unit_id"]: e for e in [*full["result"]["selected"], *full["result"]["reserves"]]}
    drawn = {e["unit_id"] for e in full["result"]["selected"]}
    seen = set()
    for unit in full["frame"]:
        document = membership(full, unit["unit_id"])
        proof = document["membership"]
        leaf = leaf_hash(hash_name, canonical(proof["unit"]))
        for data, index, path, expected in (
            (leaf, proof["index"], proof["path"], full["commitment"]["frame_root"]),
            (leaf_hash(hash_name, leaf), proof["ranking_index"], proof["ranking_path"], top),
        ):
            found = root_of_path(hash_name, data, index, len(full["frame"]), [bytes.fromhex(p) for p in path])
            assert found is not None
            assert found.hex() == expected
        entry = entries.get(unit["unit_id"])
        reserve_or_none = "reserve" if entry else "not_selected"
        assert proof["status"] == ("selected" if unit["unit_id"] in drawn else reserve_or_none)
        assert not entry or (entry["rank"], entry["ticket"]) == (proof["rank"], proof["ticket"])
        assert not any(other["unit_id"] in json.dumps(document) for other in full["frame"] if other is not unit)
        seen.add((unit["stratum"], proof["rank"]))
    assert len(seen) == len(full["frame"])


def test_whoever_was_not_in_the_frame_gets_no_proof() -> None:
    with pytest.raises(NotInFrame):
        membership(core(), "91350100MA9999999X")
    with pytest.raises(NotInFrame):
        membership(team_core(), "A")


def test_an_issued_transcript_carries_ledger_and_signature_around_the_same_digest() -> None:
    full = core()
    entry = ledger.append(
        None, kind="seal", draw_id="draw-1", by="p", at=SEALED_AT, body=bodies.seal(full["commitment"], EXCLUSIONS)
    )
    document = signed(issued(full, [entry]), Ed25519Signer(bytes(32)))
    assert document["ledger"] == [entry]
    check_signature(document)
    assert transcript_digest(document) == transcript_digest(full) == fingerprint("sha-256", full)


def test_an_issued_team_transcript_says_how_its_distribution_arises() -> None:
    assert issued(team_core())["distribution"] == DISTRIBUTION
    assert "distribution" not in issued(core())
    assert "distribution" not in issued(sealed_part(team_core()))
    assert issued(team_core(), replacements=[team_core()])["replacements"] == [team_core()]


@pytest.mark.parametrize("draw", [object_draw(), team_draw(TASKS, CAPACITY)], ids=["object", "team"])
def test_bodies_of_the_ledger_have_the_form_it_accepts(draw: Any) -> None:
    committed, units, given = draw
    result = execute(*draw)
    full = transcript(committed, units, given, [], result)
    for kind, body in (
        ("seal", bodies.seal(committed, [])),
        ("execution", bodies.execution(committed, units, result)),
        ("release", bodies.release(full, "public")),
    ):
        entry = ledger.append(None, kind=kind, draw_id="d", by="p", at=SEALED_AT, body=body)
        assert entry["body"]["commitment_digest"] == result.commitment_digest
    body = bodies.execution(committed, units, result)
    assert body["selected_digest"] == fingerprint("sha-256", full["result"]["selected"])
    assert (body["ranking_root"] is None) == (committed["kind"] == "inspector")
