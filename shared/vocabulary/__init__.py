"""Enumerations that more than one service uses, with the Chinese term of each member.

Values are part of the published language (paths, bodies, events): they are added to, never changed.
"""

from shared.vocabulary.cases import (
    CaseStatus,
    DeadlineState,
    DeadlineUnit,
    DisclosureStatus,
    PenaltyKind,
    ReviewKind,
    TransferStatus,
)
from shared.vocabulary.certificates import CertificateRoute, CertificateStatus, PriorityGroup, StatusEvent
from shared.vocabulary.draws import (
    AssignmentState,
    CampaignState,
    DrawKind,
    DrawState,
    InspectorMatchState,
    ObjectKind,
    RecusalReason,
    ReplacementReason,
    SelectionBasis,
)
from shared.vocabulary.inspections import (
    Answer,
    EvidenceKind,
    FindingSeverity,
    FocusPoint,
    FollowUp,
    InspectionMethod,
    InspectionResult,
    Measure,
    ObjectState,
    RectificationState,
    RespondentType,
)
from shared.vocabulary.organisation import OrgLevel, Role

__all__ = [
    "Answer",
    "AssignmentState",
    "CampaignState",
    "CaseStatus",
    "CertificateRoute",
    "CertificateStatus",
    "DeadlineState",
    "DeadlineUnit",
    "DisclosureStatus",
    "DrawKind",
    "DrawState",
    "EvidenceKind",
    "FindingSeverity",
    "FocusPoint",
    "FollowUp",
    "InspectionMethod",
    "InspectionResult",
    "InspectorMatchState",
    "Measure",
    "ObjectKind",
    "ObjectState",
    "OrgLevel",
    "PenaltyKind",
    "PriorityGroup",
    "RectificationState",
    "RecusalReason",
    "ReplacementReason",
    "RespondentType",
    "ReviewKind",
    "Role",
    "SelectionBasis",
    "StatusEvent",
    "TransferStatus",
]
