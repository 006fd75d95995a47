"""What is on record of a case or a transfer, and that a guard which finds nothing there refuses."""

import importlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.cases.rules import guards, reference_data, state_machine, steps, transfer_steps
from services.cases.rules.bodies import Person, Step
from services.cases.rules.record import CaseRecord, Record, TransferRecord
from services.cases.rules.situation import Situation
from services.cases.rules.steps import ReviewOpinion
from shared import deadlines
from shared.database.session import driver, transaction
from shared.testing.world import World
from shared.vocabulary import FindingSeverity, RespondentType, ReviewKind
from shared.web.openapi import callers
from shared.web.route_walk import routes_of
from tests.cases.acting import DECISION, HANDLERS, LEAD, NOTICE, OFFICER, REVIEWER, Acting, the_case
from tests.cases.builders import a_finding

STORED: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("stored_records.json").read_text("utf-8"))
"""Records as the service wrote them while it kept them as plain JSON."""
NAMED = tuple(Person.model_validate(handler) for handler in HANDLERS)


def renamed(stored: dict[str, Any]) -> dict[str, Any]:
    """A stored record with the present name of a field that an earlier version named otherwise."""
    content: dict[str, Any] = json.loads(json.dumps(stored).replace("hearing_right_told", "hearing_right_notified"))
    return content


@pytest.mark.parametrize("name", STORED)
def test_a_record_written_as_plain_json_is_read_and_stays_what_it_was_but_for_a_renamed_field(name: str) -> None:
    kind: type[Record] = TransferRecord if name == "transfer" else CaseRecord
    for stored in (STORED[name], renamed(STORED[name])):
        assert kind.model_validate(stored).model_dump(mode="json") == renamed(STORED[name])


@pytest.mark.parametrize(
    ("name", "event", "persons", "kind"),
    [("case", "file", "handlers", CaseRecord), ("transfer", "form_team", "members", TransferRecord)],
)
def test_persons_recorded_before_certificates_had_a_last_day_are_read_and_count_as_without_one(
    name: str, event: str, persons: str, kind: type[CaseRecord | TransferRecord]
) -> None:
    old = json.loads(json.dumps(STORED[name]))
    for person in old[event][persons]:
        del person["certificate_valid_to"]
    record = kind.model_validate(old)
    assert record.model_dump(mode="json") == renamed(old)
    named = record.handlers if isinstance(record, CaseRecord) else record.members
    assert [person.subject for person in named] == ["u1", "u2"]
    assert not guards.two_qualified(a_situation(steps.InvestigationStart(), persons=named))
    assert not guards.GUARDS["decider_not_handler"](a_situation(steps.InvestigationStart(), persons=named, subject="u1"))


def test_a_filing_without_the_last_day_of_a_certificate_is_refused_at_the_door() -> None:
    filing = json.loads(json.dumps(STORED["case"]["file"]))
    del filing["handlers"][0]["certificate_valid_to"]
    with pytest.raises(ValidationError):
        steps.Filing.model_validate(filing)


@pytest.mark.parametrize(("name", "kind"), [(state_machine.CASE, CaseRecord), (state_machine.TRANSFER, TransferRecord)])
def test_every_event_of_a_machine_has_its_field_in_the_record(name: str, kind: type[Record]) -> None:
    acts = set(state_machine.ACTS) if kind is CaseRecord else set()
    assert {field.alias for field in kind.model_fields.values()} == set(state_machine.machine(name).events()) - acts


@pytest.mark.parametrize("content", [{"no_such_step": {"document": "1"}}, {"file": {"handler": []}}, {"sue": {"paper": "1"}}])
def test_a_record_that_nobody_here_wrote_is_an_error_and_not_an_empty_one(content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CaseRecord.model_validate(content)


def test_a_step_is_open_to_the_roles_that_the_machine_gives_its_event(world: World) -> None:
    machines = ((state_machine.CASE, "/v1/cases/"), (state_machine.TRANSFER, "/v1/criminal-transfers/"))
    seen = 0
    for route in routes_of(importlib.import_module("services.cases.main").app.router.routes):
        body = route.body_field.field_info.annotation if route.body_field else None
        if not (isinstance(body, type) and issubclass(body, Step)):
            continue
        name = next(name for name, path in machines if route.path.startswith(path))
        assert set(callers(route) or ()) == {role.value for role in state_machine.roles(name, body.event)}, route.path
        seen += 1
    assert seen > 35


def test_a_new_round_of_review_begins_without_what_the_last_one_put_down() -> None:
    before = CaseRecord.model_validate(STORED["case"])
    after = before.after(steps.ReviewSubmission(kind=ReviewKind.CASE))
    assert set(before.taken) - set(after.taken) == set(state_machine.CLEARED_BY["submit_review"])
    assert after.review_submission == steps.ReviewSubmission(kind=ReviewKind.CASE)


def test_a_decision_on_the_spot_counts_as_the_decision() -> None:
    spot = steps.OnTheSpot.model_validate(STORED["decided on the spot"]["decide_on_the_spot"])
    record = CaseRecord().after(steps.ClueReceived(source="finding_confirmed")).after(spot)
    assert record.model_dump(mode="json") == STORED["decided on the spot"]


def a_situation(step: Step, **other: Any) -> Situation:
    situation = Situation(
        record=CaseRecord(),
        step=step,
        state="decision_pending",
        subject="head",
        org="3501",
        office="3501",
        day=date(2024, 9, 9),
        act_on=date(2024, 8, 20),
        severity=FindingSeverity.SERIOUS,
        respondent=RespondentType.OBJECT,
        violation=reference_data.violation("SUPPLY_WHILE_INVALID"),
        calendar=deadlines.dataset().calendar,
        persons=NAMED,
        handled=True,
        goods_value_fen=8_000_000,
    )
    return replace(situation, **other)


OPINION = ReviewOpinion(passed=True, opinion="同意", reviewer="reviewer")
FOUR_EYES = {
    "approved_by_head": steps.Closure(),
    "decider_not_handler": steps.Decision.model_validate(DECISION).step(),
    "reviewer_not_handler": OPINION,
    "two_qualified_handlers": steps.InvestigationStart(),
    "two_team_members": transfer_steps.Approval(),
}


@pytest.mark.parametrize("guard", FOUR_EYES)
def test_four_eyes_are_not_satisfied_where_nobody_is_named(guard: str) -> None:
    assert guards.GUARDS[guard](a_situation(FOUR_EYES[guard]))
    assert not guards.GUARDS[guard](a_situation(FOUR_EYES[guard], persons=()))


def test_four_eyes_are_not_satisfied_by_a_review_that_is_not_on_record() -> None:
    notice = steps.PenaltyNotice.model_validate(NOTICE)
    assert guards.GUARDS["reviewer_not_handler"](a_situation(notice, record=CaseRecord().after(OPINION)))
    for reviewed in (CaseRecord(), CaseRecord().after(OPINION.model_copy(update={"reviewer": "u1"}))):
        assert not guards.GUARDS["reviewer_not_handler"](a_situation(notice, record=reviewed))


def test_before_the_filing_nobody_handles_a_clue_and_any_head_may_decline_it() -> None:
    declined = steps.NonFiling(ground="minor", explanation="轻微")
    assert guards.GUARDS["approved_by_head"](a_situation(declined, persons=(), handled=False))


ALWAYS_SATISFIED_BY_NOTHING = {
    "no_crime_suspected": "no transfer is the usual case",
    "not_advice": "the finding says so",
    "own_jurisdiction": "the office says so",
    "within_look_back": "the day of the act says so",
    "within_term": "a deadline that was met or waived runs no more",
    "statement_answered": "a party need not state anything",
    "legal_review_after_hearing": "where no hearing was held",
    "execution_complete": "where nothing is executed",
}


def test_a_guard_that_finds_nothing_refuses() -> None:
    class Empty(Step, event="empty"):
        """A step that brings nothing."""

    nothing = a_situation(Empty(), persons=(), violation=None)
    satisfied = {code for code, guard in guards.GUARDS.items() if guard(nothing)}
    assert satisfied == set(ALWAYS_SATISFIED_BY_NOTHING)
    hearing, executing = replace(nothing, state="hearing"), replace(nothing, state="executing")
    assert not guards.GUARDS["legal_review_after_hearing"](hearing)
    assert not guards.GUARDS["execution_complete"](executing)


@pytest.fixture
async def case(world: World) -> Acting:
    world.on("2024-09-09")
    finding = a_finding()
    await world.publish(finding)
    return await the_case(world, finding.finding_id)


@pytest.mark.parametrize(
    ("noun", "role", "body", "guard"),
    [
        ("suspension", LEAD, {"explanation": "等待检验"}, "approved_by_head"),
        ("review", REVIEWER, {"passed": True, "opinion": "同意"}, "reviewer_not_handler"),
        ("decision", LEAD, DECISION, "decider_not_handler"),
    ],
)
async def test_a_case_whose_handlers_are_lost_goes_no_further(
    world: World, case: Acting, noun: str, role: Any, body: dict[str, Any], guard: str
) -> None:
    await case.until({"suspension": "investigation-end"}.get(noun, noun))
    async with transaction(world.cases.database) as session:
        await (await driver(session)).execute("UPDATE enforcement_case SET record = record - 'file'")
    refused = await case(noun, role, body)
    assert (refused.status_code, refused.json().get("guard")) == (409, guard), refused.text


async def test_a_penalty_is_not_decided_without_a_penalty(case: Acting) -> None:
    await case.until("decision")
    refused = await case("decision", LEAD, DECISION | {"penalties": []})
    assert (refused.status_code, refused.json()["code"]) == (422, "sanction-outside-frame")


async def test_the_record_answers_as_it_is_stored(world: World, case: Acting) -> None:
    await case.must("verification", OFFICER)
    answered = (await case.must("acts/preserve", OFFICER, {"document": "先行登记保存〔2024〕1号"}))["record"]
    async with transaction(world.cases.database) as session:
        stored = await (await driver(session)).fetchval("SELECT record::text FROM enforcement_case")
    assert answered == json.loads(stored)
    assert answered.keys() == {"receive", "verify", "preserve"}
