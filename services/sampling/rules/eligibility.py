"""Which inspector may serve on which task (S-08, S-10, S-11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

EVERY_FIELD: Final = "*"


@dataclass(frozen=True)
class Person:
    """An inspector as the library holds him; `free` is how many more tasks his workload cap leaves."""

    inspector_id: str
    city: str
    qualified: bool
    active: bool
    certificate_from: date
    certificate_to: date
    fields: tuple[str, ...]
    leaves: tuple[tuple[date, date], ...]
    free: int


@dataclass(frozen=True)
class Job:
    """A task: one object of a city with its drawn certificate.

    `barred`, by reason: those with a conflict, a recusal or a decided replacement, and who inspected the object in recent years.
    """

    task: str
    city: str
    product_class: str
    barred: dict[str, str]


def reason_against(person: Person, job: Job, on: date) -> str | None:
    """Why the person may not serve on the task on that day; None when he may."""
    checks = (
        ("OTHER_JURISDICTION", person.city != job.city),
        ("INACTIVE", not person.active),
        ("NOT_QUALIFIED", not person.qualified),
        ("CERTIFICATE_NOT_VALID", not person.certificate_from <= on <= person.certificate_to),
        ("ON_LEAVE", any(first <= on <= last for first, last in person.leaves)),
        ("FIELD", job.product_class not in person.fields and EVERY_FIELD not in person.fields),
        ("WORKLOAD_CAP", person.free < 1),
    )
    return next((reason for reason, holds in checks if holds), job.barred.get(person.inspector_id))


def tasks(
    people: Sequence[Person], jobs: Iterable[Job], on: date, size: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Tasks with everyone eligible, and every pair left out with its reason."""
    found, excluded = [], []
    for job in jobs:
        reasons = {person.inspector_id: reason_against(person, job, on) for person in people}
        eligible = sorted(who for who, reason in reasons.items() if reason is None)
        found.append({"eligible": eligible, "size": size, "task": job.task})
        excluded += [{"inspector": who, "reason": reason, "task": job.task} for who, reason in sorted(reasons.items()) if reason]
    return found, excluded


def all_fit(members: Iterable[Person], job: Job, on: date) -> bool:
    """Whether a whole team may take this task over."""
    return all(reason_against(member, job, on) is None for member in members)
