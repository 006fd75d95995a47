"""The replica of what other services publish: each event sets its own columns of a row, whichever event comes first."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.reporting.models import Assignment, LedgerEntry
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events import Delivery, Event
from shared.events.value_objects import AllottedExpert, AssignedMember, InspectedObject, Part, ReleasedObject


async def add_to_history(session: Session, event: Event, delivery: Delivery) -> None:
    """Add an event about a finding to the finding's history, once."""
    content = event.model_dump(mode="json")
    entry = {
        "event_id": delivery.event_id,
        "finding_id": UUID(content["finding_id"]),
        "campaign_id": UUID(content["campaign_id"]),
        "kind": type(event).__name__,
        "at": delivery.occurred_at,
        "content": content,
    }
    await session.execute(insert(LedgerEntry).values(entry).on_conflict_do_nothing(index_elements=["event_id"]))


def parts(values: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Value objects of an event as a column stores them."""
    return [value.model_dump(mode="json") for value in values]


def team(members: tuple[AssignedMember, ...]) -> list[dict[str, Any]]:
    """A team as it is counted and printed: who, not when somebody is away."""
    return [member.model_dump(mode="json", exclude={"certificate_from", "certificate_to", "leaves"}) for member in members]


def of_object(inspected: InspectedObject) -> dict[str, Any]:
    """The columns that an inspected organisation sets."""
    return {
        "city": inspected.city,
        "county": inspected.county,
        "uscc": inspected.uscc,
        "object_name": inspected.name,
        "address": inspected.address,
    }


def of_release(released: ReleasedObject) -> dict[str, Any]:
    """The columns that a released object sets."""
    return {
        **of_object(released.object),
        "assignment_id": released.assignment_id,
        "task_no": released.task_no,
        "certificate": released.certificate.model_dump(mode="json"),
        "basis": released.basis,
    }


async def add_expert(session: Session, assignment_id: UUID, campaign_id: UUID, expert: AllottedExpert) -> None:
    """Add an expert to a team, or replace the entry of the same expert."""
    query = select(Assignment.experts).where(col(Assignment.assignment_id) == assignment_id).with_for_update()
    experts = (await session.exec(query)).one_or_none() or []
    others = [entry for entry in experts if entry["expert_id"] != expert.expert_id]
    values = {"assignment_id": assignment_id, "campaign_id": campaign_id, "experts": [*others, expert.model_dump(mode="json")]}
    await upsert(session, Assignment, values)
