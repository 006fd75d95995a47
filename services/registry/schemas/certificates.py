"""Bodies about certificates, their history and what may be supplied under them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.vocabulary import CertificateRoute, CertificateStatus, PriorityGroup, StatusEvent

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Uscc = Annotated[str, StringConstraints(pattern="^[0-9A-Z]{18}$")]


class PartyOut(BaseModel):
    """One of the three parties (认证委托人, 生产者, 生产企业)."""

    name: str
    uscc: str | None
    country: str | None
    division: str | None
    address: str


class CertificateItem(BaseModel):
    """A certificate in a list; `status` is that of the day of the query."""

    certificate_no: str = Field(description="证书编号", examples=["2016010901123456"])
    edition: str
    route: CertificateRoute
    status: CertificateStatus | None
    first_issued_on: date
    issued_on: date
    expires_on: date
    body_code: str
    body_name: str
    product_category_code: str
    priority_group: PriorityGroup | None
    product_name: str
    models: list[str]
    enterprise_uscc: str
    city: str
    county: str
    suspect_misuse: bool


class CertificateOut(CertificateItem):
    """A certificate in full (认证证书)."""

    status_since: date
    status_reason_code: str | None
    suspend_until: date | None
    reported_on: date | None
    body_cnca_no: str | None
    product_category_name: str | None
    product_name_main: str | None
    standards: list[str]
    rule_no: str | None
    cert_mode: list[str]
    applicant: PartyOut
    manufacturer: PartyOut
    factory: PartyOut
    annual_check_url: str | None
    source: str
    source_hash: str | None
    imported_at: datetime


class CertificateFilter(BaseModel):
    """Filters of certificates; all that are given must match."""

    number: str | None = Field(default=None, max_length=32, description="beginning of the number 证书编号")
    uscc: str | None = Field(default=None, max_length=18, description="of any of the three parties")
    name: str | None = Field(default=None, min_length=1, max_length=100, description="part of the name of any party")
    body: str | None = Field(default=None, max_length=40, description="number code or CNCA number 认证机构")
    city: str | None = Field(default=None, max_length=6)
    county: str | None = Field(default=None, max_length=6)
    priority_group: PriorityGroup | None = None
    category: str | None = Field(default=None, max_length=4, description="产品类别代码")
    route: CertificateRoute | None = None
    status: CertificateStatus | None = Field(default=None, description="on the day `on` 证书状态")
    on: date | None = Field(default=None, description="day of the status, by default today")


class StatusEventIn(BaseModel):
    """A status event of a certification body (证书状态变更)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "change": "suspend",
                    "effective_on": "2024-09-10",
                    "published_on": "2024-09-10",
                    "reason_code": "follow_up_nonconformity",
                    "suspend_until": "2024-12-09",
                }
            ]
        },
    )

    change: StatusEvent
    effective_on: date = Field(description="生效日期")
    published_on: date | None = Field(default=None, description="公布日期")
    reason_code: Short | None = Field(default=None, description="code of status_machine.json 变更原因")
    suspend_until: date | None = Field(default=None, description="暂停截止日期")
    affected_models: list[Short] = Field(default=[], max_length=500, description="empty: the whole certificate 涉及型号")
    expires_on: date | None = Field(default=None, description="new last day, for renew")
    edition: Annotated[str, StringConstraints(pattern="^[0-9]{2}$")] | None = None
    declaration_no: Annotated[str, StringConstraints(pattern="^[0-9A-Za-z-]{8,32}$")] | None = None
    models: list[Short] | None = Field(default=None, min_length=1, max_length=500, description="models of the new edition")
    product_name: Short | None = Field(default=None, description="product name of the new edition")
    explanation: Annotated[str, StringConstraints(max_length=2000)] | None = None


class StatusEventOut(BaseModel):
    """One event in a certificate's history (状态历史)."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    certificate_no: str
    sequence: int
    change: StatusEvent
    status: CertificateStatus
    effective_on: date
    published_on: date | None
    reason_code: str | None
    suspend_until: date | None
    affected_models: list[str]
    expires_on: date | None
    edition: str | None
    declaration_no: str | None
    explanation: str | None
    source: str
    recorded_at: datetime


class EditionOut(BaseModel):
    """One edition of a certificate (证书版本)."""

    edition: str
    issued_on: date
    expires_on: date
    content: dict[str, object]
    recorded_at: datetime


class StatusOut(BaseModel):
    """The status of a certificate on a day, from its history."""

    certificate_no: str
    on: date
    status: CertificateStatus | None = Field(description="None before the first issue")
    since: date | None
    reason_code: str | None
    suspend_until: date | None
    expires_on: date | None
    affected_models: list[str] = Field(description="models whose status was not that of the whole certificate")


class MaySupplyOut(BaseModel):
    """Whether products could be released, sold, imported or used on a day (O117 29)."""

    certificate_no: str
    on: date
    model: str | None
    may_supply: bool
    status: CertificateStatus | None
    reason_zh: str
    reason_en: str
    basis: list[str]
    models_excluded: list[str]


class DeclaredParty(BaseModel):
    """A party of a self-declaration."""

    model_config = ConfigDict(extra="forbid")

    name: Short
    uscc: Uscc
    division: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class DeclarationIn(BaseModel):
    """A self-declaration (自我声明, CNCA-00C-008:2019); a missing factory is the producer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "declaration_no": "SD-2024-00000001",
                    "declared_on": "2024-08-01",
                    "expires_on": "2034-07-31",
                    "product_category_code": "0301",
                    "product_name": "低压成套开关设备",
                    "models": ["GGD"],
                    "producer": {
                        "name": "模拟电气有限公司",
                        "uscc": "91350100MA00000155",
                        "division": "350102",
                        "address": "模拟路1号",
                    },
                }
            ]
        },
    )

    declaration_no: Annotated[str, StringConstraints(pattern="^[0-9A-Za-z-]{8,32}$")]
    declared_on: date
    expires_on: date
    product_category_code: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
    product_name: Short
    models: list[Short] = Field(min_length=1, max_length=500)
    standards: list[Short] = Field(default=[], max_length=100)
    producer: DeclaredParty
    factory: DeclaredParty | None = None
