"""Rules as data, read from versioned files; the version in force at the trigger applies."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.deadlines.errors import NoVersionInForce, UnknownRule
from shared.vocabulary import DeadlineUnit

Threshold = Literal["50%", "80%", "1wd", "due", "overdue"]
WARNINGS: tuple[Threshold, ...] = ("50%", "80%", "1wd", "due", "overdue")
PauseGround = Literal[
    "testing",
    "appraisal",
    "hearing",
    "public_notice",
    "suspension",
    "right_holder_identification",
    "review",
    "litigation",
]
Approver = Literal["agency_head", "collective", "assisting_agency", "superior", "issuing_agency"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Law(_Model):
    """One text of a law. `key` in a rule points here; `version` is the day of the text's last amendment."""

    id: str = Field(description="Source key, the same for every version of the law")
    title_zh: str
    title_en: str
    version: date | None = Field(description="Day from which this text of the law is in force; null where not verified")


class ExtensionStep(_Model):
    """One extension that the rule allows, in this order. `amount` null: the term is fixed in the decision itself."""

    by: tuple[Approver, ...] = Field(min_length=1)
    amount: int | None = Field(ge=1, description="Most units that may be added; null = fixed in the decision")
    times: int = Field(default=1, ge=1)
    article: str


class Surcharge(_Model):
    """Money that grows by the day after the term: hundredths of a per cent of the principal, up to a cap."""

    daily_basis_points: int = Field(ge=1)
    cap_basis_points: int = Field(ge=1)


class Rule(_Model):
    """One version of the rule of a deadline. Its id is the deadline's number, with a part after a slash where it has several."""

    id: str = Field(pattern=r"^K\d\d(/[a-z_]+)?$")
    name_zh: str
    name_en: str
    law: str
    article: str
    mark: Literal["N", "F", "K", "U", "D"]
    valid_from: date
    valid_to: date | None = None
    transition: Literal["new_triggers", "running"] = Field(
        default="new_triggers", description="running: also applies to deadlines still running when this version begins"
    )
    unit: DeadlineUnit
    amount: int | None = Field(ge=0, description="Units of the term; null for a fixed date")
    until: date | None = Field(default=None, description="The fixed date, where the rule itself names it")
    direction: Literal["after", "before"] = "after"
    roll: Literal["none", "forward", "backward"] = "none"
    roll_weekend: bool = True
    settable: bool = Field(default=False, description="The act that opens the deadline may set amount or date")
    amount_max: int | None = Field(default=None, ge=1)
    opens_days: int | None = Field(default=None, ge=0, description="In time only from so many days before due")
    extensions: tuple[ExtensionStep, ...] = ()
    pauses: tuple[PauseGround, ...] = ()
    warnings: tuple[Threshold, ...] = WARNINGS
    late: Literal["accept", "refuse", "lapse"] = Field(description="Late: accepted and marked, refused, or lapsed")
    duty: Literal["agency", "party", "police", "nobody"] = Field(
        default="agency", description="Whose act ends the term; only an agency's is counted in its assessment"
    )
    may_wait: bool = Field(
        default=False, description="Opened even where the calendar does not reach its end yet: its act must not wait for the next"
    )
    consequence_zh: str
    consequence_en: str
    follows: str | None = Field(default=None, description="The deadline whose act is the trigger of this one")
    surcharge: Surcharge | None = None

    @property
    def version(self) -> str:
        """Names this version of the rule for ever."""
        return f"{self.id}@{self.valid_from}"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        fixed = self.unit is DeadlineUnit.FIXED_DATE
        if fixed == (self.amount is not None):
            raise ValueError("a term has an amount, a fixed date has none")
        if fixed and self.until is None and not self.settable:
            raise ValueError("a fixed date is named by the rule or set by the act")
        if self.direction == "before" and (self.pauses or self.extensions):
            raise ValueError("a term counted backward knows neither pause nor extension")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class RuleFile(_Model):
    """A file of rules (`ccc-rules/1`). An override file names the province it is for and replaces whole versions."""

    format: Literal["ccc-rules/1"]
    version: str
    province: str | None = Field(default=None, pattern=r"^\d\d$")
    laws: Mapping[str, Law]
    rules: tuple[Rule, ...]


class RuleSet:
    """All rules with all their versions; immutable."""

    def __init__(self, version: str, laws: Mapping[str, Law], rules: Iterable[Rule]) -> None:
        """Sort the versions; the files have been checked before."""
        self.version = version
        self.laws = laws
        self._versions: dict[str, tuple[Rule, ...]] = {}
        for rule in sorted(rules, key=lambda rule: rule.valid_from):
            self._versions[rule.id] = (*self._versions.get(rule.id, ()), rule)

    def __iter__(self) -> Iterator[str]:
        """The ids of all rules."""
        return iter(sorted(self._versions))

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """Every version of a rule, oldest first.

        Raises:
            UnknownRule: there is no such rule.
        """
        try:
            return self._versions[rule_id]
        except KeyError:
            raise UnknownRule(f"没有期限规则 {rule_id} / no rule {rule_id}", pointer="/rule") from None

    def at(self, rule_id: str, day: date) -> Rule:
        """The version in force on `day`.

        Raises:
            UnknownRule: there is no such rule.
            NoVersionInForce: no version of it is in force on that day.
        """
        for rule in reversed(self.versions(rule_id)):
            if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
                return rule
        raise NoVersionInForce(f"{rule_id}: {day} 无生效版本 / no version in force on {day}", pointer="/trigger")

    def successor(self, rule: Rule, due: date) -> Rule | None:
        """The next version, if by its own transition rule it takes over deadlines that still run when it begins."""
        for later in self.versions(rule.id):
            if later.transition == "running" and rule.valid_from < later.valid_from <= due:
                return later
        return None

    def law(self, rule: Rule) -> Law:
        """The text of the law that the rule rests on."""
        return self.laws[rule.law]
