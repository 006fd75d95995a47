"""Whether certified products may be released, sold, imported or used on a day (O117 29): FP5 asks about that day, not today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.rules.history import StatusChange, snapshot_on
from services.registry.rules.status_machine import supply_allowed
from shared.vocabulary import CertificateStatus

BASIS = ("O117 29", "R390 66")
_REASONS = {
    None: ("当日证书尚未颁发", "The certificate had not been issued"),
    CertificateStatus.VALID: ("当日证书有效", "The certificate was valid"),
    CertificateStatus.SUSPENDED: ("当日证书处于暂停状态", "The certificate was suspended"),
    CertificateStatus.REVOKED: ("当日证书已被撤销", "The certificate had been revoked"),
    CertificateStatus.CANCELLED: ("当日证书已被注销", "The certificate had been cancelled"),
    CertificateStatus.EXPIRED: ("当日证书已过有效期", "The certificate had expired"),
}
_NOT_COVERED = ("该型号不在证书范围内", "The model is not on the certificate")


@dataclass(frozen=True, slots=True)
class SupplyResult:
    """Whether supply is allowed, with the status on that day and the reason."""

    may_supply: bool
    status: CertificateStatus | None
    reason_zh: str
    reason_en: str


def may_supply(history: Sequence[StatusChange], models: Sequence[str], day: date, model: str | None) -> SupplyResult:
    """Whether products, of one `model` or of the certificate as a whole, could be supplied on `day`.

    `models` are those that the certificate covered on that day; an empty list covers every model.
    """
    snapshot = snapshot_on(history, day, model)
    status = snapshot.status if snapshot else None
    if model is not None and models and model not in models:
        return SupplyResult(False, status, *_NOT_COVERED)
    return SupplyResult(status in supply_allowed(), status, *_REASONS[status])
