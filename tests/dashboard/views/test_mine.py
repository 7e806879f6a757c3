from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.distances import DISTANCES
from core.experiment.schedule import Schedule
from core.losses import Contrastive, MultiSimilarity
from core.runs.run_folder import Run
from core.statistics.triplet_census import census
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import chosen_in_the_list, counts_on_the_plane, figures, shown_run
from tests.dashboard.sent import sent_with
from tests.imports import ROOT

VIEW = str(ROOT / "dashboard" / "views" / "mine.py")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store without runs, and no recorded lessons."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.lookups.runs.RECORDED", tmp_path / "recorded")
    clear_caches()
    yield tmp_path
    clear_caches()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run, to be copied."""
    return made_run(tmp_path_factory.mktemp("made")).folder.parents[1]


@pytest.fixture
def run(root: Path, made: Path) -> Run:
    shutil.copytree(made, root, dirs_exist_ok=True)
    return Run(root / "runs" / EXPERIMENT.run_id())


def clear_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(**query: object) -> AppTest:
    page = AppTest.from_file(VIEW, default_timeout=30)
    for name, value in query.items():
        page.query_params[name] = str(value)
    return page.run()


def sound(page: AppTest) -> AppTest:
    assert not page.exception
    assert page.subheader[0].value == "Mine"
    return page


def captions(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption)


def counted(run: Run, step: int, margin: float) -> str:
    arrays = run.snapshot(step, "embeddings")
    found = census(arrays["embeddings"], run.probe()["labels"], margin)
    return f"{found.hard:,} hard · {found.semi_hard:,} semi-hard · {found.easy:,} easy"


def test_it_opens_at_the_last_snapshot_and_the_margin_of_the_loss(run: Run) -> None:
    page = sound(opened())
    assert page.select_slider[0].value == "2"
    assert "The loss's own margin is 0.2. All anchors together have 2,349,000 triplets." in captions(page)
    assert counts_on_the_plane(page)[:2] == (0.2, counted(run, 20, 0.2))
    assert "300 of 719 held-out samples · closed-set, by sample · PCA" in captions(page)


def test_it_opens_at_an_anchor_worth_looking_at(run: Run) -> None:
    page = sound(opened())
    anchor = page.number_input[0].value
    labels = run.probe()["labels"]
    distances = np.linalg.norm(run.snapshot(20)["embeddings"] - run.snapshot(20)["embeddings"][anchor], axis=1)
    others = np.arange(300) != anchor
    furthest = distances[others & (labels == labels[anchor])].max()
    assert furthest + 0.2 > distances[labels != labels[anchor]].min(), "not all of its triplets are easy"


@pytest.mark.parametrize("margin", [0.0, 0.06, 0.2, 1.04, 2.0])
def test_the_address_chooses_epoch_anchor_and_margin(run: Run, margin: float) -> None:
    page = sound(opened(epoch="1", anchor=17, margin=margin))
    assert page.select_slider[0].value == "1"
    assert page.number_input[0].value == 17
    at, counts, _ = counts_on_the_plane(page)
    assert at == pytest.approx(margin) and counts == counted(run, 10, margin)


@pytest.mark.parametrize(
    "query",
    [{"margin": "nan"}, {"margin": "-3"}, {"margin": "a"}, {"anchor": "x"}, {"anchor": "5000"}, {"epoch": "99"}],
)
def test_a_broken_address_falls_back_to_what_is_there(run: Run, query: dict[str, str]) -> None:
    page = sound(opened(**query))
    assert counts_on_the_plane(page)[0] == 0.2
    assert 0 <= page.number_input[0].value < 300


def test_another_epoch_keeps_the_anchor(run: Run) -> None:
    page = opened(anchor=17)
    page.select_slider[0].set_value("0").run()
    assert sound(page).number_input[0].value == 17
    assert counts_on_the_plane(page)[1] == counted(run, 0, 0.2)


def test_another_run_with_fewer_images_can_be_chosen(run: Run, root: Path) -> None:
    small = made_run(root, replace(EXPERIMENT, schedule=Schedule(seed=1, probe_points=50)))
    page = opened()
    chosen_in_the_list(page, run.folder.name)
    page.number_input[0].set_value(299).run()
    chosen_in_the_list(page, small.folder.name)
    assert sound(page).number_input[0].value < 50
    assert "50 of 719" in captions(page)


@pytest.mark.parametrize("kind", ["squared-euclidean", "dot-product", "minkowski", "mahalanobis", "hamming"])
def test_triplets_are_counted_in_the_distance_of_the_run(root: Path, kind: str) -> None:
    distance = DISTANCES[kind]()
    run = made_run(root, replace(EXPERIMENT, distance=distance, loss=MultiSimilarity()))
    found = census(run.snapshot(20)["embeddings"], run.probe()["labels"], 0.2, distance=distance)
    page = sound(opened())
    assert counts_on_the_plane(page)[1].startswith(f"{found.hard:,} hard · {found.semi_hard:,} semi-hard")
    assert sent_with(page, f"d(a, p) ({distance.title})")


def test_a_loss_without_a_margin_is_judged_by_a_reference_that_says_so(root: Path) -> None:
    made_run(root, replace(EXPERIMENT, loss=Contrastive()))
    assert "This loss has no margin; the line begins at 0.2." in captions(sound(opened()))


def test_without_any_run_it_says_what_to_do(root: Path) -> None:
    page = sound(opened())
    assert "No run is kept here yet" in page.info[0].value


def test_an_unknown_run_is_named_as_such(run: Run) -> None:
    page = sound(opened(run="0" * 32))
    assert f"The run “{'0' * 32}” is not kept here" in page.info[0].value
    assert not figures(page)
    page.button(key="refusal.0").click().run()
    assert shown_run(sound(page)) == run.folder.name and "own margin is 0.2" in captions(page)
    assert not sound(opened()).info


def test_the_first_anchor_is_the_same_at_every_epoch(run: Run) -> None:
    assert opened(epoch="0").number_input[0].value == opened().number_input[0].value
