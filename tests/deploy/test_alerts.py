"""The alarms about messages: rules for Prometheus about figures that exist, one or more for every figure of the runbook."""

from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import Counter, Gauge

from deploy import ROOT
from shared.messaging import metrics

RUNBOOK = (Path(metrics.__file__).parent / "runbook.md").read_text()
(GROUP,) = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"]
RULES: dict[str, dict[str, Any]] = {rule["alert"]: rule for rule in GROUP["rules"]}
FIGURES = {
    f"{figure.name}_total" if figure.type == "counter" else figure.name: one._labelnames
    for one in vars(metrics).values()
    if isinstance(one, Counter | Gauge)
    for figure in one.describe()
}


def selectors(rule: dict[str, Any]) -> list[promql_parser.VectorSelector]:
    """The figures that a rule looks at, as Prometheus would parse it."""
    found: list[promql_parser.VectorSelector] = []

    def look(part: Any) -> None:
        if isinstance(part, promql_parser.MatrixSelector):
            found.append(part.vector_selector)
        if isinstance(part, promql_parser.VectorSelector):
            found.append(part)

    promql_parser.walk(promql_parser.parse(rule["expr"]), look)
    return found


@pytest.mark.parametrize("name", RULES)
def test_an_alarm_is_about_figures_and_labels_that_exist(name: str) -> None:
    looked_at = selectors(RULES[name])
    assert looked_at
    for one in looked_at:
        assert one.name in FIGURES
        for label in one.matchers.matchers:
            assert label.name in FIGURES[one.name]
            assert label.name != "reason" or label.value in metrics.REASONS


@pytest.mark.parametrize("name", RULES)
def test_an_alarm_says_in_both_languages_what_is_wrong_and_where_the_runbook_says_what_to_do(name: str) -> None:
    rule = RULES[name]
    said = rule["annotations"]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert "$labels.service" in said["summary"]
    assert "$labels.service" in said["summary_zh"]
    assert any(mark + said["runbook"] in RUNBOOK for mark in ("\n**", "\n## "))


def test_every_figure_has_its_alarm() -> None:
    assert {one.name for rule in RULES.values() for one in selectors(rule)} == set(FIGURES)


def test_every_reason_for_setting_a_message_aside_has_its_alarm() -> None:
    reasons = {label.value for rule in RULES.values() for one in selectors(rule) for label in one.matchers.matchers}
    assert reasons == set(metrics.REASONS)


def test_a_rule_that_prometheus_would_refuse_is_refused_here() -> None:
    with pytest.raises(ValueError, match="parenthesis"):
        selectors({"expr": "sum(ccc_outbox_events"})
