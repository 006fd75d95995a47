"""Sanction frames, hearing thresholds, routing and criminal thresholds, as tables."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import pytest

from services.cases.errors import GoodsValueMissing, NotCompetentToSanction, SanctionOutsideFrame, UnknownViolation
from services.cases.rules import dossier, guards, hearing, letters, reference_data, routing, sanction_range, state_machine
from services.cases.rules.routing import Matter, Route
from services.cases.rules.sanction_range import Circumstances
from shared.events.value_objects import Penalty
from shared.vocabulary import FindingSeverity, Measure, PenaltyKind, RespondentType, StatusEvent

YUAN = 100
S, G = FindingSeverity.SERIOUS, FindingSeverity.GENERAL
OBJECT, BODY = RespondentType.OBJECT, RespondentType.CERT_BODY


@pytest.mark.parametrize(
    ("violation", "value", "low", "high"),
    [
        ("UNCERTIFIED_SUPPLY", 9_999, 0, 19_998),
        ("UNCERTIFIED_SUPPLY", 10_000, 50_000, 200_000),
        ("SUPPLY_WHILE_INVALID", 5_000_000, 50_000, 200_000),
        ("CONDITIONS_NOT_KEPT", 4_999, 50_000, 50_000),
        ("CONDITIONS_NOT_KEPT", 5_000, 100_000, 100_000),
        ("CONDITIONS_NOT_KEPT", 10_000, 100_000, 200_000),
        ("FORGED_OR_FALSE_USE", 70_000, 0, 70_000),
        ("CERT_FORGE_LEND_TRADE", None, 30_000, 30_000),
        ("MARK_TRANSFER_RESALE", None, 0, 30_000),
        ("UNSAFE_PRODUCT", 20_000, 20_000, 60_000),
        ("FAKE_SUBSTANDARD", 20_001, 10_000.5, 60_003),
        ("CB_NO_FOLLOWUP", None, 50_000, 200_000),
        ("CB_NOT_DESIGNATED", None, 100_000, 500_000),
    ],
)
def test_the_frame_of_a_fine_in_yuan(violation: str, value: int | None, low: float, high: int) -> None:
    fine = reference_data.violation(violation).fine
    assert fine is not None
    assert sanction_range.bounds(fine, None if value is None else value * YUAN) == (low * YUAN, high * YUAN)


def test_a_multiple_that_is_no_whole_fen_is_rounded_into_the_frame() -> None:
    fine = reference_data.violation("FAKE_SUBSTANDARD").fine
    assert fine is not None
    assert sanction_range.bounds(fine, 3) == (2, 9)


FINE = Penalty(kind=PenaltyKind.FINE, amount_fen=6_000_000)
GAINS = Penalty(kind=PenaltyKind.CONFISCATE_GAINS, amount_fen=1)
GOODS = 8_000_000
circumstances = partial(Circumstances, org="35")


@pytest.mark.parametrize(
    ("violation", "penalties", "given"),
    [
        ("SUPPLY_WHILE_INVALID", [FINE, GAINS], circumstances(GOODS)),
        (
            "SUPPLY_WHILE_INVALID",
            [Penalty(kind=PenaltyKind.FINE, amount_fen=1)],
            circumstances(GOODS, mitigation="SELLER_INNOCENT"),
        ),
        ("LABEL_MISMATCH", [Penalty(kind=PenaltyKind.FINE, amount_fen=1)], circumstances(correction_overdue=True)),
        ("REFUSE_INSPECTION", [Penalty(kind=PenaltyKind.WARNING)], circumstances()),
        (
            "UNSAFE_PRODUCT",
            [Penalty(kind=PenaltyKind.FINE, amount_fen=GOODS), Penalty(kind=PenaltyKind.REVOKE_LICENCE)],
            circumstances(GOODS),
        ),
        ("CB_NO_FOLLOWUP", [FINE], circumstances()),
        (
            "CB_FALSE_CONCLUSION",
            [Penalty(kind=PenaltyKind.FINE, amount_fen=1_000_000)],
            circumstances(respondent=RespondentType.PERSON),
        ),
    ],
)
def test_penalties_within_the_frame(violation: str, penalties: Sequence[Penalty], given: Circumstances) -> None:
    sanction_range.check(reference_data.violation(violation), penalties, given)


@pytest.mark.parametrize(
    ("violation", "penalties", "given", "error"),
    [
        ("SUPPLY_WHILE_INVALID", [], circumstances(GOODS), SanctionOutsideFrame),
        ("SUPPLY_WHILE_INVALID", [FINE, FINE], circumstances(GOODS), SanctionOutsideFrame),
        ("SUPPLY_WHILE_INVALID", [GAINS], circumstances(GOODS), SanctionOutsideFrame),
        ("SUPPLY_WHILE_INVALID", [FINE], circumstances(), GoodsValueMissing),
        ("SUPPLY_WHILE_INVALID", [FINE, Penalty(kind=PenaltyKind.REVOKE_LICENCE)], circumstances(GOODS), SanctionOutsideFrame),
        ("SUPPLY_WHILE_INVALID", [FINE, Penalty(kind=PenaltyKind.CONFISCATE_GAINS)], circumstances(GOODS), SanctionOutsideFrame),
        ("CERT_FORGE_LEND_TRADE", [Penalty(kind=PenaltyKind.FINE, amount_fen=2_999_999)], circumstances(), SanctionOutsideFrame),
        ("LABEL_MISMATCH", [Penalty(kind=PenaltyKind.FINE, amount_fen=1)], circumstances(), SanctionOutsideFrame),
        ("REFUSE_INSPECTION", [Penalty(kind=PenaltyKind.WARNING, amount_fen=1)], circumstances(), SanctionOutsideFrame),
        ("ADMONITION", [Penalty(kind=PenaltyKind.WARNING)], circumstances(), SanctionOutsideFrame),
        ("CB_NO_FOLLOWUP", [FINE], circumstances(org="3501"), NotCompetentToSanction),
    ],
)
def test_penalties_outside_the_frame(
    violation: str, penalties: Sequence[Penalty], given: Circumstances, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sanction_range.check(reference_data.violation(violation), penalties, given)


def test_a_violation_type_is_known_only_from_the_day_its_rule_was_in_force() -> None:
    assert reference_data.violation("UNCERTIFIED_SUPPLY", date(2022, 11, 1)).code == "UNCERTIFIED_SUPPLY"
    for code, day in (("UNCERTIFIED_SUPPLY", date(2022, 10, 31)), ("NO_SUCH", None), (None, None)):
        with pytest.raises(UnknownViolation):
            reference_data.violation(code, day)


@pytest.mark.parametrize(
    ("kind", "amount", "respondent", "due"),
    [
        (PenaltyKind.FINE, 9_999_999, OBJECT, False),
        (PenaltyKind.FINE, 10_000_000, OBJECT, True),
        (PenaltyKind.FINE, 1_000_000, RespondentType.PERSON, True),
        (PenaltyKind.CONFISCATE_GAINS, 10_000_000, OBJECT, True),
        (PenaltyKind.STOP_BUSINESS, None, OBJECT, True),
        (PenaltyKind.WARNING, None, OBJECT, False),
    ],
)
def test_when_a_hearing_is_due(kind: PenaltyKind, amount: int | None, respondent: RespondentType, due: bool) -> None:
    assert hearing.due([Penalty(kind=kind, amount_fen=amount)], respondent) is due


@pytest.mark.parametrize(
    ("matter", "ways"),
    [
        (Matter(OBJECT, FindingSeverity.ADVICE, "UNCERTIFIED_SUPPLY", (Measure.CASE_CLUE,), suspected_crime=True), set()),
        (Matter(OBJECT, G, "UNCERTIFIED_SUPPLY", (Measure.CASE_CLUE,)), {Route.ENFORCEMENT}),
        (Matter(OBJECT, S, "UNCERTIFIED_SUPPLY", ()), {Route.ENFORCEMENT}),
        (Matter(OBJECT, G, "LABEL_MISMATCH", (Measure.ORDER_RECTIFY,)), set()),
        (Matter(OBJECT, G, "QA_WEAK", ()), {Route.LETTER}),
        (Matter(OBJECT, S, "ADMONITION", (Measure.ADMONITION,)), set()),
        (Matter(OBJECT, S, None, (Measure.CASE_CLUE,)), {Route.ENFORCEMENT}),
        (Matter(BODY, S, "CB_NO_SUSPEND", ()), {Route.QUALIFICATION}),
        (Matter(BODY, S, "CB_NO_SUSPEND", (Measure.LETTER_TO_BODY,)), {Route.QUALIFICATION, Route.LETTER}),
        (Matter(BODY, S, "UNAPPROVED_CERTIFICATION", ()), {Route.ENFORCEMENT}),
        (Matter(BODY, S, "CB_JOINT_LIABILITY", ()), set()),
        (Matter(OBJECT, G, "MARK_MISUSE", (), suspected_crime=True), {Route.ENFORCEMENT, Route.CRIMINAL}),
        (Matter(OBJECT, G, "MARK_MISUSE", (Measure.COPY_DEPARTMENT,)), {Route.COPY}),
    ],
)
def test_where_a_finding_goes(matter: Matter, ways: set[Route]) -> None:
    assert routing.routes(matter) == ways


@pytest.mark.parametrize(
    ("violation", "goods", "sales", "ground"),
    [
        ("FORGED_OR_FALSE_USE", None, 5_000_000, "ART140_SALES"),
        ("FORGED_OR_FALSE_USE", None, 4_999_999, None),
        ("FORGED_OR_FALSE_USE", 15_000_000, None, "ART140_ATTEMPT"),
        ("FORGED_OR_FALSE_USE", 15_000_000, 1, None),
        ("LABEL_MISMATCH", 90_000_000, 90_000_000, None),
    ],
)
def test_when_a_crime_is_suspected(violation: str, goods: int | None, sales: int | None, ground: str | None) -> None:
    matter = Matter(OBJECT, S, violation, (), goods_value_fen=goods, sales_amount_fen=sales)
    assert routing.crime(matter) == ground


def test_every_condition_of_both_machines_has_its_rule_and_every_rule_a_use() -> None:
    used = {
        guard
        for name in (state_machine.CASE, state_machine.TRANSFER)
        for event in state_machine.machine(name).events()
        for guard in state_machine.machine(name).transition(event).guards
    }
    assert used == set(guards.GUARDS)


def test_every_step_has_its_place_in_the_dossier() -> None:
    placed = {event for place in reference_data.document("dossier_order")["items"] for event in place["events"]}
    assert placed == set(state_machine.machine(state_machine.CASE).events())


def test_a_dossier_without_the_receipt_of_a_review_is_not_complete() -> None:
    record = dict.fromkeys(("receive", "file", "end_investigation", "decide_penalty", "close"))
    assert dossier.missing(record) == {"review"}


def test_only_a_fitting_or_graver_act_answers_a_letter() -> None:
    assert letters.answers(StatusEvent.SUSPEND, StatusEvent.REVOKE)
    assert not letters.answers(StatusEvent.REVOKE, StatusEvent.SUSPEND)
    assert not letters.answers(StatusEvent.SUSPEND, StatusEvent.RESUME)
