"""Data files are read once, by package and name."""

import pytest

from shared.core import data_files


def test_a_data_file_is_read_with_its_version_and_its_rows_by_key() -> None:
    assert data_files.load("services.cases", "letters")["version"]
    assert data_files.load("services.cases", "letters") is data_files.load("services.cases", "letters")
    assert data_files.rows("services.sampling", "draw_roles", "step")["seal"]["name_zh"] == "封存"


def test_a_file_that_the_package_does_not_deliver_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        data_files.load("services.cases", "no_such_file")
