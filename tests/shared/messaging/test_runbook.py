"""The runbook names what exists: every command, every metric."""

import re
from pathlib import Path
from typing import Any

import typer.main
from prometheus_client import Counter, Gauge

from deploy.cli.commands import events
from shared.messaging import metrics

RUNBOOK = (Path(metrics.__file__).parent / "runbook.md").read_text()


def test_every_command_of_the_runbook_exists_and_takes_what_it_is_given() -> None:
    group: Any = typer.main.get_command(events.app)
    found = re.findall(r"`ccc events ([\w-]+)((?: [^`]+)?)`", RUNBOOK)
    assert {name for name, _ in found} == set(group.commands)
    for name, arguments in found:
        group.commands[name].make_context(name, arguments.split())


def test_every_metric_is_explained() -> None:
    names = [figure for metric in vars(metrics).values() if isinstance(metric, Counter | Gauge) for figure in metric.describe()]
    assert len(names) > 5
    for figure in names:
        name = f"{figure.name}_total" if figure.type == "counter" else figure.name
        assert f"`{name}" in RUNBOOK, name
