from datetime import timedelta
from typing import Any

import pytest

from services.sampling.draw import ledger
from services.sampling.draw.errors import InvalidPlan, InvalidValue, LedgerBroken, LedgerInconsistent
from services.sampling.draw.ledger import Head, append, check, check_consistent, extract, head_of
from tests.sampling.draw.builders import SEALED_AT

DIGEST = "ab" * 32


def chain(length: int = 6, ground: str = "frame was wrong") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for number in range(length):
        entries.append(
            append(
                head_of(entries[-1]) if entries else None,
                kind="abort" if number % 2 else "contribution",
                draw_id=f"draw-{number // 4}",
                by="province-01",
                at=SEALED_AT + timedelta(seconds=number),
                body={"approved_by": "p-02", "commitment_digest": DIGEST, "ground": f"{ground} {number}"}
                if number % 2
                else {"commitment_digest": DIGEST, "source": "witness-1", "value": str(number)},
            )
        )
    return entries


def test_entries_count_from_one_and_carry_the_digest_before_them() -> None:
    entries = chain(3)
    assert [entry["seq"] for entry in entries] == [1, 2, 3]
    assert [entry["previous"] for entry in entries] == [None, entries[0]["digest"], entries[1]["digest"]]
    assert entries[0]["at"] == "2024-08-05T01:00:00.000000Z"


def test_a_chain_a_slice_of_it_and_one_with_withheld_bodies_hold() -> None:
    entries = chain()
    assert check(entries) == head_of(entries[-1])
    assert check(entries[2:]) == head_of(entries[-1])
    public = extract(entries, {"draw-0"}, {"contribution"})
    assert check(public) == head_of(entries[-1])
    assert [entry["seq"] for entry in public if "body" in entry] == [2, 4]


def changed(entry: dict[str, Any], name: str) -> dict[str, Any]:
    replacements = {"seq": entry["seq"] + 1, "body": {**entry["body"], "commitment_digest": "cd" * 32}}
    return {**entry, name: replacements.get(name, "ff" * 32)}


@pytest.mark.parametrize("position", [0, 2, 5])
@pytest.mark.parametrize("name", sorted(chain(1)[0]))
def test_any_changed_member_of_any_entry_is_noticed(position: int, name: str) -> None:
    entries = chain()
    entries[position] = changed(entries[position], name)
    with pytest.raises(LedgerBroken) as error:
        check(entries)
    assert error.value.extra["seq"] in {position + 1, position + 2}


@pytest.mark.parametrize("name", sorted(set(chain(1)[0]) - {"body"}))
def test_a_missing_member_is_noticed(name: str) -> None:
    entries = chain()
    del entries[3][name]
    with pytest.raises(LedgerBroken):
        check(entries)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda _: [],
        lambda _: [None],
        lambda entries: [{**entries[0], "colour": "red"}],
        lambda entries: entries[:2] + entries[3:],
        lambda entries: [entries[1], entries[0], *entries[2:]],
        lambda entries: [*entries[:2], entries[1], *entries[2:]],
        lambda entries: [{**entries[0], "body": {"x": 1.5}}],
        lambda entries: [{**entries[0], "seq": True}],
        lambda entries: [{**entries[0], "kind": ["seal"]}],
        lambda entries: [{**entries[0], "at": 0.5}],
    ],
)
def test_a_removed_moved_doubled_or_foreign_entry_is_noticed(tamper: Any) -> None:
    with pytest.raises(LedgerBroken):
        check(tamper(chain()))


def test_a_ledger_that_goes_on_from_an_earlier_head_is_consistent() -> None:
    entries = chain()
    for seq in (1, 4, 6):
        assert check_consistent(entries, head_of(entries[seq - 1])) == head_of(entries[-1])
    assert check_consistent(entries[2:], head_of(entries[3])) == head_of(entries[-1])


@pytest.mark.parametrize("earlier", [Head(4, DIGEST), Head(7, DIGEST), Head(0, DIGEST), Head(-1, DIGEST)])
def test_a_forged_head_is_refused(earlier: Head) -> None:
    with pytest.raises(LedgerInconsistent):
        check_consistent(chain(), earlier)


def test_a_rewritten_or_cut_tail_is_noticed_by_whoever_kept_the_head() -> None:
    kept = head_of(chain()[-1])
    rewritten = chain(6, ground="frame was fine")
    check(rewritten)
    for tampered in (rewritten, chain(5)):
        with pytest.raises(LedgerInconsistent):
            check_consistent(tampered, kept)


def test_a_head_is_published_with_its_protocol() -> None:
    assert Head(3, DIGEST).document() == {"digest": DIGEST, "protocol": "ccc-ledger/1", "seq": 3}


@pytest.mark.parametrize(("kind", "body"), [("gossip", {}), ("abort", {}), ("seal", {"attempt": 1}), ("release", {"x": 1})])
def test_an_entry_of_no_known_form_is_refused(kind: str, body: dict[str, Any]) -> None:
    with pytest.raises(InvalidPlan):
        append(None, kind=kind, draw_id="d", by="p", at=SEALED_AT, body=body)


def test_every_kind_has_its_forms() -> None:
    assert {kind: len(forms) for kind, forms in ledger.BODIES.items()} == {
        "seal": 1,
        "contribution": 1,
        "execution": 1,
        "abort": 1,
        "supersession": 1,
        "waiver": 1,
        "replacement": 2,
        "release": 1,
    }


def test_whoever_acts_is_named() -> None:
    with pytest.raises(InvalidValue):
        append(
            None,
            kind="waiver",
            draw_id="d",
            by="",
            at=SEALED_AT,
            body=dict.fromkeys(next(iter(ledger.BODIES["waiver"]))),
        )
