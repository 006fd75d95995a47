"""What the stages of the demo share: the services, the agenda, the province, and what has become of the campaign."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from deploy.cli.errors import ApiError
from deploy.demo import cast
from deploy.demo.agenda import Act, Agenda, at
from deploy.demo.client import PATIENCE, Api, UnexpectedError, until
from deploy.demo.province.files import Files
from deploy.demo.province.shapes import Province
from deploy.demo.show import Line, Show
from deploy.demo.timeline import Timeline
from deploy.demo.verify import Verdict
from shared.core.clock import legal_day
from shared.core.province import province

Record = dict[str, Any]


TENTH_SUFFICES = 1000
"""From so many organisations on, a tenth of them is enough for all scenarios."""
STRATA_IN_A_CITY = 10
"""About so many objects a city are needed before each of its strata can have one."""
PLANNED = 100
FACTS_A_SECOND = 200
"""The slowest pace at which a service may consume events."""


@dataclass(frozen=True)
class Size:
    """How large the campaign is."""

    scale: int

    @property
    def ratio(self) -> tuple[int, int]:
        """The smallest part of the frame to be inspected."""
        return (1, 10) if self.scale >= TENTH_SUFFICES else (1, 4)

    @property
    def required(self) -> int:
        """How many that makes."""
        parts, whole = self.ratio
        return -(-self.scale * parts // whole)

    @property
    def planned(self) -> int:
        """The plan figure, below what is required, so that the seal is refused."""
        return min(PLANNED, self.required - 5)

    @property
    def floor(self) -> int:
        """The least of each priority group and city; a small sample cannot afford it."""
        return 1 if self.required >= max(PLANNED, STRATA_IN_A_CITY * len(province().cities)) else 0


@dataclass
class Done:
    """What was done, for the table at the end: a scenario of the campaign and the trace it left."""

    what: str
    trace: str


@dataclass
class Journey:
    """One campaign."""

    api: Api
    agenda: Agenda
    show: Show
    province: Province
    files: Files
    output: Path
    size: Size
    timeline: Timeline = field(default_factory=Timeline.of)
    campaign: str = ""
    draws: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    written: list[Path] = field(default_factory=list)
    summaries: dict[str, Record] = field(default_factory=dict)
    submitted: dict[tuple[str, str], str] = field(default_factory=dict)
    disclosures: dict[str, str] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)

    async def reach(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Live on until then."""
        await self.agenda.reach(at(day, hour, minute))

    def today(self) -> date:
        """The legal day the province has reached."""
        return legal_day(self.agenda.now)

    async def assignments(self) -> list[Record]:
        """Every drawn object, in the order of task numbers."""
        found = await self.api.all("sampling", "/v1/assignments", cast.PLANNER, campaign_id=self.campaign)
        return sorted(found, key=lambda each: str(each["task_no"]))

    async def alive(self) -> list[Record]:
        """Those that were not replaced."""
        return [each for each in await self.assignments() if each["state"] != "object_replaced"]

    async def selected(self, draw: str) -> list[Record]:
        """What a draw selected: its transcript never changes."""
        transcript = await self.api.get("sampling", f"/v1/draws/{draw}/transcript", cast.DRAWER)
        return list(transcript["result"]["selected"])

    async def rejection(self, asking: Awaitable[Any], *codes: str) -> ApiError:
        """Ask for what must be refused with one of `codes`; any rejection counts when none is given.

        Lived through again, it may be refused for another reason, or be what was done after the rejection.
        """
        self.figures["acts refused as they must be"] += 1
        try:
            answer = await asking
        except ApiError as refused:
            if codes and refused.code not in codes and not self.api.again:
                raise
            return refused
        if self.api.again:
            return ApiError("before", 0, {"code": "before"})
        raise UnexpectedError(f"this had to be refused: {answer}")

    def enter(self, when: datetime, act: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Do something later."""
        self.agenda.enter(when, partial(act, *arguments))

    async def each(self, line: Line, acts: Sequence[Act]) -> None:
        """Do acts side by side and count them."""
        line.expect(len(acts))
        await self.agenda.side_by_side(*(partial(_counted, line, act) for act in acts))

    def note(self, what: str, trace: str) -> None:
        """Remember a scenario for the table."""
        self.done.append(Done(what, trace))

    def merged_figures(self) -> list[Record]:
        """What the province counts at the end."""
        return list(self.summaries.get("final", {}).get("figures", []))

    def contents(self, file: Path) -> bytes:
        """A file of the province."""
        return file.read_bytes()

    def write(self, name: str, content: bytes) -> Path:
        """Keep a file."""
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.written.append(path)
        return path

    async def wait(self, what: str, look: Callable[[], Coroutine[Any, Any, Any]], facts: int = 0) -> Any:
        """Wait until another service knows; longer where it has many `facts` to consume."""
        return await until(what, look, PATIENCE + facts / FACTS_A_SECOND)


async def _counted(line: Line, act: Act) -> None:
    await act()
    line.done()
