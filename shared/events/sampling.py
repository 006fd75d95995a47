"""Facts of sampling: which objects were drawn, by which draw, and who inspects them."""

from datetime import date
from uuid import UUID

from shared.events.base import Event
from shared.events.deadlines import Closed, Moved, Warned
from shared.events.value_objects import AllottedExpert, AssignedMember, InspectedObject, ProductOfCertificate, ReleasedObject
from shared.vocabulary import DrawKind, ReplacementReason


class CampaignPublished(Event, owner="sampling", key="campaign_id"):
    """A campaign was approved and published (专项检查发布)."""

    campaign_id: UUID
    code: str
    document_no: str
    title: str
    issuer: str
    window_from: date
    window_to: date
    interim_cutoff_on: date
    final_from: date
    embargo_until: date
    participating_cities: tuple[str, ...]
    checklist_version: str
    planned_sample: int | None = None
    minimum_ratio: tuple[int, int] | None = None
    priority_groups: tuple[str, ...] = ()
    method: str = ""
    failed_sampling_years: tuple[int, ...] = ()


class CampaignClosed(Event, owner="sampling", key="campaign_id"):
    """A campaign ended (专项检查关闭)."""

    campaign_id: UUID
    closed_on: date


class DrawSealed(Event, owner="sampling", key="draw_id"):
    """A draw was sealed: its commitment is public before any outside entropy exists (抽取封存)."""

    draw_id: UUID
    campaign_id: UUID
    kind: DrawKind
    city: str | None
    attempt: int
    commitment_digest: str
    ledger_head: str


class DrawExecuted(Event, owner="sampling", key="draw_id"):
    """A draw was executed (抽取执行). The list itself is not part of the event: it is under embargo."""

    draw_id: UUID
    campaign_id: UUID
    kind: DrawKind
    city: str | None
    attempt: int
    commitment_digest: str
    seed: str
    frame_size: int
    selected: int
    reserves: int
    transcript_digest: str
    ledger_head: str


class DrawAborted(Event, owner="sampling", key="draw_id"):
    """A draw was given up with a ground; it stays visible for ever (抽取中止)."""

    draw_id: UUID
    campaign_id: UUID
    kind: DrawKind
    city: str | None
    attempt: int
    ground: str
    ledger_head: str


class ObjectsReleased(Event, owner="sampling", key="release_id"):
    """A city received its list of drawn objects (名单下发), to be matched with inspectors by `match_due_on`."""

    release_id: UUID
    campaign_id: UUID
    draw_id: UUID
    city: str
    match_due_on: date
    objects: tuple[ReleasedObject, ...]


class TeamAssigned(Event, owner="sampling", key="assignment_id"):
    """The team for one object stands (检查组确定): at least two inspectors, one of them the leader.

    Published again, with the same members, when one of them goes on leave or has another certificate before the inspection.
    """

    assignment_id: UUID
    campaign_id: UUID
    task_no: str
    object: InspectedObject
    certificate: ProductOfCertificate
    members: tuple[AssignedMember, ...]
    draw_id: UUID | None


class ExpertAllotted(Event, owner="sampling", key="assignment_id"):
    """The province allotted an expert to a team (专家派遣)."""

    assignment_id: UUID
    campaign_id: UUID
    expert: AllottedExpert


class InspectorReplaced(Event, owner="sampling", key="assignment_id"):
    """A member of a team was replaced (检查人员更换). `members` is the whole team afterwards."""

    assignment_id: UUID
    campaign_id: UUID
    leaving: str
    reason: ReplacementReason
    members: tuple[AssignedMember, ...]


class ObjectReplaced(Event, owner="sampling", key="assignment_id"):
    """A drawn object gave way to the next one of its reserve (检查对象更换); this assignment ends, `replacement` begins."""

    assignment_id: UUID
    campaign_id: UUID
    uscc: str
    reason: ReplacementReason
    replacement: ReleasedObject


class DeadlinesWarned(Warned, owner="sampling", key="office"):
    """Deadlines of this service reached a threshold: 50 %, 80 %, one working day before, due, overdue, elapsed (期限预警)."""


class DeadlinesMoved(Moved, owner="sampling", key="office"):
    """Deadlines of this service end on another day: extended, paused, resumed, or by a new calendar (期限变更)."""


class OverdueDeadlinesClosed(Closed, owner="sampling", key="office"):
    """Overdue deadlines of this service were met late or waived (逾期办结)."""
