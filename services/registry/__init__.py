"""The registry (登记): who is certified for what, on any day.

Owns: enterprises, certificates and self-declarations with their editions and status history, failed samplings, imports; the
reference data: catalogue, divisions, regulators, certification bodies.
Publishes: EnterpriseRegistered, CertificateRegistered, CertificateStatusChanged, SamplingFailureRecorded, CatalogueItemPublished,
CalendarProposed, CalendarPublished, DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed
Consumes: InspectionCompleted
"""
