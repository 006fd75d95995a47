"""The picture of what the others told: each fact fills its own columns of a row, whichever fact comes first."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.reporting.models import Assignment, LedgerEntry
from services.reporting.models.base import Table as TableClass
from shared.database.session import Session
from shared.events import Delivery, Event
from shared.events.value_objects import AllottedExpert, AssignedMember, InspectedObject, Part, ReleasedObject


async def fill(session: Session, where: type[TableClass], /, **values: Any) -> None:
    """Put `values` into the row of the key among them; the other columns keep what other facts said."""
    table = cast("Table", vars(where)["__table__"])
    keys = [column.name for column in table.primary_key]
    statement = insert(table).values(values)
    rest = {name: statement.excluded[name] for name in values if name not in keys}
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


async def remember(session: Session, event: Event, delivery: Delivery) -> None:
    """Add a fact about a finding to the finding's history, once."""
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


def parts(many: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Pieces of an event as they are kept."""
    return [one.model_dump(mode="json") for one in many]


def team(members: tuple[AssignedMember, ...]) -> list[dict[str, Any]]:
    """A team as it is counted and printed: who, not when somebody is away."""
    return [one.model_dump(mode="json", exclude={"certificate_from", "certificate_to", "leaves"}) for one in members]


def of_object(found: InspectedObject) -> dict[str, Any]:
    """The columns that an organisation fills."""
    return {
        "city": found.city,
        "county": found.county,
        "uscc": found.uscc,
        "object_name": found.name,
        "address": found.address,
    }


def of_release(released: ReleasedObject) -> dict[str, Any]:
    """The columns that a released object fills."""
    return {
        **of_object(released.object),
        "assignment_id": released.assignment_id,
        "task_no": released.task_no,
        "certificate": released.certificate.model_dump(mode="json"),
        "basis": released.basis,
    }


async def add_expert(session: Session, assignment_id: UUID, campaign_id: UUID, expert: AllottedExpert) -> None:
    """Put an expert beside a team, or correct the entry of the same expert."""
    query = select(col(Assignment.experts)).where(col(Assignment.assignment_id) == assignment_id).with_for_update()
    known = (await session.execute(query)).scalar_one_or_none() or []
    others = [one for one in known if one["expert_id"] != expert.expert_id]
    experts = [*others, expert.model_dump(mode="json")]
    await fill(session, Assignment, assignment_id=assignment_id, campaign_id=campaign_id, experts=experts)
