"""The status of a certificate on a day, and what could be supplied under it."""

from dataclasses import asdict
from datetime import date

from sqlmodel import col, select

from services.registry.models import Certificate, CertificateEdition
from services.registry.queries.certificates import visible
from services.registry.queries.histories import histories
from services.registry.rules import supply
from services.registry.rules.history import affected_models, snapshot_on
from services.registry.schemas.certificates import MaySupplyOut, StatusOut
from shared.core.errors import NotFound
from shared.database.session import ReadSession
from shared.security.auth import Caller


async def status(session: ReadSession, number: str, day: date, *, by: Caller) -> StatusOut:
    """The status of a certificate on `day`.

    Raises:
        NotFound: the caller may see no such certificate.
    """
    models = await _models_on(session, number, day, by)
    history = (await histories(session, [number]))[number]
    snapshot = snapshot_on(history, day)
    fields = asdict(snapshot) if snapshot else dict.fromkeys(("status", "since", "reason_code", "suspend_until", "expires_on"))
    return StatusOut(**fields, certificate_no=number, on=day, affected_models=affected_models(history, models, day))


async def may_supply(session: ReadSession, number: str, day: date, model: str | None, *, by: Caller) -> MaySupplyOut:
    """Whether products could be supplied under a certificate on `day`.

    Raises:
        NotFound: the caller may see no such certificate.
    """
    models = await _models_on(session, number, day, by)
    history = (await histories(session, [number]))[number]
    result = supply.may_supply(history, models, day, model)
    excluded = [name for name in models if not supply.may_supply(history, models, day, name).may_supply]
    return MaySupplyOut(
        **asdict(result), certificate_no=number, on=day, model=model, basis=list(supply.BASIS), models_excluded=excluded
    )


async def _models_on(session: ReadSession, number: str, day: date, by: Caller) -> list[str]:
    """The models of the edition in force on `day`, or of the earliest on record."""
    rows = select(Certificate).where(col(Certificate.certificate_no) == number, visible(by))
    certificate = (await session.exec(rows)).first()
    if certificate is None:
        raise NotFound
    of_certificate = col(CertificateEdition.certificate_no) == number
    ordered = (
        select(CertificateEdition).where(of_certificate).order_by(col(CertificateEdition.issued_on), col(CertificateEdition.id))
    )
    editions = list(await session.exec(ordered))
    in_force = [edition for edition in editions if edition.issued_on <= day] or editions[:1]
    return list(in_force[-1].content["models"]) if in_force else certificate.models
