"""Events of other services that inspection tests begin with."""

from datetime import date
from typing import Any

from shared.core.ids import new_id
from shared.events.registry import CatalogueItemPublished, CertificateRegistered, CertificateStatusChanged
from shared.events.sampling import CampaignPublished, TeamAssigned
from shared.events.value_objects import AssignedMember, InspectedObject, Party, ProductOfCertificate
from shared.vocabulary import CertificateRoute, CertificateStatus, StatusEvent

CAMPAIGN = new_id()
USCC = "91350100MA00000155"
CERTIFICATE = "2016010101123456"
DAY = date(2024, 9, 18)  # the day before is a holiday back to the working Saturday of 2024-09-14
NOTICE_DAY = date(2024, 9, 14)
ONE, TWO = "inspector-1", "inspector-2"


def team(**other: Any) -> TeamAssigned:
    """A team of two for a cable maker in Gulou, Fuzhou; one of them comes from the county of Minhou."""
    members = (
        AssignedMember(inspector_id=ONE, name="王一", org="3501", law_enforcement_no="35010001", leader=True),
        AssignedMember(inspector_id=TWO, name="赵二", org="350121", law_enforcement_no="35010002"),
    )
    facts: dict[str, Any] = {
        "assignment_id": new_id(),
        "campaign_id": CAMPAIGN,
        "task_no": "CCC-2024-215-3501-001",
        "object": InspectedObject(uscc=USCC, name="福州合成电缆有限公司", city="3501", county="350102", address="五四路1号"),
        "certificate": ProductOfCertificate(
            certificate_no=CERTIFICATE,
            status=CertificateStatus.VALID,
            product_category_code="0101",
            product_name="聚氯乙烯绝缘电缆",
            models=("BV 2.5", "BV 4"),
            body_code="01",
            body_name="中国质量认证中心有限公司",
        ),
        "members": members,
        "draw_id": None,
    }
    return TeamAssigned(**(facts | other))


def campaign() -> CampaignPublished:
    """The campaign of the notice."""
    return CampaignPublished(
        campaign_id=CAMPAIGN,
        code="CCC-2024-215",
        document_no="闽市监认证〔2024〕215号",
        title="强制性产品认证专项监督检查",
        issuer="福建省市场监督管理局",
        window_from=date(2024, 8, 1),
        window_to=date(2024, 11, 30),
        interim_cutoff_on=date(2024, 10, 25),
        final_from=date(2024, 12, 1),
        embargo_until=date(2024, 11, 30),
        participating_cities=("3501",),
        checklist_version="2024-08-01",
    )


def certificate() -> CertificateRegistered:
    """The drawn certificate, valid since 2022."""
    party = Party(name="福州合成电缆有限公司", uscc=USCC)
    return CertificateRegistered(
        certificate_no=CERTIFICATE,
        edition="00",
        route=CertificateRoute.CERTIFICATE,
        body_code="01",
        body_name="中国质量认证中心有限公司",
        product_category_code="0101",
        priority_group=None,
        product_name="聚氯乙烯绝缘电缆",
        models=("BV 2.5", "BV 4"),
        status=CertificateStatus.VALID,
        status_since=date(2022, 1, 10),
        first_issued_on=date(2022, 1, 10),
        issued_on=date(2022, 1, 10),
        expires_on=date(2027, 1, 9),
        applicant=party,
        manufacturer=party,
        factory=party,
        enterprise_uscc=USCC,
        city="3501",
        county="350102",
    )


def suspension(on: date, models: tuple[str, ...] = ()) -> CertificateStatusChanged:
    """The body suspends the certificate."""
    return CertificateStatusChanged(
        certificate_no=CERTIFICATE,
        change=StatusEvent.SUSPEND,
        status=CertificateStatus.SUSPENDED,
        effective_on=on,
        reason_code="follow_up_nonconformity",
        suspend_until=None,
        affected_models=models,
        body_code="01",
        enterprise_uscc=USCC,
    )


def cables() -> CatalogueItemPublished:
    """Cord sets: in the catalogue from the beginning."""
    return CatalogueItemPublished(
        product_category_code="0101",
        name_zh="电线组件",
        name_en="Cord sets",
        priority_group=None,
        acceptance_from=date(2002, 5, 1),
        mandatory_from=date(2003, 8, 1),
        announcement="首批强制性产品认证目录",
    )


def helmets() -> CatalogueItemPublished:
    """E-bike helmets: accepted from 2024-07-01, mandatory from 2025-07-01."""
    return CatalogueItemPublished(
        product_category_code="1117",
        name_zh="电动自行车乘员头盔",
        name_en="E-bike helmets",
        priority_group=None,
        acceptance_from=date(2024, 7, 1),
        mandatory_from=date(2025, 7, 1),
        announcement="2024年第9号",
    )
