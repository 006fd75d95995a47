"""How a certificate stands on the day of the export (证书状态)."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.province.picker import Picker
from shared.vocabulary import CertificateStatus

_SHARES = {
    CertificateStatus.VALID: 930,
    CertificateStatus.SUSPENDED: 30,
    CertificateStatus.REVOKED: 15,
    CertificateStatus.CANCELLED: 18,
    CertificateStatus.EXPIRED: 7,
}
_REASONS = {
    CertificateStatus.SUSPENDED: ("follow_up_nonconformity", "law_breach_or_failed_sampling", "change_not_reported"),
    CertificateStatus.REVOKED: ("not_rectified", "sample_differs", "fraud"),
    CertificateStatus.CANCELLED: ("production_ended", "request"),
}
_RECENT = {CertificateStatus.SUSPENDED: 60, CertificateStatus.REVOKED: 500, CertificateStatus.CANCELLED: 500}
_SUSPENDED_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Fate:
    """A status with the day and ground that the body published."""

    status: CertificateStatus
    since: date | None = None
    reason: str = ""
    until: date | None = None
    expires_on: date | None = None


VALID = Fate(CertificateStatus.VALID)


def fate_of(picker: Picker, number: int, issued: date, expires: date, as_of: date) -> Fate:
    """Decide the status of a certificate on `as_of`; never dated before its issue."""
    status = picker.weighted(_SHARES, "status", number)
    if status is CertificateStatus.VALID or as_of - issued < timedelta(days=30):
        return VALID
    if status is CertificateStatus.EXPIRED:
        return _expired(picker, number, issued, as_of)
    earliest = max(issued + timedelta(days=1), as_of - timedelta(days=_RECENT[status]))
    since = picker.day(earliest, as_of - timedelta(days=1), "since", number)
    until = min(since + _SUSPENDED_FOR, expires) if status is CertificateStatus.SUSPENDED else None
    return Fate(status, since, picker.one(_REASONS[status], "reason", number), until)


def _expired(picker: Picker, number: int, issued: date, as_of: date) -> Fate:
    expiry = picker.day(max(issued, as_of - timedelta(days=120)), as_of - timedelta(days=10), "expiry", number)
    return Fate(CertificateStatus.EXPIRED, expiry + timedelta(days=1), expires_on=expiry)
