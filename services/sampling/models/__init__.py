"""The tables of sampling."""

from services.sampling.models.assignments import (
    Assignment,
    ExpertRequest,
    MemberReplacement,
    ObjectReplacement,
    TeamMember,
)
from services.sampling.models.campaigns import Campaign
from services.sampling.models.draws import Draw, DrawDocument, DrawUnit, LedgerEntry
from services.sampling.models.library import Certificate, Organisation, PastInspection, SamplingFailure
from services.sampling.models.people import Conflict, Expert, Inspector

__all__ = [
    "Assignment",
    "Campaign",
    "Certificate",
    "Conflict",
    "Draw",
    "DrawDocument",
    "DrawUnit",
    "Expert",
    "ExpertRequest",
    "Inspector",
    "LedgerEntry",
    "MemberReplacement",
    "ObjectReplacement",
    "Organisation",
    "PastInspection",
    "SamplingFailure",
    "TeamMember",
]
