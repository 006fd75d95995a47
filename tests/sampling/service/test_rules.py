from datetime import date

import pytest
from cryptography.exceptions import InvalidTag

from services.sampling.errors import SamePerson, StepForbidden
from services.sampling.rules import draw_steps, eligibility, sampling_frames
from services.sampling.rules.eligibility import Job, Person
from services.sampling.rules.sampling_frames import Candidate, HeldCertificate, Scope
from services.sampling.rules.vault import NONCE_BYTES, Keys
from shared.vocabulary import CertificateStatus, DrawKind, Role

SCOPE = Scope(["3501"], ["EX_ELECTRICAL", "FIRE"], ["valid", "suspended"], ["revoked", "cancelled"], 12, "FAILED_2023")
TODAY = date(2024, 8, 5)


def held(
    number: str, group: str | None, status: CertificateStatus = CertificateStatus.VALID, since: str = "2023-01-01"
) -> HeldCertificate:
    return HeldCertificate(number, status, date.fromisoformat(since), date(2026, 1, 1), group)


def candidate(*certificates: HeldCertificate, failed: bool = False, inspected: str | None = None) -> Candidate:
    last = date.fromisoformat(inspected) if inspected else None
    return Candidate("U", "3501", in_business=True, failed=failed, inspected_on=last, certificates=certificates)


def test_an_organisation_stands_in_the_first_priority_group_it_has_and_offers_those_certificates() -> None:
    (unit,), _ = sampling_frames.split(
        [candidate(held("3", "FIRE"), held("2", "EX_ELECTRICAL"), held("1", "EX_ELECTRICAL"))], SCOPE, TODAY
    )
    assert (unit.stratum, unit.items) == ("3501/EX_ELECTRICAL", ("1", "2"))


def test_without_a_priority_group_all_in_scope_certificates_count_and_there_is_no_floor() -> None:
    (unit,), _ = sampling_frames.split([candidate(held("1", None), held("2", "CHILD"))], SCOPE, TODAY)
    assert (unit.stratum, unit.items) == ("3501/OTHER", ("1", "2"))
    assert [stratum.floor for stratum in sampling_frames.strata({"3501/FIRE": 4, "3501/OTHER": 4}, 1, {})] == [1, 0]


@pytest.mark.parametrize(
    ("status", "since", "inside"),
    [
        ("suspended", "2020-01-01", True),
        ("revoked", "2023-08-05", True),
        ("cancelled", "2023-08-04", False),
        ("expired", "2024-08-01", False),
    ],
)
def test_a_certificate_that_ended_counts_for_twelve_months_an_expired_one_never(status: str, since: str, inside: bool) -> None:
    units, excluded = sampling_frames.split([candidate(held("1", None, CertificateStatus(status), since))], SCOPE, TODAY)
    assert (bool(units), bool(excluded)) == (inside, not inside)


def test_whoever_was_inspected_this_year_is_left_out_last_year_does_not_count() -> None:
    assert (
        sampling_frames.split([candidate(held("1", None), inspected="2024-01-02")], SCOPE, TODAY)[1][0]["reason"]
        == "ALREADY_INSPECTED"
    )
    assert sampling_frames.split([candidate(held("1", None), inspected="2023-12-31")], SCOPE, TODAY)[0]


def person(**changes: object) -> Person:
    fields = {
        "inspector_id": "I",
        "city": "3501",
        "qualified": True,
        "active": True,
        "certificate_from": date(2021, 1, 1),
        "certificate_to": date(2024, 8, 20),
        "fields": ("23",),
        "leaves": ((date(2024, 8, 1), date(2024, 8, 10)),),
        "free": 1,
    }
    return Person(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "on", "reason"),
    [
        ({}, "2024-08-20", None),
        ({}, "2024-08-21", "CERTIFICATE_NOT_VALID"),
        ({}, "2024-08-10", "ON_LEAVE"),
        ({"city": "3502"}, "2024-08-20", "OTHER_JURISDICTION"),
        ({"active": False}, "2024-08-20", "INACTIVE"),
        ({"qualified": False}, "2024-08-20", "NOT_QUALIFIED"),
        ({"fields": ("11",)}, "2024-08-20", "FIELD"),
        ({"free": 0}, "2024-08-20", "WORKLOAD_CAP"),
        ({"inspector_id": "X"}, "2024-08-20", "CONFLICT"),
    ],
)
def test_each_hard_rule_bars_an_inspector_on_the_day(changes: dict[str, object], on: str, reason: str | None) -> None:
    job = Job("T", "3501", "23", {"X": "CONFLICT"})
    assert eligibility.reason_against(person(**changes), job, date.fromisoformat(on)) == reason


def test_steps_belong_to_roles_and_to_different_people() -> None:
    with pytest.raises(StepForbidden):
        draw_steps.check_role("seal", DrawKind.OBJECT, Role.CITY_LEAD)
    draw_steps.check_person("execute", "a", {"seal": "a"})
    for step, people, attempt in (
        ("execute", {"seal": "a"}, 2),
        ("execute", {"approve": "a"}, 1),
        ("contribute", {"seal": "a"}, 1),
    ):
        with pytest.raises(SamePerson):
            draw_steps.check_person(step, "a", people, attempt)


def test_a_secret_opens_for_its_own_draw_and_key_only() -> None:
    keys = Keys(bytes(32))
    stored = keys.locked(bytes(NONCE_BYTES), "draw-1", b"s" * 32)
    assert keys.opened("draw-1", stored) == b"s" * 32
    for other, draw in ((keys, "draw-2"), (Keys(b"\x01" * 32), "draw-1")):
        with pytest.raises(InvalidTag):
            other.opened(draw, stored)
