"""Disclosures: drafted from the replica, reviewed and approved each by another person, published, corrected, withdrawn."""

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
from services.reporting.rules.states import DisclosureEvent, disclosure_after, state_on
from services.reporting.schemas import DisclosureIn
from services.reporting.service import events
from shared.core.canonical import SHA_256, fingerprint
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import SYSTEM, Caller
from shared.security.segregation import require_different
from shared.vocabulary import DisclosureStatus, OrgLevel

_DECISION_WITHDRAWN = "办案机构已撤回该处罚决定的公示"
_SUBJECT = ("campaign_id", "kind", "round", "city", "case_id")


async def draft(session: Session, body: DisclosureIn, *, by: Caller) -> Disclosure:
    """Draft a disclosure from what the replica holds, with the fields of its kind alone.

    Raises:
        KindOfProvince: only the province discloses this kind.
        RoundRequired: statistics without a round.
        CaseRequired: a penalty without its case.
        NotFound: the city is not the caller's own.
        CampaignNotFound: the campaign is not published.
        NothingToDisclose: there is nothing of this kind yet.
        ForbiddenContent: the content holds what may not be made public.
    """
    if rules.is_of_province(body.kind) and by.org_level is not OrgLevel.PROVINCIAL:
        raise KindOfProvince
    if body.kind is DisclosureKind.STATISTICS and body.round is None:
        raise RoundRequired(pointer="/round")
    if body.kind is DisclosureKind.PENALTY and body.case_id is None:
        raise CaseRequired(pointer="/case_id")
    subject = {**body.model_dump(mode="python"), "kind": body.kind.value, "city": _own_city(by, body.city)}
    return await _draft(session, subject, by)


def _own_city(by: Caller, city: str | None) -> str | None:
    """A city discloses its own; the province what it chooses."""
    if by.org_level is OrgLevel.PROVINCIAL:
        return city
    if by.org_level is not OrgLevel.PREFECTURE or city not in (None, by.org):
        raise NotFound
    return by.org


async def _draft(session: Session, subject: dict[str, Any], by: Caller) -> Disclosure:
    disclosure = Disclosure(
        disclosure_id=new_id(),
        **subject,
        state=DisclosureStatus.DRAFT,
        items=[],
        digest="",
        drafted_by=by.subject,
        drafted_at=session.now,
    )
    values = await _values(session, disclosure, by)
    if not values:
        raise NothingToDisclose
    kind = DisclosureKind(disclosure.kind)
    disclosure.items = [rules.item_of(kind, item) for item in values]
    disclosure.digest = fingerprint(SHA_256, disclosure.items)
    disclosure.expires_on = values[0].get("expires_on")
    rules.require_publishable(kind, disclosure.items)
    session.add(disclosure)
    details = {"kind": disclosure.kind, "items": len(disclosure.items)}
    audit.record(session, by, "disclosure.drafted", disclosure.disclosure_id, **details)
    return disclosure


async def _values(session: Session, disclosure: Disclosure, by: Caller) -> queries.Values:
    of_campaign = await campaign(session, disclosure.campaign_id)
    scope = scope_of(disclosure.campaign_id, by, disclosure.city)
    return await queries.values_of(session, scope, of_campaign, disclosure)


async def _step(session: Session, disclosure_id: UUID, event: DisclosureEvent, by: Caller) -> Disclosure:
    disclosure = await queries.locked(session, disclosure_id, by)
    disclosure.state = _state_after(session, disclosure, event)
    audit.record(session, by, f"disclosure.{event}", disclosure_id, digest=disclosure.digest)
    return disclosure


def _state_after(session: Session, disclosure: Disclosure, event: DisclosureEvent) -> DisclosureStatus:
    return disclosure_after(state_on(legal_day(session.now), disclosure.state, disclosure.expires_on), event)


async def review_secrecy(session: Session, disclosure_id: UUID, *, by: Caller) -> Disclosure:
    """State that nothing in it is secret (保密审查).

    Raises:
        DisclosureNotFound: there is no such disclosure within the jurisdiction.
        DisclosureTransition: it is not a draft.
        SamePerson: the caller drafted it.
    """
    disclosure = await _step(session, disclosure_id, DisclosureEvent.REVIEW_SECRECY, by)
    require_different(by.subject, disclosure.drafted_by, error=SamePerson)
    disclosure.reviewed_by = by.subject
    return disclosure


async def approve(session: Session, disclosure_id: UUID, *, by: Caller) -> Disclosure:
    """Approve the publication (批准公示).

    Raises:
        DisclosureNotFound: there is no such disclosure within the jurisdiction.
        DisclosureTransition: its secrecy was not reviewed.
        SamePerson: the caller drafted or reviewed it.
    """
    disclosure = await _step(session, disclosure_id, DisclosureEvent.APPROVE, by)
    require_different(by.subject, disclosure.drafted_by, disclosure.reviewed_by, error=SamePerson)
    disclosure.approved_by = by.subject
    return disclosure


async def publish(session: Session, disclosure_id: UUID, *, by: Caller) -> Disclosure:
    """Make it public (公示); the edition that it corrects stops being public.

    Raises:
        DisclosureNotFound: there is no such disclosure within the jurisdiction.
        DisclosureTransition: it is not approved, or the edition that it corrects is no longer public.
        UnderEmbargo: the campaign's embargo has not ended.
        ForbiddenContent: the content holds what may not be made public.
        NoLongerHolds: an item changed or was withdrawn since it was drafted.
    """
    disclosure = await _step(session, disclosure_id, DisclosureEvent.PUBLISH, by)
    kind = DisclosureKind(disclosure.kind)
    of_campaign = await campaign(session, disclosure.campaign_id)
    rules.require_not_before(kind, legal_day(session.now), of_campaign.embargo_until)
    rules.require_publishable(kind, disclosure.items)
    values = await _values(session, disclosure, by)
    rules.require_still_true(disclosure.items, [rules.item_of(kind, item) for item in values])
    if disclosure.corrects is not None:
        await _step(session, disclosure.corrects, DisclosureEvent.CORRECT, by)
    disclosure.published_at = session.now
    _add_version(session, disclosure)
    events.disclosure_published(session, disclosure)
    return disclosure


def _add_version(session: Session, disclosure: Disclosure) -> None:
    columns = {"disclosure_id", "edition", "items", "digest", "published_at"}
    session.add(DisclosureVersion(**disclosure.model_dump(include=columns), ground=disclosure.correction_ground))


async def correct(session: Session, disclosure_id: UUID, ground: str, *, by: Caller) -> Disclosure:
    """Draft the next edition from what the replica holds now; until it is published, the earlier one remains public.

    Raises:
        DisclosureNotFound: there is no such disclosure within the jurisdiction.
        DisclosureTransition: it is not public.
        CorrectionUnderWay: a correction of it is being prepared already.
        NothingToDisclose: there is nothing of this kind any more.
        ForbiddenContent: the content holds what may not be made public.
    """
    earlier = await queries.locked(session, disclosure_id, by)
    _state_after(session, earlier, DisclosureEvent.CORRECT)
    if under_way := await queries.correction_of(session, disclosure_id):
        raise CorrectionUnderWay(correction=str(under_way))
    subject = {name: getattr(earlier, name) for name in _SUBJECT}
    edition = {"edition": earlier.edition + 1, "corrects": disclosure_id, "correction_ground": ground}
    return await _draft(session, subject | edition, by)


async def withdraw(session: Session, disclosure_id: UUID, ground: str, *, by: Caller) -> Disclosure:
    """Cancel a draft or withdraw a publication (撤回公示); what had been public stays on record.

    Raises:
        DisclosureNotFound: there is no such disclosure within the jurisdiction.
        DisclosureTransition: it was corrected, withdrawn or has expired.
    """
    disclosure = await _step(session, disclosure_id, DisclosureEvent.WITHDRAW, by)
    _withdraw(session, disclosure, ground)
    return disclosure


async def withdraw_decision(session: Session, case_id: UUID) -> None:
    """Withdraw at once what is public of a decision or on its way: the case office withdrew the decision itself (K22)."""
    for disclosure in await queries.of_case(session, case_id):
        disclosure.state = disclosure_after(disclosure.state, DisclosureEvent.WITHDRAW)
        details = {"digest": disclosure.digest, "case": case_id}
        audit.record(session, SYSTEM, "disclosure.withdraw", disclosure.disclosure_id, **details)
        _withdraw(session, disclosure, _DECISION_WITHDRAWN)


def _withdraw(session: Session, disclosure: Disclosure, ground: str) -> None:
    disclosure.withdrawn_on, disclosure.withdrawal_ground = legal_day(session.now), ground
    if disclosure.published_at is not None:
        events.disclosure_withdrawn(session, disclosure)
