"""What the demo shows while it runs: one line a stage, and the day the province has reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from deploy.cli import console


class Line:
    """The line of one stage."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def expect(self, more: int) -> None:
        """So much more is to be done."""
        self._progress.update(self._task, total=(self._progress.tasks[self._task].total or 0) + more)

    def done(self, steps: int = 1) -> None:
        """So much of it is done."""
        self._progress.advance(self._task, steps)

    def say(self, note: str) -> None:
        """Say what is going on."""
        self._progress.update(self._task, note=note)


class Show:
    """All lines of the demo."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lines: dict[str, Line] = {}
        self._today = progress.add_task("legal day 日期", total=None, note="")

    def line(self, name: str) -> Line:
        """The line called `name`, new on the first call."""
        if name not in self._lines:
            self._lines[name] = Line(self._progress, self._progress.add_task(name, total=0, note=""))
        return self._lines[name]

    def reached(self, instant: datetime) -> None:
        """The clock stands at `instant`."""
        self._progress.update(self._today, note=f"{instant:%Y-%m-%d %H:%M}")


@contextmanager
def shown() -> Iterator[Show]:
    """Show progress on the error stream until the end, so that `--json` output stays JSON."""
    columns = (
        SpinnerColumn(finished_text="·"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}[/dim]"),
    )
    with Progress(*columns, console=console.errors) as progress:
        yield Show(progress)
