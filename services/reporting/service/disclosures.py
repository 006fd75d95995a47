"""Disclosures: drafted from what is known, reviewed and approved each by another person, published, corrected, withdrawn."""

from typing import Any
from uuid import UUID

from services.reporting.errors import (
    CaseRequired,
    CorrectionUnderWay,
    KindOfProvince,
    NothingToDisclose,
    RoundRequired,
    SamePerson,
)
from services.reporting.models import Disclosure, DisclosureVersion
from services.reporting.queries import campaign, scope_of
from services.reporting.queries import disclosures as queries
from services.reporting.rules import disclosures as rules
from services.reporting.rules.enums import DisclosureKind
from services.reporting.schemas import DisclosureIn
from shared.core.canonical import SHA_256, fingerprint
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.database.session import Session
from shared.events.reporting import DisclosurePublished, DisclosureWithdrawn
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import SYSTEM, Caller
from shared.security.segregation import require_different
from shared.vocabulary import DisclosureStatus, OrgLevel

_TAKEN_BACK = "办案机构已撤回该处罚决定的公示"
_SUBJECT = ("campaign_id", "kind", "round", "city", "case_id")


async def draft(session: Session, by: Caller, body: DisclosureIn) -> Disclosure:
    """Draft a disclosure from what is known, with the fields of its kind alone."""
    if rules.is_of_province(body.kind) and by.org_level is not OrgLevel.PROVINCIAL:
        raise KindOfProvince
    if body.kind is DisclosureKind.STATISTICS and body.round is None:
        raise RoundRequired(pointer="/round")
    if body.kind is DisclosureKind.PENALTY and body.case_id is None:
        raise CaseRequired(pointer="/case_id")
    return await _draft(session, by, {**body.model_dump(mode="python"), "kind": body.kind.value, "city": _city(by, body.city)})


def _city(by: Caller, asked: str | None) -> str | None:
    """A city discloses its own; the province what it chooses."""
    if by.org_level is OrgLevel.PROVINCIAL:
        return asked
    if by.org_level is not OrgLevel.PREFECTURE or asked not in (None, by.org):
        raise NotFound
    return by.org


async def _draft(session: Session, by: Caller, subject: dict[str, Any]) -> Disclosure:
    made = Disclosure(
        disclosure_id=new_id(),
        **subject,
        state=DisclosureStatus.DRAFT,
        items=[],
        digest="",
        drafted_by=by.subject,
        drafted_at=session.now,
    )
    values = await _values(session, by, made)
    if not values:
        raise NothingToDisclose
    kind = DisclosureKind(made.kind)
    made.items = [rules.item_of(kind, each) for each in values]
    made.digest = fingerprint(SHA_256, made.items)
    made.expires_on = values[0].get("expires_on")
    rules.require_publishable(kind, made.items)
    session.add(made)
    audit.record(session, by, "disclosure.drafted", made.disclosure_id, kind=made.kind, items=len(made.items))
    return made


async def _values(session: Session, by: Caller, of: Disclosure) -> queries.Values:
    known = await campaign(session, of.campaign_id)
    return await queries.values_of(session, scope_of(of.campaign_id, by, of.city), known, of)


async def _step(session: Session, by: Caller, disclosure_id: UUID, event: str) -> Disclosure:
    found = await queries.locked(session, disclosure_id, by)
    found.state = _moved(session, found, event)
    audit.record(session, by, f"disclosure.{event}", disclosure_id, digest=found.digest)
    return found


def _moved(session: Session, found: Disclosure, event: str) -> DisclosureStatus:
    return rules.moved(rules.standing(found.state, found.expires_on, legal_day(session.now)), event)


async def review_secrecy(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """State that nothing in it is secret (保密审查); never whoever drafted it."""
    found = await _step(session, by, disclosure_id, "review_secrecy")
    require_different(by.subject, found.drafted_by, error=SamePerson)
    found.reviewed_by = by.subject
    return found


async def approve(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """Approve the publication; never whoever drafted or reviewed it."""
    found = await _step(session, by, disclosure_id, "approve")
    require_different(by.subject, found.drafted_by, found.reviewed_by, error=SamePerson)
    found.approved_by = by.subject
    return found


async def publish(session: Session, by: Caller, disclosure_id: UUID) -> Disclosure:
    """Make it public: never under embargo, never what may not be told, never what no longer holds."""
    found = await _step(session, by, disclosure_id, "publish")
    kind = DisclosureKind(found.kind)
    known = await campaign(session, found.campaign_id)
    rules.require_not_before(kind, legal_day(session.now), known.embargo_until)
    rules.require_publishable(kind, found.items)
    values = await _values(session, by, found)
    rules.require_still_true(found.items, [rules.item_of(kind, each) for each in values])
    if found.corrects is not None:
        await _step(session, by, found.corrects, "correct")
    found.published_at = session.now
    _tell_published(session, found)
    return found


def _tell_published(session: Session, found: Disclosure) -> None:
    assert found.published_at is not None
    kept = DisclosureVersion(
        disclosure_id=found.disclosure_id,
        edition=found.edition,
        items=found.items,
        digest=found.digest,
        ground=found.correction_ground,
        published_at=found.published_at,
    )
    session.add(kept)
    event = DisclosurePublished(
        disclosure_id=found.disclosure_id,
        campaign_id=found.campaign_id,
        kind=found.kind,
        items=len(found.items),
        digest=found.digest,
        published_at=found.published_at,
        edition=found.edition,
        corrects=found.corrects,
    )
    emit(session, event)


async def correct(session: Session, by: Caller, disclosure_id: UUID, ground: str) -> Disclosure:
    """Draft what is known now as the next edition; until that is reviewed, approved and published, the earlier one stands."""
    earlier = await queries.locked(session, disclosure_id, by)
    _moved(session, earlier, "correct")
    if under_way := await queries.correction_of(session, disclosure_id):
        raise CorrectionUnderWay(correction=str(under_way))
    subject = {name: getattr(earlier, name) for name in _SUBJECT}
    next_edition = {"edition": earlier.edition + 1, "corrects": disclosure_id, "correction_ground": ground}
    return await _draft(session, by, subject | next_edition)


async def withdraw(session: Session, by: Caller, disclosure_id: UUID, ground: str) -> Disclosure:
    """Give a draft up or take a publication back; what had been public stays on record."""
    found = await _step(session, by, disclosure_id, "withdraw")
    _take_back(session, found, ground)
    return found


async def withdraw_decision(session: Session, case_id: UUID) -> None:
    """The case office took a decision back: what is public of it or on its way goes with it, at once (K22)."""
    for found in await queries.of_case(session, case_id):
        found.state = rules.moved(found.state, "withdraw")
        audit.record(session, SYSTEM, "disclosure.withdraw", found.disclosure_id, digest=found.digest, case=case_id)
        _take_back(session, found, _TAKEN_BACK)


def _take_back(session: Session, found: Disclosure, ground: str) -> None:
    today = legal_day(session.now)
    found.withdrawn_on, found.withdrawal_ground = today, ground
    if found.published_at is not None:
        told = {"disclosure_id": found.disclosure_id, "campaign_id": found.campaign_id}
        emit(session, DisclosureWithdrawn(**told, ground=ground, withdrawn_on=today))
