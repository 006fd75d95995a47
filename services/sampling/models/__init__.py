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
from services.sampling.models.people import Conflict, Expert, Inspector
from services.sampling.models.replica import Certificate, Organisation, PastInspection, SamplingFailure

REPLICA = (Organisation, Certificate, SamplingFailure, PastInspection)
"""The object library: made of the facts of others and of nothing else, so that it can be made anew."""

__all__ = [
    "REPLICA",
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
