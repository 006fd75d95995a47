"""The status of a certificate on a day, from its history (FP5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.vocabulary import CertificateStatus


@dataclass(frozen=True)
class StatusEntry:
    """One entry of a certificate's history; no `models` means the whole certificate."""

    effective_on: date
    sequence: int
    status: CertificateStatus
    models: tuple[str, ...] = ()


def status_on(
    history: Iterable[StatusEntry], day: date, expires_on: date | None = None, model: str | None = None
) -> CertificateStatus | None:
    """The status on `day`, for `model` where one is named; None before the first entry.

    A change limited to some models does not touch another named model. A certificate that was neither revoked nor cancelled
    is expired from the day after its last.
    """
    effective = [entry for entry in history if entry.effective_on <= day and _concerns(entry, model)]
    if not effective:
        return None
    status = max(effective, key=lambda entry: (entry.effective_on, entry.sequence)).status
    ended = status in {CertificateStatus.REVOKED, CertificateStatus.CANCELLED}
    return CertificateStatus.EXPIRED if expires_on is not None and day > expires_on and not ended else status


def _concerns(entry: StatusEntry, model: str | None) -> bool:
    return not entry.models or model is None or model in entry.models
