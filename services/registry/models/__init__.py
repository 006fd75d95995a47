"""Tables of the registry."""

from services.registry.models.certificates import Certificate, CertificateEdition, CertificateEvent
from services.registry.models.enterprises import Enterprise, InspectionRecord, PartyName, SamplingFailure
from services.registry.models.imports import CataloguePublication, ImportedRow, ImportFile, ImportRejection, ImportRun

__all__ = [
    "CataloguePublication",
    "Certificate",
    "CertificateEdition",
    "CertificateEvent",
    "Enterprise",
    "ImportFile",
    "ImportRejection",
    "ImportRun",
    "ImportedRow",
    "InspectionRecord",
    "PartyName",
    "SamplingFailure",
]
