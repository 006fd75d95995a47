"""Disclosures, and the values that their items are made of."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, true
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.errors import DisclosureNotFound
from services.reporting.models import Assignment, Campaign, Case, Disclosure, Draw, Finding, Summary
from services.reporting.queries.scope import Scope
from services.reporting.rules import annexes
from services.reporting.rules.disclosures import expiry, is_published_penalty
from services.reporting.rules.enums import DisclosureKind, SummaryState
from services.reporting.rules.files import CaseFile
from services.reporting.rules.reference_data import agency, name_zh
from shared.core.clock import legal_day
from shared.database.prepared import equals, prepared
from shared.database.session import ReadSession, Session, enum_text
from shared.security.auth import Caller
from shared.vocabulary import CaseStatus, DisclosureStatus, DrawKind

HEAD = tuple(name for name in Disclosure.model_fields if name != "items")
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
    return _heads(by, today, (*HEAD, "items")).where(col(Disclosure.disclosure_id) == disclosure_id)


def _heads(by: Caller, today: date, names: Sequence[str]) -> Select[Any]:
    columns = [col(getattr(Disclosure, name)) for name in names if name != "state"]
    return select_columns(*columns, state_on(today).label("state")).where(by.within(col(Disclosure.city)))


def state_on(today: date) -> ColumnElement[DisclosureStatus]:
    """The state on a day, by the same rule as `rules.states.state_on`."""
    stored = col(Disclosure.state)
    expired = and_(stored == DisclosureStatus.PUBLISHED, col(Disclosure.expires_on) <= today)
    return case((expired, literal(DisclosureStatus.EXPIRED, enum_text(DisclosureStatus))), else_=stored)


@prepared
def public(today: date) -> Select[Any]:
    """What everybody may read on a day."""
    return _public(today, PUBLIC)


@prepared
def public_detail(today: date, disclosure_id: UUID) -> Select[Any]:
    """One of them with its items."""
    return _public(today, (*PUBLIC, "items")).where(col(Disclosure.disclosure_id) == disclosure_id)


def _public(today: date, names: Sequence[str]) -> Select[Any]:
    published = state_on(today) == DisclosureStatus.PUBLISHED
    return select_columns(*[col(getattr(Disclosure, name)) for name in names]).where(published)


async def public_items(session: ReadSession, disclosure_id: UUID) -> tuple[list[dict[str, Any]], str]:
    """The items of a public disclosure and their digest.

    Raises:
        DisclosureNotFound: it is not public.
    """
    query = _public(legal_day(session.now), ("items", "digest")).where(col(Disclosure.disclosure_id) == disclosure_id)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise DisclosureNotFound
    return row.items, row.digest


async def locked(session: AsyncSession, disclosure_id: UUID, by: Caller) -> Disclosure:
    """One disclosure, locked.

    Raises:
        DisclosureNotFound: there is none within the jurisdiction.
    """
    query = select(Disclosure).where(col(Disclosure.disclosure_id) == disclosure_id, by.within(col(Disclosure.city)))
    stored = (await session.exec(query.with_for_update())).one_or_none()
    if stored is None:
        raise DisclosureNotFound
    return stored


async def correction_of(session: AsyncSession, disclosure_id: UUID) -> UUID | None:
    """The correction of this disclosure that is on its way to the public."""
    under_way = (col(Disclosure.corrects) == disclosure_id, col(Disclosure.state).in_(_ON_ITS_WAY))
    return (await session.exec(select(Disclosure.disclosure_id).where(*under_way))).first()


async def of_case(session: AsyncSession, case_id: UUID) -> list[Disclosure]:
    """The disclosures of a decision that are public or on their way, locked; a correction before what it corrects."""
    live = col(Disclosure.state).in_([*_ON_ITS_WAY, DisclosureStatus.PUBLISHED])
    query = select(Disclosure).where(col(Disclosure.case_id) == case_id, live).with_for_update()
    return list(await session.exec(query.order_by(col(Disclosure.disclosure_id).desc())))


async def values_of(session: Session, scope: Scope, campaign: Campaign, disclosure: Disclosure) -> Values:
    """What the replica holds for the items of a disclosure; the rules take from it what may be public."""
    values = await _SOURCES[DisclosureKind(disclosure.kind)](session, scope, campaign, disclosure)
    return [{"campaign_code": campaign.document_no, **item} for item in values]


async def _plan(_: Session, __: Scope, campaign: Campaign, ___: Disclosure) -> Values:
    days = {name: str(getattr(campaign, name)) for name in ("window_from", "window_to")}
    plan = {name: value for name, value in (campaign.plan or {}).items() if value not in ("", [], None)}
    return [{"title_zh": campaign.title, "issuer": agency(campaign.issuer), "item": campaign.title, **days, **plan}]


async def _draw(session: Session, scope: Scope, _: Campaign, __: Disclosure) -> Values:
    fields = {
        "draw_id": Draw.draw_id,
        "drawn_on": Draw.executed_on,
        "frame_size": Draw.frame_size,
        "sample_size": Draw.selected,
        "commitment_digest": Draw.commitment_digest,
        "transcript_digest": Draw.transcript_digest,
        "object_name": Assignment.object_name,
        "uscc": Assignment.uscc,
        "city": Assignment.city,
    }
    query = (
        select_columns(*[col(attribute) for attribute in fields.values()])
        .join(Assignment, col(Assignment.draw_id) == col(Draw.draw_id))
        .where(col(Draw.kind) == DrawKind.OBJECT, col(Draw.executed_on).is_not(None), scope.holds(Assignment))
        .order_by(col(Assignment.city), col(Assignment.uscc))
    )
    objects = [dict(zip(fields, row, strict=True)) for row in (await session.execute(query)).all()]
    return [{**drawn, "draw_id": str(drawn["draw_id"]), "drawn_on": str(drawn["drawn_on"])} for drawn in objects]


async def _result(session: Session, scope: Scope, _: Campaign, __: Disclosure) -> Values:
    table = Assignment
    names = ("object_name", "uscc", "result", "city", "inspected_on")
    query = select_columns(*[col(getattr(table, name)) for name in names])
    query = query.where(scope.holds(table), col(table.result).is_not(None)).order_by(col(table.city), col(table.uscc))
    return [
        {
            "object_name": name,
            "uscc": uscc,
            "result_code": result.value,
            "result_zh": name_zh("inspection_result", result),
            "agency": agency(city),
            "inspected_on": str(day),
        }
        for name, uscc, result, city, day in (await session.execute(query)).all()
    ]


async def _penalty(session: Session, scope: Scope, _: Campaign, disclosure: Disclosure) -> Values:
    query = (
        select(Case)
        .join(Finding, col(Finding.finding_id) == col(Case.finding_id))
        .where(scope.holds(Finding), col(Case.case_id) == disclosure.case_id, col(Case.outcome) == CaseStatus.PENALTY_DECIDED)
        .where(col(Case.published_on).is_not(None), col(Case.withdrawn_on).is_(None))
    )
    decisions = [_decision(case_) for case_ in await session.exec(query) if is_published_penalty(case_.penalties or [])]
    return [decision for decision in decisions if decision["expires_on"] > legal_day(session.now)]


def _decision(case_: Case) -> dict[str, Any]:
    assert case_.published_on is not None
    return {
        "decision_number": case_.decision_no,
        "party_name": case_.party_name,
        "uscc": case_.uscc,
        "violation_type": name_zh("violation_type", case_.violation_type),
        "content": annexes.penalties(CaseFile(case_.case_id, case_.finding_id, penalties=case_.penalties)),
        "agency": case_.office,
        "decided_on": str(case_.decided_on),
        "expires_on": expiry(case_.penalties or [], case_.published_on),
    }


async def _statistics(session: Session, scope: Scope, _: Campaign, disclosure: Disclosure) -> Values:
    table = Summary
    accepted = col(table.state).in_([SummaryState.ACCEPTED, SummaryState.MERGED])
    of_round = and_(col(table.campaign_id) == scope.campaign_id, col(table.round) == disclosure.round)
    query = select(table).where(accepted, of_round).order_by(col(table.city).nulls_last())
    counted = {name: name for name in ("objects_due", "objects_inspected", "cases_filed")} | {"findings_count": "findings"}
    summaries = [
        (summary, {figure["key"]: figure["value"] for figure in summary.figures}) for summary in await session.exec(query)
    ]
    return [
        {"round": summary.round, "city": summary.city or scope.by.org, **{name: values[key] for name, key in counted.items()}}
        for summary, values in summaries
    ]


_SOURCES: dict[DisclosureKind, Callable[[Session, Scope, Campaign, Disclosure], Awaitable[Values]]] = {
    DisclosureKind.PLAN: _plan,
    DisclosureKind.DRAW: _draw,
    DisclosureKind.RESULT: _result,
    DisclosureKind.PENALTY: _penalty,
    DisclosureKind.STATISTICS: _statistics,
}
