"""Names out of files and titles of readers are text wherever they stand: in Markdown, in figures, in tables to save."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_scores import ScoredUpload
from core.lessons import LESSONS
from core.runs.store import Store
from core.verification.scored_pairs import ScoredPairs
from tests.core.measuring import measured
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import list_of_runs, opened
from tests.imports import ROOT, python_files

STRANGE = "![x](http://127.0.0.1:9/p)<img src=x onerror=alert(1)>:material/home: **b** $x$"
MARKS = ("![", "](http", "<img", ":material/home:", "**b**", "$x$")
KINDS = ("label-errors", "duplicates", "hubs", "outliers")  # of suspects on Explore
SECTIONS = ("wrong-pairs", "identities", "calibration", "over-epochs", "hand-over")


def finished(store: Store, name: str) -> str:
    for state in ("running", "finished"):
        store.set_state(name, state)
    store.describe(name, title=STRANGE, note=STRANGE)
    return name


def texts(app: AppTest) -> list[str]:
    """All that a page hands to Markdown."""
    said = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.subheader]
    labels = [one.label for one in [*app.button, *app.selectbox, *app.text_input, *app.checkbox, *app.toggle]]
    return [*(one.value for one in said), *labels]


def check(app: AppTest) -> None:
    bare = [re.sub(r"\\.", "", text) for text in texts(app)]  # without what is escaped
    assert not [text for text in bare if any(mark in text for mark in MARKS)]


@pytest.mark.parametrize("section", SECTIONS)
def test_names_of_embeddings_are_text(section: str, store: Store) -> None:
    points = np.random.default_rng(0).normal(size=(120, 4)).astype(np.float32)
    classes = tuple(f"{STRANGE} {number}" for number in range(10))
    files = tuple(f"{STRANGE} {number}" for number in range(120))
    upload = Upload(f"{STRANGE}.npz", points, np.arange(120) % 10, classes, EUCLIDEAN, files)
    name = finished(store, measured(store, upload)[0].folder.name)
    check(list_of_runs(opened("verify", run=name, section=section)))


@pytest.mark.parametrize("kind", KINDS)
def test_so_they_are_on_explore(kind: str, store: Store) -> None:
    points = np.random.default_rng(0).normal(size=(120, 4)).astype(np.float32)
    points[7] = points[5]
    classes, files = (tuple(f"{STRANGE} {number}" for number in range(count)) for count in (10, 120))
    upload = Upload(f"{STRANGE}.npz", points, np.arange(120) % 10, classes, EUCLIDEAN, files)
    name = finished(store, measured(store, upload)[0].folder.name)
    app = opened("explore", run=name, search="1", suspects=kind, query="5")
    check(app)
    assert any(button.key.startswith(f"explore.suspect.{kind}") for button in app.button if button.key)
    helps = [button.help for button in app.button if (button.key or "").startswith("explore.answer.")]
    assert helps and not [text for text in helps if any(mark in re.sub(r"\\.", "", text) for mark in MARKS)]


@pytest.mark.parametrize("section", SECTIONS)
def test_so_are_names_of_pairs(section: str, store: Store) -> None:
    generator = np.random.default_rng(0)
    places = generator.integers(0, 10, (2, 400))
    pairs = ScoredPairs(
        generator.normal(size=400),
        places[0] == places[1],
        *places.astype(np.int64),
        tuple(f"{STRANGE} {number}" for number in range(10)),
    )
    name = finished(store, measured(store, ScoredUpload(f"{STRANGE}.csv", pairs))[0].folder.name)
    check(list_of_runs(opened("verify", run=name, section=section)))


@pytest.mark.parametrize("page", ["train", "mine", "verify", "compare", "explore", "status"])
def test_so_are_titles_and_notes(page: str, store: Store) -> None:
    name = made_run(store.root).folder.name
    store.describe(name, title=STRANGE, note=STRANGE)
    check(list_of_runs(opened(page, run=name, runs=f"{name},digits-softmax")))


@pytest.mark.parametrize("page", ["learn", "train", "mine", "verify", "compare", "explore"])
def test_so_is_whatever_an_address_says(page: str, store: Store) -> None:
    names = ("run", "runs", "lesson", "epoch", "anchor", "goal", "section", "weights", "frame", "protocol", "far")
    names += ("query", "colour", "search", "suspects")
    check(opened(page, **dict.fromkeys(names, STRANGE)))


def test_tables_are_saved_in_one_way_alone() -> None:
    """In the one that keeps a spreadsheet from calculating a name."""
    writes = {
        file.relative_to(ROOT).as_posix()
        for file in [*python_files("core"), *python_files("dashboard")]
        if "csv.writer" in (source := file.read_text()) or "to_csv" in source or "DictWriter" in source
    }
    assert writes == {"core/handover/csv_table.py"}
    saved = [file for file in python_files("dashboard") if "text/csv" in file.read_text()]
    assert len(saved) == 5 and all("csv_of(" in file.read_text() for file in saved)
    assert "csv_of(" in (ROOT / "core" / "handover" / "comparison_tables.py").read_text()
    assert "disableDataExport = true" in (ROOT / ".streamlit" / "config.toml").read_text()


def test_our_components_make_no_elements_of_texts() -> None:
    """Labels come to them as hover texts, captions and readouts, which are set as text alone."""
    scripts = {file.name: file.read_text() for file in (ROOT / "dashboard").rglob("*.js")}
    makers = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment")
    assert len(scripts) > 20 and "textContent" in scripts["hover.js"]
    assert not [name for name, script in scripts.items() if any(maker in script for maker in makers)]


def test_nothing_is_drawn_as_html_but_our_own_style_sheets() -> None:
    sources = {file.relative_to(ROOT).as_posix(): file.read_text() for file in python_files("dashboard")}
    assert not [name for name, source in sources.items() if "unsafe_allow_html" in source]
    drawn = {name for name, source in sources.items() if "st.html(" in source}
    ours = {"dashboard/navigation.py", "dashboard/url.py", "dashboard/components/hidden_parts.py"}
    assert drawn == ours | {"dashboard/glossary/panel.py"}, "whose words are those of the glossary, escaped"
    assert "st.html(HIDDEN)" in sources["dashboard/url.py"], "a style of its own, too"
    hidden = {key for lesson in LESSONS.values() for step in lesson.steps for key in step.hides}
    assert hidden and all(re.fullmatch(r"[a-z.]+", key) for key in hidden), "of parts of the page, in such a style"
