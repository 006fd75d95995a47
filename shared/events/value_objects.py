"""Value objects that several events are made of."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.vocabulary import CertificateStatus, ObjectKind, PenaltyKind, PriorityGroup, SelectionBasis


class Part(BaseModel):
    """A frozen part of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Party(Part):
    """One of the three parties of a certificate (认证委托人, 生产者, 生产企业)."""

    name: str
    uscc: str | None = None
    division: str | None = None
    address: str = ""


class ProductOfCertificate(Part):
    """The certificate an inspection is about, as of the instant of the event."""

    certificate_no: str
    status: CertificateStatus
    product_category_code: str
    product_name: str
    models: tuple[str, ...] = ()
    priority_group: PriorityGroup | None = None
    body_code: str
    body_name: str


class InspectedObject(Part):
    """The organisation that is inspected (被检查对象)."""

    uscc: str
    name: str
    kind: ObjectKind = ObjectKind.CERTIFIED_ORG
    city: str
    county: str
    address: str = ""


class ReleasedObject(Part):
    """One drawn object as its city receives it; `task_no` is the official number of the inspection task."""

    assignment_id: UUID
    task_no: str
    object: InspectedObject
    certificate: ProductOfCertificate
    basis: SelectionBasis
    rank: int


class Leave(Part):
    """A period of absence, both days included (休假)."""

    first: date
    last: date


class TeamMember(Part):
    """An inspector on a team; `law_enforcement_no` is the number of the enforcement certificate (执法证号)."""

    inspector_id: str
    name: str
    org: str
    law_enforcement_no: str
    leader: bool = False


class AssignedMember(TeamMember):
    """A member with what decides about the visit's day: within the certificate's validity, on no leave (S-08).

    None: the validity is unknown. Leaves are for whoever sets the day and are shown to nobody else.
    """

    certificate_from: date | None = None
    certificate_to: date | None = None
    leaves: tuple[Leave, ...] = ()


class AllottedExpert(Part):
    """A technical expert who supports a team and is never counted in it."""

    expert_id: str
    name: str
    field: str


class Penalty(Part):
    """One penalty of a decision; `amount_fen` only where the kind has an amount."""

    kind: PenaltyKind
    amount_fen: int | None = None
