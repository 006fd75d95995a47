"""A small campaign as the other services publish it: three cities, findings of every kind, everything that can follow."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from shared.events import Event, cases, inspection, sampling
from shared.events.value_objects import (
    AllottedExpert,
    AssignedMember,
    InspectedObject,
    Penalty,
    ProductOfCertificate,
    ReleasedObject,
)
from shared.vocabulary import (
    CaseStatus,
    CertificateStatus,
    DrawKind,
    FindingSeverity,
    FocusPoint,
    FollowUp,
    InspectionMethod,
    InspectionResult,
    Measure,
    ObjectState,
    PenaltyKind,
    PriorityGroup,
    ReplacementReason,
    RespondentType,
    SelectionBasis,
    StatusEvent,
    TransferStatus,
)

SPACE = UUID("0192a5e0-0000-7000-8000-000000000215")
CAMPAIGN = SPACE


def id_of(name: str) -> UUID:
    """The id of a thing in this story."""
    return uuid5(SPACE, name)


@dataclass(frozen=True)
class Thing:
    """An object of the story."""

    name: str
    city: str
    county: str
    group: PriorityGroup | None
    body: str = "中国质量认证中心有限公司"
    inspected_on: date | None = None
    reviewed_on: date | None = None

    @property
    def assignment(self) -> UUID:
        return id_of(f"assignment {self.name}")

    @property
    def inspection(self) -> UUID:
        return id_of(f"inspection {self.name}")

    @property
    def uscc(self) -> str:
        return f"91{self.county}MA{id_of(self.name).hex[:8].upper()}"

    def object(self) -> InspectedObject:
        return InspectedObject(
            uscc=self.uscc, name=self.name, city=self.city, county=self.county, address=f"{self.county} 工业路 1 号"
        )

    def certificate(self) -> ProductOfCertificate:
        return ProductOfCertificate(
            certificate_no="2022010105000001",
            status=CertificateStatus.VALID,
            product_category_code="0105",
            product_name="电线",
            models=("BV-1", "BV-2"),
            priority_group=self.group,
            body_code="01",
            body_name=self.body,
        )

    def released(self) -> ReleasedObject:
        return ReleasedObject(
            assignment_id=self.assignment,
            task_no=f"CCC-2024-215-{self.city}-001",
            object=self.object(),
            certificate=self.certificate(),
            basis=SelectionBasis.RANDOM,
            rank=1,
        )

    def team(self) -> tuple[AssignedMember, ...]:
        return tuple(
            AssignedMember(
                inspector_id=f"{self.city}-{n}",
                name=f"检查员{n}",
                org=self.city,
                law_enforcement_no=f"{self.city}{n:04}",
                leader=n == 1,
            )
            for n in (1, 2)
        )


CABLE = Thing(
    "福州电缆厂", "3501", "350102", PriorityGroup.WIRE_CABLE, inspected_on=date(2024, 9, 10), reviewed_on=date(2024, 9, 12)
)
TOY = Thing(
    '=HYPERLINK("http://x")玩具厂',
    "3501",
    "350103",
    PriorityGroup.CHILD,
    inspected_on=date(2024, 9, 11),
    reviewed_on=date(2024, 9, 13),
)
LATE = Thing("福州后查厂", "3501", "350102", None, inspected_on=date(2024, 11, 5), reviewed_on=date(2024, 11, 6))
MOVED = Thing("迁出厂", "3501", "350104", PriorityGroup.FIRE)
FIRE = Thing("厦门消防厂", "3502", "350203", PriorityGroup.FIRE, inspected_on=date(2024, 9, 18), reviewed_on=date(2024, 9, 20))
HELMET = Thing(
    "平潭头盔店", "350128", "350128", PriorityGroup.EBIKE_HELMET, inspected_on=date(2024, 9, 19), reviewed_on=date(2024, 10, 30)
)
THINGS = (CABLE, TOY, LATE, MOVED, FIRE, HELMET)
DRAW = id_of("draw")


def campaign_published() -> Event:
    return sampling.CampaignPublished(
        campaign_id=CAMPAIGN,
        code="CCC-2024-215",
        document_no="闽市监认证〔2024〕215号",
        title="2024年强制性产品认证获证组织专项监督检查",
        issuer="35",
        window_from=date(2024, 8, 1),
        window_to=date(2024, 11, 30),
        interim_cutoff_on=date(2024, 10, 25),
        final_from=date(2024, 12, 1),
        embargo_until=date(2024, 11, 15),
        participating_cities=("3501", "3502"),
        checklist_version="2024-08-01",
        planned_sample=100,
        minimum_ratio=(1, 10),
        priority_groups=("FIRE", "CHILD"),
    )


def draws() -> list[Event]:
    common = {"draw_id": DRAW, "campaign_id": CAMPAIGN, "kind": DrawKind.OBJECT, "city": None, "attempt": 1}
    digests = {"commitment_digest": "ab" * 32, "ledger_head": "cd" * 32}
    done = {"seed": "01" * 32, "frame_size": 1043, "selected": 5, "reserves": 2, "transcript_digest": "ef" * 32}
    return [sampling.DrawSealed(**common, **digests), sampling.DrawExecuted(**common, **digests, **done)]


def released() -> list[Event]:
    return [
        sampling.ObjectsReleased(
            release_id=id_of(f"release {city}"),
            campaign_id=CAMPAIGN,
            draw_id=DRAW,
            city=city,
            match_due_on=date(2024, 8, 9),
            objects=tuple(thing.released() for thing in THINGS if thing.city == city and thing is not LATE),
        )
        for city in ("3501", "3502", "350128")
    ]


def team_of(thing: Thing) -> Event:
    return sampling.TeamAssigned(
        assignment_id=thing.assignment,
        campaign_id=CAMPAIGN,
        task_no=f"CCC-2024-215-{thing.city}-001",
        object=thing.object(),
        certificate=thing.certificate(),
        members=thing.team(),
        draw_id=id_of("inspectors"),
    )


EXPERT = AllottedExpert(expert_id="E1", name="专家甲", field="消防产品")


def changes() -> list[Event]:
    return [
        sampling.ExpertAllotted(assignment_id=FIRE.assignment, campaign_id=CAMPAIGN, expert=EXPERT),
        sampling.InspectorReplaced(
            assignment_id=CABLE.assignment,
            campaign_id=CAMPAIGN,
            leaving="3501-9",
            reason=ReplacementReason.RECUSED,
            members=CABLE.team(),
        ),
        sampling.ObjectReplaced(
            assignment_id=MOVED.assignment,
            campaign_id=CAMPAIGN,
            uscc=MOVED.uscc,
            reason=ReplacementReason.OBJECT_MOVED,
            replacement=LATE.released(),
        ),
    ]


def completed(thing: Thing, result: InspectionResult, findings: int = 0) -> Event:
    assert thing.inspected_on
    assert thing.reviewed_on
    return inspection.InspectionCompleted(
        inspection_id=thing.inspection,
        assignment_id=thing.assignment,
        campaign_id=CAMPAIGN,
        task_no=f"CCC-2024-215-{thing.city}-001",
        object=thing.object(),
        certificate=thing.certificate(),
        inspected_on=thing.inspected_on,
        submitted_on=thing.inspected_on,
        reviewed_on=thing.reviewed_on,
        result=result,
        methods=(InspectionMethod.ON_SITE,),
        object_state=ObjectState.ACTIVE,
        follow_up=FollowUp.NONE,
        findings=findings,
        members=thing.team(),
        experts=(EXPERT,) if thing is FIRE else (),
        refused_to_sign=thing is TOY,
        entry_due_on=date(2024, 10, 16),
    )


@dataclass(frozen=True)
class Found:
    """A finding of the story."""

    name: str
    thing: Thing
    fact: str
    focus: FocusPoint | None = None
    respondent: RespondentType = RespondentType.OBJECT
    violation: str | None = "LABEL_MISMATCH"
    severity: FindingSeverity = FindingSeverity.GENERAL
    measures: tuple[Measure, ...] = field(default=())

    @property
    def id(self) -> UUID:
        return id_of(f"finding {self.name}")

    def ids(self) -> dict[str, UUID]:
        return {"finding_id": self.id, "campaign_id": CAMPAIGN}

    def confirmed(self) -> Event:
        assert self.thing.reviewed_on
        assert self.thing.inspected_on
        return inspection.FindingConfirmed(
            **self.ids(),
            inspection_id=self.thing.inspection,
            assignment_id=self.thing.assignment,
            object=self.thing.object(),
            certificate=self.thing.certificate(),
            checklist_code="C05",
            focus_point=self.focus,
            respondent_type=self.respondent,
            respondent_id="01",
            respondent_name="中国质量认证中心有限公司",
            violation_type=self.violation,
            severity=self.severity,
            fact=self.fact,
            act_on=self.thing.inspected_on,
            legal_basis="O117 55",
            goods_value_fen=None,
            sales_amount_fen=None,
            measures=self.measures,
            suspected_crime=False,
            confirmed_on=self.thing.reviewed_on,
        )


LABEL = Found("label", CABLE, "标签与证书不符", measures=(Measure.ORDER_RECTIFY, Measure.GUIDANCE))
FORGED = Found(
    "forged",
    CABLE,
    "涉嫌伪造认证标志",
    FocusPoint.FP4,
    violation="FORGED_OR_FALSE_USE",
    severity=FindingSeverity.SERIOUS,
    measures=(Measure.CASE_CLUE,),
)
TIP = Found("tip", TOY, "建议完善一致性记录", severity=FindingSeverity.ADVICE, violation=None)
BODY = Found(
    "body", FIRE, "认证机构未有效跟踪检查", FocusPoint.FP2, RespondentType.CERT_BODY, "CB_NO_FOLLOWUP", FindingSeverity.SERIOUS
)
LETTER = Found(
    "letter", FIRE, "应暂停未暂停", FocusPoint.FP2, violation="SUPPLY_WHILE_INVALID", measures=(Measure.LETTER_TO_BODY,)
)
FINDINGS = (LABEL, FORGED, TIP, BODY, LETTER)
CASE = id_of("case")


def rectified() -> list[Event]:
    ids = {**LABEL.ids(), "rectification_id": id_of("order"), "inspection_id": CABLE.inspection}
    return [
        inspection.RectificationOrdered(**ids, requirement="更换标签", due_on=date(2024, 9, 30)),
        inspection.RectificationReported(**ids, reported_on=date(2024, 9, 27), recheck_due_on=date(2024, 10, 15)),
        inspection.RectificationClosed(**ids, rechecked_on=date(2024, 10, 8), closed_on=date(2024, 10, 8)),
    ]


def case_events() -> list[Event]:
    ids = {**FORGED.ids(), "case_id": CASE}
    return [
        cases.CaseReferred(
            **ids,
            clue_no="XS-3501-2024-0001",
            respondent=CABLE.object(),
            certificate_no="2022010105000001",
            product_name="电线",
            body_name=CABLE.body,
            violation_type="FORGED_OR_FALSE_USE",
            provision="认证认可条例第七十条",
            office="福州市市场监督管理局",
            referred_on=date(2024, 9, 12),
            filing_due_on=date(2024, 10, 8),
        ),
        cases.CaseFiled(
            **ids,
            case_no="榕市监立〔2024〕1号",
            decided_on=date(2024, 9, 20),
            decision_due_on=None,
            goods_value_fen=1_234_567,
        ),
        cases.CaseDecided(
            **ids,
            outcome=CaseStatus.PENALTY_DECIDED,
            decision_no="榕市监处〔2024〕9号",
            decided_on=date(2024, 10, 21),
            penalty_basis="产品质量法第五十三条",
            penalties=(Penalty(kind=PenaltyKind.FINE, amount_fen=1_000_050), Penalty(kind=PenaltyKind.CONFISCATE_GOODS)),
            fine_fen=1_000_050,
            confiscated_fen=0,
            goods_value_fen=1_234_567,
            publish_due_on=date(2024, 11, 18),
        ),
        cases.CasePublished(**ids, published_on=date(2024, 10, 24)),
        cases.CaseClosed(**ids, closed_on=date(2024, 11, 8)),
    ]


def transfer_events() -> list[Event]:
    ids = {**FORGED.ids(), "case_id": CASE, "transfer_id": id_of("transfer")}
    return [
        cases.CriminalTransferSent(**ids, sent_on=date(2024, 9, 25), answer_due_on=date(2024, 9, 28)),
        cases.CriminalTransferAnswered(**ids, answer=TransferStatus.FILED, answered_on=date(2024, 9, 28)),
    ]


def upward() -> list[Event]:
    matter = {
        **BODY.ids(),
        "matter_id": id_of("matter"),
        "city": "3502",
        "body_code": "01",
        "body_name": FIRE.body,
        "violation_type": "CB_NO_FOLLOWUP",
    }
    letter = {**LETTER.ids(), "letter_id": id_of("letter"), "certificate_no": "2022010105000001"}
    return [
        cases.QualificationMatterReported(**matter, level="provincial", reported_on=date(2024, 9, 25)),
        cases.QualificationMatterReported(**matter, level="national", reported_on=date(2024, 10, 9)),
        cases.LetterToBodySent(**letter, body_code="01", requested=StatusEvent.SUSPEND, sent_on=date(2024, 9, 23)),
        cases.LetterToBodyAnswered(**letter, change=StatusEvent.SUSPEND, answered_on=date(2024, 10, 14)),
    ]


def whole_story() -> list[Event]:
    """Everything, in the order in which it happened."""
    inspected = {
        CABLE: InspectionResult.ISSUE_PENDING,
        TOY: InspectionResult.NO_ISSUE,
        FIRE: InspectionResult.ISSUE_PENDING,
        HELMET: InspectionResult.NO_ISSUE,
        LATE: InspectionResult.NO_ISSUE,
    }
    return [
        campaign_published(),
        *draws(),
        *released(),
        *[team_of(thing) for thing in (CABLE, TOY, MOVED, FIRE, HELMET)],
        *changes(),
        team_of(LATE),
        *[completed(thing, result) for thing, result in inspected.items()],
        *[finding.confirmed() for finding in FINDINGS],
        *rectified(),
        *case_events()[:4],
        *transfer_events(),
        case_events()[4],
        *upward(),
    ]


def at(day: date, hour: int = 2) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
