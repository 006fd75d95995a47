"""What a synthetic province is made of. Nothing in it is a real company or person."""

from dataclasses import dataclass
from datetime import date

from shared.vocabulary import CertificateStatus, ObjectKind, RecusalReason


@dataclass(frozen=True, slots=True)
class Organization:
    """A company with a valid 统一社会信用代码 (USCC); `division` is its county, or a code outside the province."""

    uscc: str
    name: str
    division: str
    city: str
    address: str
    kind: ObjectKind = ObjectKind.CERTIFIED_ORG


@dataclass(frozen=True, slots=True)
class CertificationBody:
    """A designated body (认证机构); `number_code` stands in the numbers of its certificates."""

    number_code: str
    cnca_no: str
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """One line of the catalogue (目录)."""

    code: str
    name: str
    rule: str
    standards: tuple[str, ...]
    priority_group: str | None
    acceptance_from: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as its body would publish it; `holder` is the party that would be inspected."""

    number: str
    edition: str
    status: CertificateStatus
    status_since: date | None
    reason: str
    suspend_until: date | None
    first_issued_on: date
    issued_on: date
    expires_on: date
    body: CertificationBody
    product: Product
    models: tuple[str, ...]
    applicant: Organization
    manufacturer: Organization
    factory: Organization
    holder: Organization


@dataclass(frozen=True, slots=True)
class SamplingFailure:
    """A product that failed a provincial sampling (省级监督抽查不合格)."""

    sampling_no: str
    organization: Organization
    product: Product
    model: str
    batch: str
    failed_items: tuple[str, ...]
    reported_on: date


@dataclass(frozen=True, slots=True)
class Inspector:
    """A member of the inspector library (执法检查人员); `fields` are catalogue classes, `*` is all of them."""

    staff_no: str
    name: str
    org: str
    city: str
    county: str | None
    law_enforcement_no: str
    certificate_from: date
    certificate_to: date
    fields: tuple[str, ...]
    workload_cap: int
    leave_from: date | None = None
    leave_to: date | None = None


@dataclass(frozen=True, slots=True)
class Expert:
    """A technical expert (技术专家) with the catalogue classes he or she knows."""

    expert_no: str
    name: str
    employer: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A declared conflict of interest of an inspector or expert (利益冲突)."""

    person: str
    uscc: str
    reason: RecusalReason


@dataclass(frozen=True, slots=True)
class Province:
    """Everything a campaign starts from, as of one day."""

    seed: int
    as_of: date
    organizations: tuple[Organization, ...]
    certificates: tuple[Certificate, ...]
    failures: tuple[SamplingFailure, ...]
    inspectors: tuple[Inspector, ...]
    experts: tuple[Expert, ...]
    conflicts: tuple[Conflict, ...]
