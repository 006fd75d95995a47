"""What is found where. Objects are drawn, so who plays which scenario is chosen after the draw."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from deploy.demo.province.reference import mandatory_from, products
from deploy.demo.timeline import Timeline
from shared.deadlines import dataset


@dataclass(frozen=True)
class Flaw:
    """One finding; money in fen, and `more` holds the fields that only some findings have."""

    code: str
    violation: str | None
    severity: str
    fact: str
    measures: tuple[str, ...]
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """What one inspection meets.

    `suspended_on` is the day on which the body suspends the certificate, `rectified` whether the recheck passes.
    """

    name: str
    on: date | None = None
    flaws: tuple[Flaw, ...] = ()
    refuses_to_sign: bool = False
    suspended_on: date | None = None
    rectified: bool = True


ORDER, CLUE = ("order_rectify",), ("order_rectify", "case_clue")
_REQUIREMENT = {"requirement": "按证书批准的内容改正, 并提交整改材料", "rectify_days": 15}


def _order(days: int = 15) -> dict[str, Any]:
    return _REQUIREMENT | {"rectify_days": days}


LABEL = Flaw("C09", "LABEL_MISMATCH", "minor", "产品铭牌上的生产者地址与证书不一致", ORDER, _order())
QUALITY = Flaw("C17", "QA_WEAK", "general", "例行检验耐压仪超过校准有效期26天", ORDER, _order(20))
REGISTER = Flaw("C10", "MARK_MISUSE", "general", "认证标志使用登记缺失6月至7月记录", ORDER, _order())
EXTENSION = Flaw("C06", "EXTENSION_NOT_APPLIED", "general", "新增派生型号出厂40台, 未申请证书扩展", ORDER, _order())
ORDINARY = (LABEL, QUALITY, REGISTER, EXTENSION)

HELMET_ADVICE = "uncertified e-bike helmet: advice"
HELMET_MANDATORY = "uncertified e-bike helmet: violation since its day of obligation"


def _helmet(days: Timeline, on: date) -> Scenario:
    """Before the day of obligation an uncertified product is no violation, from that day on it is one."""
    product = products(days.year)["EBIKE_HELMET"][0].code
    since = mandatory_from(product)
    fact = f"车间生产的电动自行车乘员头盔尚未取得证书; 强制实施日期为{since}"
    if on < since:
        notice = {"product_category_code": product, "guidance": "已告知认证流程和实施日期"}
        return Scenario(HELMET_ADVICE, on, (Flaw("C01", None, "advice", f"{fact}, 建议尽快申请认证", ("guidance",), notice),))
    return Scenario(HELMET_MANDATORY, on, (_uncertified(product, f"{fact}, 已出厂1200顶, 货值9.6万元"),))


def _uncertified(product: str, fact: str) -> Flaw:
    more = _order() | {"product_category_code": product, "goods_value_fen": 9_600_000}
    return Flaw("C01", "UNCERTIFIED_SUPPLY", "serious", fact, CLUE, more)


def _supplied(act_on: date) -> Flaw:
    more = _order() | {"act_on": str(act_on), "goods_value_fen": 18_000_000}
    return Flaw("C11", "SUPPLY_WHILE_INVALID", "serious", "证书暂停期间出厂销售320台, 货值18万元", CLUE, more)


_FORGED = Flaw(
    "C08",
    "FORGED_OR_FALSE_USE",
    "major",
    "在未获证产品上加施伪造的CCC标志, 已销售8.6万元, 库存货值2.1万元",
    CLUE,
    _order() | {"goods_value_fen": 10_700_000, "sales_amount_fen": 8_600_000, "suspected_crime": True},
)
_SAMPLE = Flaw(
    "C07",
    "SAMPLE_INCONSISTENT",
    "general",
    "关键件电源线供应商与型式试验样品不一致",
    ("order_rectify", "letter_to_body"),
    _order(),
)
_FIRST_TIME = Flaw("C04", "CHANGE_NOT_APPLIED", "minor", "工厂名称变更后未向认证机构申请变更", CLUE, _order())
_COPY = Flaw("C17", "QA_WEAK", "general", "消防安全通道堆放成品", ("order_rectify", "copy_department"), _order())
_LENT = Flaw(
    "C08", "CERT_FORGE_LEND_TRADE", "serious", "将证书出借给未获证企业使用", CLUE, _order() | {"goods_value_fen": 4_200_000}
)


def _skipped(year: int) -> Flaw:
    fact = "初始工厂检查记录的日期检查组未到厂, 由企业代填"
    return Flaw("C13", "CB_PROCEDURE_CHANGED", "serious", fact, (), {"act_on": str(date(year, 5, 14))})


def _absent(year: int) -> Flaw:
    return Flaw("C12", "CB_NO_FOLLOWUP", "general", f"{year - 2}年以来认证机构未进行获证后跟踪检查", (), {})


def special(days: Timeline) -> tuple[Scenario, ...]:
    """The scenarios that are played once each; days are working days of the campaign."""
    wire = _uncertified(products(days.year)["WIRE_CABLE"][0].code, "未获证的聚氯乙烯绝缘电线出厂120卷, 货值9.6万元")
    weekend = days.working_weekend_day
    return (
        Scenario("refusal to sign", days.day(15), (REGISTER,), refuses_to_sign=True),
        Scenario("rectification failed, turned into a case", days.day(18), (LABEL,), rectified=False),
        Scenario("uncertified supply, case to closure", days.day(20), (wire,)),
        Scenario("letter to the body followed by its suspension", days.day(25), (_SAMPLE,)),
        Scenario("suspended between draw and inspection", days.day(28), suspended_on=days.day(22)),
        _helmet(days, days.day(29)),
        Scenario("supply while suspended", days.day(30), (_supplied(days.day(25)),), suspended_on=days.day(19)),
        Scenario("forged mark above the criminal threshold", days.day(33), (_FORGED,)),
        Scenario("qualification matter through to SAMR", days.day(35), (_skipped(days.year),)),
        Scenario("body's follow-up missing", days.day(38), (_absent(days.year), QUALITY)),
        Scenario("first and slight: clue not filed", days.day(39), (_FIRST_TIME,)),
        Scenario("another department informed", days.day(40), (_COPY,)),
        Scenario("notice before the October holiday", days.after_holiday),
        Scenario("inspected on the working Saturday", weekend, (LABEL,)),
        Scenario("notice on the working Saturday", after(weekend, 1)),
        Scenario("certificate lent, found after the interim cut-off", days.after_cutoff(2), (_LENT,)),
    )


@dataclass(frozen=True)
class Visit:
    """One inspection with the scenario it plays."""

    assignment: dict[str, Any]
    scenario: Scenario
    on: date
    listed: dict[str, Any]

    @property
    def city(self) -> str:
        """Where it is."""
        return str(self.assignment["city"])

    @property
    def inspection(self) -> str:
        """Its id."""
        return str(self.listed["id"])

    @property
    def path(self) -> str:
        """Where the inspection stands in the API."""
        return f"/v1/inspections/{self.inspection}"


def notice_day(inspection_on: date) -> date:
    """The day before, or the last working day before it."""
    return dataset().calendar.previous_working_day(inspection_on)


def after(day: date, working_days: int) -> date:
    """So many working days later."""
    return dataset().calendar.add_working_days(day, working_days)


def ordinary(place: int) -> Scenario:
    """What the other inspections meet: every fourth has something to put right."""
    flaws = (ORDINARY[place // 4 % len(ORDINARY)],) if place % 4 == 0 else ()
    return Scenario("ordinary", None, flaws)
