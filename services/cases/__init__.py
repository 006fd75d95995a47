"""What follows a finding: case, criminal transfer, qualification report, letter to the certification body, copy (案件办理).

Owns: clues and cases from verification to archive with their history, deadlines and sanctions; criminal transfers;
matters of qualification on their way to SAMR; letters to certification bodies; copies to other departments;
clues to duty crimes of civil servants, which are published to nobody else.
Publishes: CaseReferred, CaseFiled, CaseNotFiled, CaseDecided, CasePublished, CaseClosed, CriminalTransferSent,
CriminalTransferAnswered, QualificationMatterReported, QualificationMatterReturned, LetterToBodySent, LetterToBodyAnswered,
MatterCopied, DeadlinesWarned, DeadlinesMoved, OverdueDeadlinesClosed
Consumes: FindingConfirmed, RectificationFailed, CertificateStatusChanged, DeadlinesWarned, CalendarProposed,
CalendarPublished
"""
