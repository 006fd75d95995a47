"""Who is inspected and by whom: campaigns, the object, inspector and expert libraries, draws that anyone can check, teams.

Owns: campaigns, the copies of organisations and certificates it draws from, inspectors, experts, conflicts of interest, draws
with their frames and documents, the ledger, assignments, teams, replacements.
Publishes: CampaignPublished, CampaignClosed, DrawSealed, DrawExecuted, DrawAborted, ObjectsReleased, TeamAssigned,
ExpertAllotted, InspectorReplaced, ObjectReplaced, DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed.
Consumes: EnterpriseRegistered, CertificateRegistered, CertificateStatusChanged, SamplingFailureRecorded, ObjectNotified,
InspectionCompleted, CalendarProposed, CalendarPublished.
"""
