"""Disclosures: drafted from what is known, reviewed for secrecy, approved by another person, published, corrected, withdrawn."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from services.reporting.errors import KindOfProvince, NothingToDisclose, RoundRequired
from services.reporting.models import Disclosure, DisclosureVersion
from services.reporting.queries import campaign, scope_of
from services.reporting.queries import disclosures as queries
from services.reporting.rules import disclosures as rules
from services.reporting.rules.words import DisclosureKind, Round
from services.reporting.schemas import DisclosureIn
from shared import audit
from shared.auth import Caller
from shared.canonical import SHA_256, fingerprint
from shared.clock import legal_day
from shared.db import Session
from shared.errors import NotFound
from shared.events.reporting import DisclosurePublished, DisclosureWithdrawn
from shared.ids import new_id
from shared.messaging import emit
from shared.terms import DisclosureStatus, OrgLevel


async def draft(session: Session, by: Caller, body: DisclosureIn) -> Disclosure:
    """Draft a disclosure from what is known, with the fields of its kind alone."""
    if rules.is_of_province(body.kind) and by.org_level is not OrgLevel.PROVINCIAL:
        raise KindOfProvince
    if body.kind is DisclosureKind.STATISTICS and body.round is None:
        raise RoundRequired(pointer="/round")
    made = Disclosure(
        disclosure_id=new_id(),
        campaign_id=body.campaign_id,
        kind=body.kind.value,
        round=body.round,
        city=_city(by, body.city),
        state=DisclosureStatus.DRAFT,
        items=[],
        digest="",
        drafted_by=by.subject,
        drafted_at=session.now,
    )
    await _build(session, by, made)
    session.add(made)
    audit.record(session, by, "disclosure.drafted", made.disclosure_id, kind=made.kind, items=len(made.items))
    return made


def _city(by: Caller, asked: str | None) -> str | None:
    """A city discloses its own; the province what it chooses."""
    if by.org_level is OrgLevel.PROVINCIAL:
        return asked
    if by.org_level is not OrgLevel.PREFECTURE or asked not in (None, by.org):
        raise NotFound
    return by.org


async def _build(session: Session, by: Caller, made: Disclosure) -> None:
    kind, which = DisclosureKind(made.kind), Round(made.round) if made.round else None
    found = await campaign(session, made.campaign_id)
    values = await queries.values_of(session, kind, scope_of(made.campaign_id, by, made.city), found, which)
    if not values:
        raise NothingToDisclose
    made.items = [rules.item_of(kind, each) for each in values]
    made.digest = fingerprint(SHA_256, made.items)
    made.expires_on = _expiry(legal_day(session.now), values) if kind is DisclosureKind.PENALTY else None
    rules.require_publishable(kind, made.items)


def _expiry(today: date, values: list[dict[str, Any]]) -> date:
    months = today.year * 12 + today.month - 1 + max(rules.expires_after_months(each["penalties"]) for each in values)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


async def _step(session: Session, by: Caller, disclosure_id: UUID, event: str) -> Disclosure:
    found = await queries.locked(session, disclosure_id, by)
    found.state = rules.moved(found.state, event)
    audit.record(session, by, f"disclosure.{event}", disclosure_id, digest=found.digest)
    return found


async def review_secrecy(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """State that nothing in it is secret (保密审查)."""
    found = await _step(session, by, disclosure_id, "review_secrecy")
    found.reviewed_by = by.subject
    return found


async def approve(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """Approve the publication; never whoever drafted or reviewed it."""
    found = await _step(session, by, disclosure_id, "approve")
    rules.require_other_person(by.subject, found.drafted_by, found.reviewed_by)
    found.approved_by = by.subject
    return found


async def publish(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """Make it public: never under embargo, never with what may not be told."""
    found = await _step(session, by, disclosure_id, "publish")
    await _make_public(session, found, None)
    return found


async def correct(session: Session, by: Caller, disclosure_id: UUID, ground: str) -> Disclosure:
    """Put what is known now in the place of what was published; the earlier edition is kept."""
    found = await _step(session, by, disclosure_id, "correct")
    await _build(session, by, found)
    found.edition += 1
    await _make_public(session, found, ground)
    return found


async def _make_public(session: Session, found: Disclosure, ground: str | None) -> None:
    kind = DisclosureKind(found.kind)
    known = await campaign(session, found.campaign_id)
    rules.require_not_before(kind, legal_day(session.now), known.embargo_until)
    rules.require_publishable(kind, found.items)
    found.published_at = session.now
    session.add(
        DisclosureVersion(
            disclosure_id=found.disclosure_id,
            edition=found.edition,
            items=found.items,
            digest=found.digest,
            ground=ground,
            published_at=session.now,
        )
    )
    emit(
        session,
        DisclosurePublished(
            disclosure_id=found.disclosure_id,
            campaign_id=found.campaign_id,
            kind=found.kind,
            items=len(found.items),
            digest=found.digest,
            published_at=session.now,
        ),
    )


async def withdraw(session: Session, by: Caller, disclosure_id: UUID, ground: str) -> Disclosure:
    """Take a publication back; what had been public stays on record."""
    found = await _step(session, by, disclosure_id, "withdraw")
    today = legal_day(session.now)
    found.withdrawn_on, found.withdrawal_ground = today, ground
    told = {"disclosure_id": disclosure_id, "campaign_id": found.campaign_id}
    emit(session, DisclosureWithdrawn(**told, ground=ground, withdrawn_on=today))
    return found
