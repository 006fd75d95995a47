"""Rows of the import files: field to text, in the words of the official export."""

from datetime import date

from deploy.demo.province.reference import labels
from deploy.demo.province.shapes import Certificate, Organization, SamplingFailure

Row = dict[str, str]
_ROLES = ("applicant", "manufacturer", "factory")
_MODE = "型式试验+初始工厂检查+获证后监督"


def certificate_row(certificate: Certificate, reported_on: date) -> Row:
    """One line of the certificate export (证书信息)."""
    row = {
        "certificate_no": certificate.number,
        "certificate_edition": certificate.edition,
        "route": "强制性产品认证",
        "status": labels("certificate_status")[certificate.status],
        "status_since": _day(certificate.status_since),
        "status_reason_code": certificate.reason,
        "suspend_until": _day(certificate.suspend_until),
        "first_issued_on": _day(certificate.first_issued_on),
        "issued_on": _day(certificate.issued_on),
        "expires_on": _day(certificate.expires_on),
        "reported_on": _day(reported_on),
        "body_name": certificate.body.name,
        "body_cnca_no": certificate.body.cnca_no,
        **_product(certificate),
    }
    for role in _ROLES:
        row |= _party(role, getattr(certificate, role))
    return row


def failure_row(failure: SamplingFailure) -> Row:
    """One line of the list of failed samplings (监督抽查不合格名单)."""
    organization = failure.organization
    return {
        "sampling_no": failure.sampling_no,
        "year": str(failure.reported_on.year),
        "level": "省级监督抽查",
        "enterprise_name": organization.name,
        "uscc": organization.uscc,
        "enterprise_role": labels("object_kind")[organization.kind],
        "region_code": organization.division,
        "address": organization.address,
        "producer_name": organization.name if organization.kind == "certified_org" else "",
        "product_name": failure.product.name,
        "product_category_code": failure.product.code,
        "model": failure.model,
        "batch": failure.batch,
        "failed_items": "、".join(failure.failed_items),
        "reported_on": _day(failure.reported_on),
    }


def _product(certificate: Certificate) -> Row:
    product = certificate.product
    return {
        "product_category_code": product.code,
        "product_category_name": product.name,
        "product_name_main": product.name,
        "product_name": product.name,
        "models": "、".join(certificate.models),
        "standards": "、".join(product.standards),
        "rule_no": product.rule,
        "cert_mode": _MODE,
    }


def _party(role: str, organization: Organization) -> Row:
    return {
        f"{role}_name": organization.name,
        f"{role}_uscc": organization.uscc,
        f"{role}_country": "中国",
        f"{role}_region_code": organization.division,
        f"{role}_address": organization.address,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
