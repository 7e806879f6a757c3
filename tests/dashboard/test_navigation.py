"""The menu of pages is what the catalogue says, and a language changes its words and no address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import wording
from dashboard.wording import ENGLISH, WORDS, catalogue
from tests.dashboard.pages import opened
from tests.imports import ROOT

GERMAN = """
[learn.batch_hard]
short = "Nur die schwersten"

[train]
name = "Trainieren"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second language that says little."""
    (tmp_path / "en").symlink_to(WORDS / "en")
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "pages.toml").write_text(GERMAN)
    monkeypatch.setattr(wording, "WORDS", tmp_path)
    monkeypatch.setenv("METRIC_LAB_LANGUAGE", "de")
    wording._sentences.cache_clear()
    yield
    catalogue.cache_clear()
    wording._sentences.cache_clear()


def test_the_catalogue_has_a_name_and_an_icon_for_every_page_and_for_nothing_else() -> None:
    views = {file.stem for file in (ROOT / "dashboard" / "views").glob("*.py")} - {"__init__"}
    for what in ("name", "icon"):
        keys = [key.split(".") for key in catalogue(ENGLISH)]
        assert {key[1] for key in keys if key[0] == "pages" and key[2:] == [what]} == views


@pytest.mark.usefixtures("empty_store", "german")
def test_in_another_language_a_page_has_its_address_and_another_name() -> None:
    assert [header.value for header in opened("train").subheader] == ["Trainieren"]


@pytest.mark.usefixtures("empty_store", "german")
@pytest.mark.parametrize("name", ["digits-batch-hard", "Hardest triplets only"])
def test_in_another_language_a_link_names_the_same_lesson(name: str) -> None:
    app = opened("learn", lesson=name)
    (menu,) = (group for group in app.button_group if group.label == "Lesson")
    assert menu.value == "digits-batch-hard" and "Nur die schwersten" in menu.options
