"""Reports to the province and to the public: ledger, annexes 3 and 4, summaries, disclosures (汇总上报与信息公示).

Owns: the replica that it counts from, the history of every finding, summaries, disclosures.
Publishes: SummarySubmitted, SummaryReturned, SummaryAccepted, DisclosurePublished, DisclosureWithdrawn,
DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed
Consumes: CampaignPublished, CampaignClosed, DrawSealed, DrawExecuted, DrawAborted, ObjectsReleased, TeamAssigned,
ExpertAllotted, InspectorReplaced, ObjectReplaced, ObjectNotified, InspectionCompleted, FindingConfirmed,
RectificationOrdered, RectificationReported, RectificationClosed, RectificationFailed, CaseReferred, CaseFiled,
CaseNotFiled, CaseDecided, CasePublished, CaseClosed, CriminalTransferSent, CriminalTransferAnswered,
QualificationMatterReported, QualificationMatterReturned, LetterToBodySent, LetterToBodyAnswered, MatterCopied,
DeadlinesWarned, OverdueDeadlinesClosed, CalendarProposed, CalendarPublished
"""
