"""Events of the registry: enterprises, certificates and their status, failed samplings, the catalogue, calendars."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, Field

from shared.events.base import Event
from shared.events.deadlines import Closed, Moved, Warned
from shared.events.value_objects import Party
from shared.vocabulary import CertificateRoute, CertificateStatus, ObjectKind, PriorityGroup, StatusEvent

EnterpriseUscc = Annotated[str | None, Field(validation_alias=AliasChoices("enterprise_uscc", "organisation_uscc"))]
"""Events published before 2026-12 name it `organisation_uscc`; they are replayed for ever and must stay readable."""


class EnterpriseRegistered(Event, owner="registry", key="uscc"):
    """An enterprise was registered, or its entry was corrected (企业登记或更正): the latest content is valid."""

    uscc: str
    name: str
    kind: ObjectKind
    division: str
    city: str
    county: str
    address: str
    in_business: bool = True


class CertificateRegistered(Event, owner="registry", key="certificate_no"):
    """A certificate or self-declaration was registered, or has a new edition (证书登记或新版本).

    `enterprise_uscc` is the inspected enterprise (获证组织): the factory in the province, else manufacturer, else applicant;
    None where none of the three is in the province.
    """

    certificate_no: str
    edition: str
    route: CertificateRoute
    body_code: str
    body_name: str
    product_category_code: str
    priority_group: PriorityGroup | None
    product_name: str
    models: tuple[str, ...]
    status: CertificateStatus
    status_since: date
    first_issued_on: date
    issued_on: date
    expires_on: date
    applicant: Party
    manufacturer: Party
    factory: Party
    enterprise_uscc: EnterpriseUscc
    city: str | None
    county: str | None
    suspect_misuse: bool = False


class CertificateStatusChanged(Event, owner="registry", key="certificate_no"):
    """A certification body changed the status of a certificate (证书状态变化).

    `affected_models` empty means the whole certificate.
    """

    certificate_no: str
    change: StatusEvent
    status: CertificateStatus
    effective_on: date
    reason_code: str | None
    suspend_until: date | None
    affected_models: tuple[str, ...]
    body_code: str
    enterprise_uscc: EnterpriseUscc


class SamplingFailureRecorded(Event, owner="registry", key="failure_id"):
    """A producer or seller failed a product-quality sampling (监督抽查不合格); `level` as the list names it (抽查类型)."""

    failure_id: UUID
    year: int
    uscc: str
    name: str
    kind: ObjectKind
    product_name: str
    product_category_code: str | None
    failed_on: date | None
    level: str | None = None


class CatalogueItemPublished(Event, owner="registry", key="product_category_code"):
    """A product is in the CCC catalogue (目录产品): certification is obligatory from `mandatory_from`, to `valid_to`."""

    product_category_code: str
    name_zh: str
    name_en: str
    priority_group: PriorityGroup | None
    acceptance_from: date | None
    mandatory_from: date | None
    announcement: str
    valid_to: date | None = None


class CalendarProposed(Event, owner="registry", key="calendar"):
    """A version of the working-day calendar was proposed (工作日历提交): its number and the whole file (ccc-calendar/1)."""

    calendar: str
    digest: str
    content: str
    proposed_by: str


class CalendarPublished(Event, owner="registry", key="calendar"):
    """A second person published a proposed calendar: it is in force from now on (工作日历发布)."""

    calendar: str
    digest: str
    published_by: str


class DeadlinesWarned(Warned, owner="registry", key="office"):
    """Deadlines of this service reached a threshold: 50 %, 80 %, one working day before, due, overdue, elapsed (期限预警)."""


class DeadlinesMoved(Moved, owner="registry", key="office"):
    """Deadlines of this service end on another day: extended, paused, resumed, or by a new calendar (期限变更)."""


class OverdueDeadlinesClosed(Closed, owner="registry", key="office"):
    """Overdue deadlines of this service were met late or waived (逾期办结)."""
