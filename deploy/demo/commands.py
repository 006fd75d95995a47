"""`ccc demo`: a whole campaign, and a table of what was done."""

import asyncio
from typing import Annotated

import typer

from deploy.cli import console
from deploy.cli.errors import CommandError
from deploy.cli.options import DEFAULT_HOME, HomeOption
from deploy.demo import province
from deploy.demo.client import NotInTimeError, UnexpectedError
from deploy.demo.journey import Journey
from deploy.demo.run import run
from deploy.demo.show import shown
from deploy.demo.timeline import NoNoticeError, Timeline
from deploy.demo.verify import PAGE
from deploy.local import runtime
from deploy.local.homes import home_at, serving
from deploy.local.supervisor import ProgramFailedError

EXPECTED = (NoNoticeError, CommandError, NotInTimeError, UnexpectedError)
Scale = Annotated[int, typer.Option(min=province.SMALLEST, max=province.LARGEST, help="Certified organisations.")]
Year = Annotated[int | None, typer.Option(help="Year of the campaign; its notice and its calendar must be held.")]
ProvinceCode = Annotated[str | None, typer.Option("--province", help="Code of the province that the runtime serves for good.")]


def register(app: typer.Typer) -> None:
    """Add the demo to `ccc`."""
    app.command()(demo)


def demo(
    scale: Scale = 1043,
    year: Year = None,
    province_code: ProvinceCode = None,
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """Live through a campaign on a synthetic province. Run again after a cut, it goes on where it stopped."""
    place = serving(home_at(home), province_code)
    try:
        timeline = Timeline.of(year)
        now = runtime.ensure_up(place, console.inform)
        with shown() as show:
            journey = asyncio.run(run(now.urls, place, place.directory / "demo", scale, show, timeline))
    except ProgramFailedError as error:
        raise console.fail(str(error)) from error
    except ExceptionGroup as errors:
        if errors.split(EXPECTED)[1]:
            raise
        raise console.fail("\n".join(_messages(errors))) from errors
    except EXPECTED as error:
        raise console.fail("\n".join(_messages(error))) from error
    _report(journey, as_json=json)
    if any(not verdict.holds for verdict in journey.verdicts):
        raise console.fail("a verifier refused a file")


def _messages(error: Exception | BaseExceptionGroup[Exception]) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [message for inner in error.exceptions for message in _messages(inner)]
    return [str(error) or type(error).__name__]


def _report(journey: Journey, *, as_json: bool) -> None:
    figures = [{"figure": name, "value": value} for name, value in journey.figures.items()]
    figures += [{"figure": one["name_en"], "value": _value(one["value"])} for one in journey.merged_figures()]
    files = [{"file": str(path)} for path in sorted(journey.written)]
    verdicts = [{"program": one.program, "file": one.file.name, "holds": one.holds, "said": one.said} for one in journey.verdicts]
    if as_json:
        done = [{"done": one.what, "trace": one.trace} for one in journey.done]
        console.show([{"done": done, "figures": figures, "files": files, "verified": verdicts}], as_json=True)
        return
    console.show([{"done": one.what, "trace": one.trace} for one in journey.done], as_json=False, title="What was done")
    console.show(figures, as_json=False, title="Figures")
    console.show(files, as_json=False, title="Files")
    for program in sorted({one.program for one in journey.verdicts}):
        mine = [one.holds for one in journey.verdicts if one.program == program]
        how = " (its program, run by V8 without a browser)" if program == PAGE.name else ""
        console.inform(f"{program}{how} accepts {sum(mine)} of {len(mine)} files")


def _value(value: object) -> str:
    return f"{value[0]}/{value[1]}" if isinstance(value, list) else str(value)
