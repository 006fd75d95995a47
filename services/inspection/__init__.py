"""On-site inspection (现场检查): who was told when, what was found, what was confirmed and what had to be put right.

Owns: inspections with notices, checklist answers, evidence and its custody, findings, signatures and reviews;
rectifications; alerts.
Tells: ObjectNotified, InspectionCompleted, FindingConfirmed, RectificationOrdered, RectificationReported, RectificationClosed,
RectificationFailed, DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed.
Listens: TeamAssigned, ExpertAllotted, InspectorReplaced, ObjectReplaced, CampaignPublished, CampaignClosed,
CertificateRegistered, CertificateStatusChanged, CatalogueItemPublished, CalendarProposed, CalendarPublished.
"""
