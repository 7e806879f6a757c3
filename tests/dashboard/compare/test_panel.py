"""Runs side by side: their maps, the settings that differ and the numbers of their last snapshots."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.records.main_numbers import QUALITY
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.compare.panel import numbers_compared
from dashboard.lookups import runs
from tests.dashboard import pages
from tests.dashboard.made_runs import EXPERIMENT, PULLS, collapse, made_run
from tests.dashboard.sent import sent_to_components

pytestmark = pytest.mark.usefixtures("own_store")
NAMES = ("digits-softmax", "digits-batch-hard")


def opened(*names: str) -> AppTest:
    return pages.opened("compare", runs=",".join(names))


def table_of(app: AppTest) -> dict[str, dict[str, str]]:
    """What stands in each column, by what its row is called."""
    written = next(text.value for text in app.markdown if text.value.startswith("| "))
    head, _, *rows = [re.sub(r"\\(.)", r"\1", line)[2:-2].split(" | ") for line in written.splitlines()]
    return {title: {row[0]: row[place] for row in rows} for place, title in enumerate(head) if place}


def test_only_what_differs_is_told_of_the_settings() -> None:
    table = table_of(opened(*NAMES))
    assert list(table) == ["softmax", "batch-hard"]
    assert "loss" in table["softmax"] and not {"encoder", "dataset"} & set(table["softmax"])
    assert "–" in table["softmax"].values(), "what only the other run has"


def test_a_miner_is_told_of_no_loss_that_has_none() -> None:
    table = table_of(opened(*NAMES))
    assert table["softmax"]["miner"] == "–" and table["batch-hard"]["miner"] == "batch-hard"


def test_the_numbers_are_those_of_the_last_snapshots() -> None:
    table = table_of(opened(*NAMES))
    for name, title in zip(NAMES, table, strict=True):
        last = runs.run_of(name).snapshots()[-1]
        for number in numbers_compared():
            cell = table[title][number.title].replace(",", "")
            said = float(cell.removesuffix(" %")) / (100 if cell.endswith(" %") else 1)
            is_rough = number.key == "seconds" or number.of(last) >= 10
            assert said == pytest.approx(number.of(last), abs=0.05 if is_rough else 0.0005)


@pytest.fixture(scope="module")
def collapsed(root: Path) -> str:
    """A run of other epochs than `run`, whose last snapshot has collapsed."""
    run = made_run(root, seeded(7), pulls=PULLS[:2], state="running")
    collapse(run)
    return run.folder.name


def seeded(seed: int) -> Experiment:
    return replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=seed))


def said_by(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption).replace("\\", "")


def test_runs_at_different_epochs_are_said_to_be_and_compared_at_one_that_both_have(run: Run, collapsed: str) -> None:
    names = (run.folder.name, collapsed)
    app = opened(*names)
    assert "These runs stand at different epochs: seed 0 at epoch 2, seed 7 at epoch 1." in said_by(app)
    mean = QUALITY[1]
    first, second = (runs.run_of(name).snapshots() for name in names)
    assert table_of(app)["seed 0"][mean.title] == f"{mean.of(first[2]):.3f}" != f"{mean.of(first[1]):.3f}"
    (moments,) = (group for group in app.button_group if group.label == "Numbers")
    moments.set_value("same").run()
    assert not app.exception
    table = table_of(app)
    assert table["seed 0"][mean.title] == f"{mean.of(first[1]):.3f}"
    assert table["seed 7"][mean.title] == f"{mean.of(second[1]):.3f}"
    assert {table[title]["epochs"] for title in table} == {"1"}


def test_runs_at_one_epoch_have_no_such_note(run: Run, root: Path) -> None:
    other = made_run(root, seeded(8)).folder.name
    app = opened(run.folder.name, other)
    assert "different epochs" not in said_by(app)
    assert [group.label for group in app.button_group] == ["Metric"]


def test_a_collapse_is_said_again_because_its_map_can_look_healthy(run: Run, collapsed: str) -> None:
    said = said_by(opened(run.folder.name, collapsed))
    assert "seed 7: Total collapse." in said and "Two images are 0.03 apart on average." in said
    assert "UMAP spreads even points that are nearly equal" in said and "seed 0: " not in said
    assert "collapse" not in said_by(opened(*NAMES))


def test_the_curve_is_of_the_number_that_is_chosen() -> None:
    app = opened(*NAMES)
    assert drawn_number(app) == "MAP@R"
    (metric,) = (group for group in app.button_group if group.label == "Metric")
    assert metric.options == ["Recall@1", "MAP@R", "AUC", "EER"]
    metric.set_value("eer").run()
    assert not app.exception and drawn_number(app) == "EER"
    assert "eer" in app.query_params["metric"]


def drawn_number(app: AppTest) -> str:
    sent = next(one for one in sent_to_components(app) if "of each run over the epochs" in one.get("alt", ""))
    figure = json.loads(sent["figure"])
    return figure["layout"]["yaxis"]["title"]["text"]


def test_a_run_that_has_begun_is_shown_while_others_wait(run: Run, empty_store: Store) -> None:
    own = made_run(empty_store.root, EXPERIMENT).folder.name
    waiting = empty_store.submit(seeded(9).described(), seeded(9).run_id(), "seed 9").id
    app = opened(own, waiting)
    (coming,) = (text.value for text in app.markdown if "hourglass" in text.value)
    assert "**seed 9** (queued, next in line)" in coming
    assert "MAP@R" in table_of(app)[next(iter(table_of(app)))]
