"""Tables of the inspection service."""

from services.inspection.models.base import Table
from services.inspection.models.evidence import CustodyEvent, Evidence
from services.inspection.models.findings import Finding, Rectification
from services.inspection.models.inspections import Inspection, Notice, Review, Signature
from services.inspection.models.replica import Alert, AssignedExpert, Campaign, CatalogueItem, Certificate, CertificateStatusEntry

__all__ = [
    "Alert",
    "AssignedExpert",
    "Campaign",
    "CatalogueItem",
    "Certificate",
    "CertificateStatusEntry",
    "CustodyEvent",
    "Evidence",
    "Finding",
    "Inspection",
    "Notice",
    "Rectification",
    "Review",
    "Signature",
    "Table",
]
