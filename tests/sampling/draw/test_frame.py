from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.draw.errors import InvalidFrame, InvalidValue
from services.sampling.draw.frame import check_frame, frame_root, ordered
from services.sampling.draw.text import identifier
from tests.sampling.draw.builders import frame, inspectors, unit


def test_a_frame_in_order_is_accepted() -> None:
    check_frame(frame(), "object")
    check_frame(inspectors(3), "inspector")


@given(st.randoms())
def test_the_order_of_input_does_not_matter(chance: Any) -> None:
    units = frame(9)
    chance.shuffle(units)
    assert frame_root("sm3", ordered(units)) == frame_root("sm3", frame(9))


CHANGES = [
    {"weight": 0},
    {"weight": 1001},
    {"weight": True},
    {"weight": "1"},
    {"salt": "AB" * 16},
    {"salt": "ab" * 15},
    {"items": []},
    {"items": ["b", "a"]},
    {"items": ["a", "a"]},
    {"items": [" a"]},
    {"items": None},
    {"stratum": ""},
    {"unit_id": "a\u0000b"},
    {"unit_id": 7},
    {"rule": "x"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_malformed_organisation_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidFrame) as error:
        check_frame([{**unit(1), **change}], "object")
    assert error.value.pointer == "/frame/0"


@pytest.mark.parametrize("change", [{"items": ["a"]}, {"weight": 2}], ids=str)
def test_an_inspector_has_no_items_and_no_weight(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidFrame):
        check_frame([{**inspectors(1)[0], **change}], "inspector")


@pytest.mark.parametrize("units", [[], None, {}, [None], [{}], [unit(1), unit(1)], [unit(2), unit(1)]], ids=str)
def test_what_is_no_ascending_list_of_units_is_refused(units: Any) -> None:
    with pytest.raises(InvalidFrame):
        check_frame(units, "object")


def test_a_unit_that_stands_twice_is_named() -> None:
    with pytest.raises(InvalidFrame, match="91350100MA0000001X stands twice"):
        check_frame([unit(1), unit(1)], "object")


@pytest.mark.parametrize("text", ["八闽 2024", "a", "é", "\U0001f600", "a\ufeff", "07 11 + 04"])
def test_ordinary_text_is_an_identifier(text: str) -> None:
    assert identifier(text) == text


@pytest.mark.parametrize("text", ["", " a", "a\u3000", "a\n", "e\u0301", "a\x00b", "\u0085", "\ud800", "a\u2003", None, 1, ["a"]])
def test_text_that_two_readers_could_write_differently_is_not(text: Any) -> None:
    with pytest.raises(InvalidValue):
        identifier(text)
