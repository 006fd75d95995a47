"""Words that were given up stay out of the tree, and the guard sees one wherever it is planted."""

from pathlib import Path

import pytest

from tests.architecture import retired_words as guard
from tests.architecture.retired_words import REMAINING, RETIRED


def test_no_retired_word_comes_back() -> None:
    found = guard.hits()
    verdict = guard.retired_words(found, REMAINING)
    assert verdict.seen > 50
    assert verdict.wrong == []


def test_every_entry_of_the_lists_is_still_needed() -> None:
    verdict = guard.needless(guard.hits(), REMAINING)
    assert verdict.seen > 20
    assert verdict.wrong == []


@pytest.mark.parametrize(
    ("file", "text", "word"),
    [
        ("services/x/service.py", "async def _tell(session): ...\n", "tell"),
        ("services/x/service.py", "told_at = 1\n", "told"),
        ("services/x/service.py", "class PoliceRefusal: ...\n", "Refusal"),
        ("shared/messaging/retry.py", "class RetryMender: ...\n", "Mender"),
        ("services/x/api.py", '@router.post("/{id}/police-refusal")\n', "refusal"),
        ("deploy/cli/commands/x.py", 'typer.Option(help="Show parked messages.")\n', "parked"),
        ("shared/messaging/metrics.py", 'PARKED_ROWS = Gauge("ccc_dead_letters", "Rows")\n', "PARKED"),
        ("shared/messaging/metrics.py", 'ROWS = Gauge("ccc_parked_messages", "Rows")\n', "parked"),
        ("shared/messaging/runtime.py", 'log.warning("nobody heard of it", service=name)\n', "heard"),
        ("services/x/__init__.py", '"""A service.\n\nListens: CaseFiled\n"""\n', "Listens"),
        ("services/x/documents/x.typ", "// as it was told\n", "told"),
        ("services/x/data/x.json", '{"note_en": "the party is told"}\n', "told"),
        ("services/x/examples.json", '{"a": {"told_at": "the text of a value is not looked at here: told"}}\n', "told"),
        ("tests/contracts/openapi/x.json", '{"get": {"operationId": "list_parked_messages"}}\n', "parked"),
        ("tests/contracts/openapi/x.json", '{"parameters": [{"name": "told_after"}]}\n', "told"),
        ("tests/contracts/events/x.json", '{"properties": {"toldAt": {}}}\n', "told"),
        ("docker-compose.yml", "# what the docket needs\n", "docket"),
        ("deploy/smoke.sh", "told=$(status)\n", "told"),
        ("tests/x/test_x.py", "def test_the_lighthouse_is_lit(): ...\n", "lighthouse"),
        ("README.md", "The listener is told of stretches.\n", "listener"),
    ],
)
def test_a_retired_word_is_named_with_its_standard_term(tmp_path: Path, file: str, text: str, word: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    wrong = guard.retired_words(guard.hits(tmp_path), {}).wrong
    assert wrong
    assert all(line.startswith(f"{file}:") for line in wrong)
    assert any(line.endswith(f" {word}: say {RETIRED[word.lower()]}") for line in wrong)


def test_words_that_only_contain_a_retired_one_are_left_alone(tmp_path: Path) -> None:
    text = "hearing hearing_notice HearingRecord refuse refused recommended spark department shear stretch intelligence retold\n"
    (tmp_path / "README.md").write_text(text)
    assert guard.hits(tmp_path) == []


def test_a_frozen_file_and_an_allowed_pattern_keep_their_words(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("`told` is now `published`.\n")
    (tmp_path / "README.md").write_text("`stretches` are rows of ccc-date/1.\n")
    found = guard.hits(tmp_path)
    assert [hit.word for hit in found] == ["stretches"]
    assert guard.retired_words(found, {}).wrong == []


def test_a_pattern_is_for_its_files_and_its_place_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("A refusal to sign: an event.listen there, and `stretches` that were told.\n")
    assert [hit.word for hit in guard.hits(tmp_path) if hit.allowed_by is None] == ["refusal", "listen", "told"]


def test_a_folder_may_keep_what_remains_and_no_hit_more(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services/x.py").write_text("told\n")
    assert guard.retired_words(guard.hits(tmp_path), {"services/": 1}).wrong == []
    (tmp_path / "services/y.py").write_text("heard\n")
    assert len(guard.retired_words(guard.hits(tmp_path), {"services/": 1}).wrong) == 2


def test_an_entry_that_nothing_needs_is_named(tmp_path: Path) -> None:
    wrong = guard.needless(guard.hits(tmp_path), {"services/": 1}, tmp_path).wrong
    assert {"CHANGELOG.md is not there", "services/ is clean"} <= set(wrong)
    assert len(wrong) == len(guard.FROZEN) + len(guard.ALLOWED) + 1
