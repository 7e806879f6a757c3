"""A comparison taken home from the page, without a browser."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from io import StringIO
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.record import Comparison, rewrite
from core.jobs.export_apart import cancel, folder_of, key_of_comparison, standing
from core.runs.store import Store
from dashboard.compare.take_home import OPEN, csv_of, file_name
from tests.core.comparison.test_command import trained_by
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import opened

SECONDS = 120


@pytest.fixture
def comparison(empty_store: Store) -> Iterator[Comparison]:
    yield compared(empty_store.root)
    for folder in (empty_store.root / "exports").glob("[0-9a-f]*"):
        cancel(folder)


def taken_home(comparison: Comparison) -> AppTest:
    app = opened("compare", comparison=comparison.id)
    assert not app.get("download_button"), "nothing is computed before it is asked for"
    app.session_state[OPEN] = True
    app.run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def said(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.caption, *app.info, *app.error)).replace("\\", "")


def test_tables_are_there_at_once_and_the_command_trains_the_same_runs(comparison: Comparison) -> None:
    app = taken_home(comparison)
    assert labels(app) == ["levels.csv", "differences.csv", "curves.csv"]
    (command,) = [one.value for one in app.code if one.value.startswith("python -m core compare")]
    assert trained_by(command) == list(comparison.members)
    lines = list(csv.DictReader(StringIO(csv_of(comparison, "curves"))))
    assert {(line["strategy"], line["seed"], line["run"]) for line in lines} == {
        (strategy, str(seed), run_id) for run_id, (strategy, seed, _) in comparison.members.items()
    }


def test_what_is_in_the_bin_is_in_no_table(comparison: Comparison, empty_store: Store) -> None:
    gone = comparison.runs_of("random")[1]
    empty_store.delete(gone)
    lines = list(csv.DictReader(StringIO(csv_of(comparison, "curves"))))
    assert {line["run"] for line in lines} == set(comparison.members) - {gone}


def test_report_and_figures_are_made_beside_the_page(comparison: Comparison) -> None:
    app = taken_home(comparison)
    app.button(key="take_home.make").click().run()
    folder, end = (
        folder_of(key_of_comparison(comparison, "files", list(comparison.members))),
        time.monotonic() + SECONDS,
    )
    while not (stands := standing(folder)).archive:
        assert not stands.problem and time.monotonic() < end, stands
        time.sleep(0.2)
    app.run()
    assert not app.exception and labels(app)[-1].startswith("Download (")
    assert "Made of 4 of 4 trainings." in said(app)
    with ZipFile(stands.archive) as archive:
        assert {"report.html", "matrix.svg", "curves.png", "levels.csv", "curves.parquet"} <= set(archive.namelist())


def test_where_no_command_repeats_it_that_is_said(comparison: Comparison, empty_store: Store) -> None:
    tuned = Comparison.read(comparison.written() | {"tuned": {"random": {"schedule": {"learning_rate": 0.1}}}})
    rewrite(empty_store.root, tuned)
    app = taken_home(tuned)
    assert "No single command makes it again" in said(app) and not app.code


def test_the_file_is_called_by_the_title(comparison: Comparison) -> None:
    assert file_name(comparison, "events") == f"two-miners-events-{comparison.id[:12]}.zip"
