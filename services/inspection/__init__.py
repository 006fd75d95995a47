"""On-site inspection (现场检查): notices, records, findings, their confirmation by signature and review, and rectifications.

Owns: inspections with notices, checklist answers, evidence and its custody, findings, signatures and reviews;
rectifications; alerts.
Publishes: ObjectNotified, InspectionCompleted, FindingConfirmed, RectificationOrdered, RectificationReported,
RectificationClosed, RectificationFailed, DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed.
Consumes: TeamAssigned, ExpertAllotted, InspectorReplaced, ObjectReplaced, CampaignPublished, CampaignClosed,
CertificateRegistered, CertificateStatusChanged, CatalogueItemPublished, CalendarProposed, CalendarPublished.
"""
