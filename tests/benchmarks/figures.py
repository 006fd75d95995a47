"""Results of a benchmark: a table with the bars, and JSON. A missed bar is printed, never raised."""

import json
import os
import threading
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """A measured value; `least` or `most` is the bar, where there is one."""

    name: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.least is not None:
            return f">= {self.least:g}"
        return "" if self.most is None else f"<= {self.most:g}"

    @property
    def holds(self) -> str:
        """`ok` or `MISSED`, empty without a bar."""
        if not self.bar:
            return ""
        passed = self.value >= self.least if self.least is not None else self.value <= (self.most or 0.0)
        return "ok" if passed else "MISSED"


def show(title: str, figures: list[Figure]) -> None:
    """Print them, with the load of the machine, which every figure depends on."""
    table = Table(title, "value", "unit", "bar", "holds")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:,.2f}", figure.unit, figure.bar, figure.holds)
    load = os.getloadavg()[0]
    Console(width=120).print(table)
    print(f"machine load {load:.1f} on {os.cpu_count()} cores")
    print(json.dumps({title: {figure.name: round(figure.value, 3) for figure in figures}, "load": round(load, 1)}))


class Watch(threading.Thread):
    """How far the resident memory of this process grows while it runs."""

    def __init__(self) -> None:
        """Begin at what it is now."""
        super().__init__(daemon=True)
        self._process = psutil.Process()
        self.first = self.most = self._process.memory_info().rss
        self.ended = threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        while not self.ended.wait(0.1):
            self.most = max(self.most, self._process.memory_info().rss)

    def mark(self) -> None:
        """From now on count what exceeds the most so far."""
        self.first = self.most

    def growth_mb(self) -> float:
        """The growth so far, in MiB."""
        self.ended.set()
        return (self.most - self.first) / 2**20
