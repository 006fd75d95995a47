"""Disclosures, and the items that may be made of what is known."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.errors import DisclosureNotFound
from services.reporting.models import Assignment, Campaign, Case, Disclosure, Draw, Finding, Summary
from services.reporting.queries.scope import Scope, column
from services.reporting.rules import annexes
from services.reporting.rules.disclosures import expiry, is_published_penalty
from services.reporting.rules.enums import DisclosureKind, SummaryState
from services.reporting.rules.files import CaseFile
from services.reporting.rules.reference_data import agency, word
from shared.core.clock import legal_day
from shared.database.prepared import equals, prepared
from shared.database.session import ReadSession, Session
from shared.security.auth import Caller
from shared.vocabulary import CaseStatus, DisclosureStatus, DrawKind

HEAD = (
    *("disclosure_id", "campaign_id", "kind", "round", "city", "state", "edition", "digest", "drafted_by", "drafted_at"),
    *("reviewed_by", "approved_by", "published_at", "expires_on", "withdrawn_on", "withdrawal_ground"),
    *("case_id", "corrects", "correction_ground"),
)
PUBLIC = ("disclosure_id", "kind", "city", "edition", "digest", "published_at", "corrects")
Values = list[dict[str, Any]]
_ON_ITS_WAY = (DisclosureStatus.DRAFT, DisclosureStatus.SECRECY_REVIEWED, DisclosureStatus.APPROVED)


@prepared
def heads(by: Caller, today: date, *, state: DisclosureStatus | None = None, **equal: Any) -> Select[Any]:
    """The disclosures of a caller's jurisdiction with their state of a day; those of the province only for the province."""
    return _heads(by, today, HEAD).where(*equals(Disclosure, **equal), true() if state is None else state_on(today) == state)


@prepared
def detail(by: Caller, today: date, disclosure_id: UUID) -> Select[Any]:
    """One of them with its items."""
    return _heads(by, today, (*HEAD, "items")).where(column(Disclosure.disclosure_id) == disclosure_id)


def _heads(by: Caller, today: date, names: Sequence[str]) -> Select[Any]:
    columns = [column(getattr(Disclosure, name)) for name in names if name != "state"]
    return select(*columns, state_on(today).label("state")).where(by.within(column(Disclosure.city)))


def state_on(today: date) -> ColumnElement[DisclosureStatus]:
    """The state on a day, as `rules.disclosures.standing` says it."""
    stored = column(Disclosure.state)
    over = and_(stored == DisclosureStatus.PUBLISHED, column(Disclosure.expires_on) <= today)
    return case((over, literal(DisclosureStatus.EXPIRED, stored.type)), else_=stored)


@prepared
def public(today: date) -> Select[Any]:
    """What everybody may read on a day."""
    return _public(today, PUBLIC)


@prepared
def public_detail(today: date, disclosure_id: UUID) -> Select[Any]:
    """One of them with its items."""
    return _public(today, (*PUBLIC, "items")).where(column(Disclosure.disclosure_id) == disclosure_id)


def _public(today: date, names: Sequence[str]) -> Select[Any]:
    published = state_on(today) == DisclosureStatus.PUBLISHED
    return select(*[column(getattr(Disclosure, name)) for name in names]).where(published)


async def public_items(session: ReadSession, disclosure_id: UUID) -> tuple[list[dict[str, Any]], str]:
    """The items of a public disclosure and their digest.

    Raises:
        DisclosureNotFound: it is not public.
    """
    query = _public(legal_day(session.now), ("items", "digest")).where(column(Disclosure.disclosure_id) == disclosure_id)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise DisclosureNotFound
    return found.items, found.digest


async def locked(session: AsyncSession, disclosure_id: UUID, by: Caller) -> Disclosure:
    """One disclosure, locked.

    Raises:
        DisclosureNotFound: there is none within the jurisdiction.
    """
    query = select(Disclosure).where(column(Disclosure.disclosure_id) == disclosure_id, by.within(column(Disclosure.city)))
    found = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if found is None:
        raise DisclosureNotFound
    return found


async def correction_of(session: AsyncSession, disclosure_id: UUID) -> UUID | None:
    """The correction of this disclosure that is on its way to the public."""
    mine = (column(Disclosure.corrects) == disclosure_id, column(Disclosure.state).in_(_ON_ITS_WAY))
    found: UUID | None = (await session.execute(select(column(Disclosure.disclosure_id)).where(*mine))).scalar()
    return found


async def of_case(session: AsyncSession, case_id: UUID) -> list[Disclosure]:
    """The disclosures of a decision that are public or on their way, locked; a correction before what it corrects."""
    live = column(Disclosure.state).in_([*_ON_ITS_WAY, DisclosureStatus.PUBLISHED])
    query = select(Disclosure).where(column(Disclosure.case_id) == case_id, live).with_for_update()
    return list((await session.execute(query.order_by(column(Disclosure.disclosure_id).desc()))).scalars())


async def values_of(session: Session, scope: Scope, found: Campaign, of: Disclosure) -> Values:
    """What is known for the items of a disclosure; the rules take from it what may be public."""
    values = await _SOURCES[DisclosureKind(of.kind)](session, scope, found, of)
    return [{"campaign_code": found.document_no, **each} for each in values]


async def _plan(_: Session, __: Scope, found: Campaign, ___: Disclosure) -> Values:
    names = ("window_from", "window_to")
    days = {name: str(getattr(found, name)) for name in names}
    plan = {name: value for name, value in (found.plan or {}).items() if value not in ("", [], None)}
    return [{"title_zh": found.title, "issuer": agency(found.issuer), "item": found.title, **days, **plan}]


async def _draw(session: Session, scope: Scope, _: Campaign, __: Disclosure) -> Values:
    drawn, listed = Draw, Assignment
    told = [drawn.draw_id, drawn.executed_on, drawn.frame_size, drawn.selected, drawn.commitment_digest]
    columns = [*told, drawn.transcript_digest, listed.object_name, listed.uscc, listed.city]
    query = (
        select(*[column(each) for each in columns])
        .join(listed, column(listed.draw_id) == column(drawn.draw_id))
        .where(column(drawn.kind) == DrawKind.OBJECT, column(drawn.executed_on).is_not(None), scope.holds(listed))
        .order_by(column(listed.city), column(listed.uscc))
    )
    names = ("draw_id", "drawn_on", "frame_size", "sample_size", "commitment_digest", "transcript_digest")
    rows = (await session.execute(query)).all()
    found = [dict(zip((*names, "object_name", "uscc", "city"), row, strict=True)) for row in rows]
    return [{**each, "draw_id": str(each["draw_id"]), "drawn_on": str(each["drawn_on"])} for each in found]


async def _result(session: Session, scope: Scope, _: Campaign, __: Disclosure) -> Values:
    table = Assignment
    columns = [table.object_name, table.uscc, table.result, table.city, table.inspected_on]
    query = select(*[column(each) for each in columns])
    query = query.where(scope.holds(table), column(table.result).is_not(None)).order_by(column(table.city), column(table.uscc))
    return [
        {
            "object_name": name,
            "uscc": uscc,
            "result_code": result.value,
            "result_zh": word("inspection_result", result),
            "agency": agency(city),
            "inspected_on": str(day),
        }
        for name, uscc, result, city, day in (await session.execute(query)).all()
    ]


async def _penalty(session: Session, scope: Scope, _: Campaign, of: Disclosure) -> Values:
    query = (
        select(Case)
        .join(Finding, column(Finding.finding_id) == column(Case.finding_id))
        .where(scope.holds(Finding), column(Case.case_id) == of.case_id, column(Case.outcome) == CaseStatus.PENALTY_DECIDED)
        .where(column(Case.published_on).is_not(None), column(Case.withdrawn_on).is_(None))
    )
    decided = [one for one in (await session.execute(query)).scalars() if is_published_penalty(one.penalties or [])]
    values = [_decision(one) for one in decided]
    return [each for each in values if each["expires_on"] > legal_day(session.now)]


def _decision(one: Case) -> dict[str, Any]:
    assert one.published_on is not None
    return {
        "decision_number": one.decision_no,
        "party_name": one.party_name,
        "uscc": one.uscc,
        "violation_type": word("violation_type", one.violation_type),
        "content": annexes.penalties(CaseFile(one.case_id, one.finding_id, penalties=one.penalties)),
        "agency": one.office,
        "decided_on": str(one.decided_on),
        "expires_on": expiry(one.penalties or [], one.published_on),
    }


async def _statistics(session: Session, scope: Scope, _: Campaign, of: Disclosure) -> Values:
    table = Summary
    accepted = column(table.state).in_([SummaryState.ACCEPTED, SummaryState.MERGED])
    of_round = and_(column(table.campaign_id) == scope.campaign_id, column(table.round) == of.round)
    query = select(table).where(accepted, of_round).order_by(column(table.city).nulls_last())
    counted = {name: name for name in ("objects_due", "objects_inspected", "cases_filed")} | {"findings_count": "findings"}
    found = [
        (one, {figure["key"]: figure["value"] for figure in one.figures}) for one in (await session.execute(query)).scalars()
    ]
    return [
        {"round": one.round, "city": one.city or scope.by.org, **{name: values[key] for name, key in counted.items()}}
        for one, values in found
    ]


_SOURCES: dict[DisclosureKind, Callable[[Session, Scope, Campaign, Disclosure], Awaitable[Values]]] = {
    DisclosureKind.PLAN: _plan,
    DisclosureKind.DRAW: _draw,
    DisclosureKind.RESULT: _result,
    DisclosureKind.PENALTY: _penalty,
    DisclosureKind.STATISTICS: _statistics,
}
