"""Confirmed findings and other facts as inspection and registry publish them."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.core.ids import new_id
from shared.events.inspection import FindingConfirmed, RectificationFailed
from shared.events.registry import CertificateStatusChanged
from shared.events.value_objects import InspectedObject, ProductOfCertificate
from shared.vocabulary import CertificateStatus, FindingSeverity, Measure, RespondentType, StatusEvent

CAMPAIGN = UUID(int=215)
CERTIFICATE = "2022011606454871"
FUZHOU = InspectedObject(uscc="91350100MA00000155", name="福州甲厂", city="3501", county="350102")


def a_finding(**other: Any) -> FindingConfirmed:
    fields: dict[str, Any] = {
        "finding_id": new_id(),
        "inspection_id": new_id(),
        "assignment_id": new_id(),
        "campaign_id": CAMPAIGN,
        "object": FUZHOU,
        "certificate": ProductOfCertificate(
            certificate_no=CERTIFICATE,
            status=CertificateStatus.VALID,
            product_category_code="1606",
            product_name="移动终端",
            body_code="01",
            body_name="中国质量认证中心",
        ),
        "checklist_code": "C01",
        "focus_point": None,
        "respondent_type": RespondentType.OBJECT,
        "respondent_id": FUZHOU.uscc,
        "respondent_name": FUZHOU.name,
        "violation_type": "SUPPLY_WHILE_INVALID",
        "severity": FindingSeverity.SERIOUS,
        "fact": "证书暂停期间出厂销售",
        "act_on": date(2024, 8, 20),
        "legal_basis": "《强制性产品认证管理规定》第51条",
        "goods_value_fen": 8_000_000,
        "sales_amount_fen": None,
        "measures": (Measure.CASE_CLUE,),
        "suspected_crime": False,
        "confirmed_on": date(2024, 9, 9),
    }
    return FindingConfirmed(**(fields | other))


def a_forged_mark(**other: Any) -> FindingConfirmed:
    amounts = {"goods_value_fen": 30_000_000, "sales_amount_fen": 6_000_000}
    return a_finding(violation_type="FORGED_OR_FALSE_USE", **(amounts | other))


def against_the_body(**other: Any) -> FindingConfirmed:
    whose = {"respondent_type": RespondentType.CERT_BODY, "respondent_id": "01", "respondent_name": "中国质量认证中心"}
    return a_finding(**whose, violation_type="CB_NO_FOLLOWUP", measures=(Measure.LETTER_TO_BODY,), **other)


def a_failed_rectification(finding: FindingConfirmed) -> RectificationFailed:
    return RectificationFailed(
        rectification_id=new_id(),
        finding_id=finding.finding_id,
        inspection_id=finding.inspection_id,
        campaign_id=finding.campaign_id,
        failed_on=date(2024, 10, 8),
        reason="逾期未改正",
    )


def a_status_event(change: StatusEvent, status: CertificateStatus) -> CertificateStatusChanged:
    return CertificateStatusChanged(
        certificate_no=CERTIFICATE,
        change=change,
        status=status,
        effective_on=date(2024, 9, 20),
        reason_code=None,
        suspend_until=None,
        affected_models=(),
        body_code="01",
        enterprise_uscc=FUZHOU.uscc,
    )
