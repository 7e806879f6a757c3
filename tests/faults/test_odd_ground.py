"""Pages on odd ground: what is damaged, newer, just begun or out of reach is one sentence, and the rest goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import opened, visited
from tests.dashboard.sent import sent_to_components

PAGES = ("learn", "train", "mine", "verify", "compare", "explore")


def run_in(store: Store, seed: int = 0, **state: str) -> Run:
    return made_run(
        store.root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=seed)), pulls=(0.0, 0.5), **state
    )


def said(app: AppTest) -> list[str]:
    return [*(one.value for one in app.error), *(one.value for one in app.info), *(one.value for one in app.warning)]


@pytest.mark.parametrize("content", ["", "{", '{"step": 0'], ids=["nothing", "a bracket", "half a line"])
def test_compare_in_the_first_second_of_a_run_waits_for_it(content: str, store: Store) -> None:
    sound, young = run_in(store), run_in(store, 1, state="running")
    (young.folder / "snapshots.jsonl").write_text(content)
    opened("compare", runs=f"{sound.folder.name},{young.folder.name}")


@pytest.mark.parametrize("anchor", ["inf", "-inf", "nan", "1e999", "9" * 400, "-" + "9" * 400, "1e308", "٣"])
def test_an_endless_anchor_falls_back_with_a_note(anchor: str, store: Store) -> None:
    opened("mine", run=run_in(store).folder.name, anchor=anchor)


DAMAGE = {
    "cut short": ("run.json", "{"),
    "of a newer version": ("run.json", '{"format": 99, "kind": "of tomorrow"}'),
    "no experiment": ("run.json", '{"format": 1, "experiment": {"loss": {"kind": "of tomorrow"}}}'),
    "no snapshot file": ("snapshots/000010.npz", ""),
    "no probe": ("probe.npz", "no archive"),
    "a line of another kind": ("snapshots.jsonl", "[]\n"),
    "no baselines": ("baselines.json", "{"),
    "no result": ("result.json", "["),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_is_a_sentence_and_another_one_is_shown(page: str, damage: str, store: Store) -> None:
    sound, damaged = run_in(store), run_in(store, 1)
    file, content = DAMAGE[damage]
    (damaged.folder / file).write_text(content)
    visited(page, run=damaged.folder.name, runs=f"{sound.folder.name},{damaged.folder.name}")
    opened(page, run=sound.folder.name, runs=f"{sound.folder.name},digits-semi-hard")


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("section", ["wrong-pairs", "identities", "calibration", "over-epochs", "hand-over"])
def test_beside_a_damaged_run_every_section_of_another_one_is_shown(damage: str, section: str, store: Store) -> None:
    sound, damaged = run_in(store), run_in(store, 1)
    file, content = DAMAGE[damage]
    (damaged.folder / file).write_text(content)
    opened("verify", run=sound.folder.name, section=section)


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_is_out_of_reach_is_a_sentence(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", "/sys/metric-lab")  # where nobody may make a folder
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.lookups import runs

    runs.store.clear()
    app = visited(page)
    told = [sentence.replace("\\", "") for sentence in said(app)]
    if page == "learn":
        assert sent_to_components(app), "a lesson plays without a store"
    else:
        assert any("'/sys/metric-lab'" in sentence and "can be written" in sentence for sentence in told), told
    runs.store.clear()
