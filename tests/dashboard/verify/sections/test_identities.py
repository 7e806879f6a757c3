"""The section that tells who fails: its figure, its words and its table, without a browser."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload, keep
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard import verify_pages
from tests.dashboard.made_runs import EXPERIMENT, write_appraisal, write_snapshot

pytestmark = pytest.mark.usefixtures("own_store")


def opened(run: Run, **query: str) -> AppTest:
    return verify_pages.opened(run, **{"section": "identities"} | query)


SIZES = [8] * 24 + [1] * 2  # 24 with genuine pairs, so that there are halves to report on
GOAT, LAMB = 3, 5


@pytest.fixture(scope="module")
def animals(root: Path) -> Run:
    """Embeddings that a reader brought: one identity scatters, another is nearer to all others."""
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(len(SIZES)), SIZES)
    middles = np.eye(len(SIZES), 32)
    middles[LAMB] += 0.5 * (middles.mean(axis=0) - middles[LAMB])
    scatter = np.where(labels == GOAT, 0.4, 0.1)[:, None] * generator.normal(size=(len(labels), 32))
    points = (middles[labels] + scatter).astype(np.float32)
    store = Store(root)
    row = keep(store, Upload("planted.npz", points, labels, tuple(f"person {k}" for k in range(26)), EUCLIDEAN))
    run = Run(store.folder(row.id))
    write_snapshot(run, EXPERIMENT, points, labels, 0)
    write_appraisal(run, EXPERIMENT, labels)
    run.write_result(run.snapshots()[-1].written())
    store.set_state(row.id, "running")
    store.set_state(row.id, "finished")
    return run


def table_of(app: AppTest) -> pd.DataFrame:
    (table,) = app.dataframe
    return table.value


def caption_of(app: AppTest) -> str:
    return next(caption.value for caption in app.caption if "chance would have it" in caption.value)


def by_hand(run: Run, threshold: float) -> dict[str, list[int]]:
    """Wrong pairs of each identity: false rejects, false accepts."""
    points, labels = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64), run.probe()["labels"].tolist()
    names = list(run.record().known_data.class_names)
    wrong = {name: [0, 0] for name in names}
    for a, b in combinations(range(len(labels)), 2):
        is_same, is_accepted = labels[a] == labels[b], np.linalg.norm(points[a] - points[b]) <= threshold
        for label in {labels[a], labels[b]} if is_same != is_accepted else ():
            wrong[names[label]][int(is_accepted)] += 1
    return wrong


def test_the_table_counts_the_wrong_pairs_of_every_identity(run: Run) -> None:
    expected = by_hand(run, 0.75)
    assert all(len(set(counts)) >= 4 for counts in zip(*expected.values(), strict=True)), "identities must differ"
    table = table_of(opened(run, goal="hand", threshold="0.75")).set_index("identity")
    for name, (rejects, accepts) in expected.items():
        row = table.loc[name]
        assert (row["false rejects"], row["false accepts"]) == (rejects, accepts)
        assert row["genuine pairs"] == row["samples"] * (row["samples"] - 1) / 2
        assert row["FRR"] == pytest.approx(100 * rejects / row["genuine pairs"])
        assert row["FAR"] == pytest.approx(100 * accepts / row["impostor pairs"])
        assert row["difference"] == pytest.approx(row["own best"] - 0.75)


def test_the_section_is_drawn_only_where_it_is_chosen(run: Run) -> None:
    def drawn(app: AppTest) -> int:
        return sum("a point for every identity" in one.proto.json for one in app.get("bidi_component"))

    app = opened(run)
    assert (len(app.dataframe), len(app.get("image")), drawn(app)) == (1, 0, 1)
    other = opened(run, section="wrong-pairs")
    assert (len(other.dataframe), len(other.get("image")) > 0, drawn(other)) == (0, True, 0)


def test_planted_animals_are_named_and_come_first(animals: Run) -> None:
    app = opened(animals, protocol="same-pairs")
    table, said = table_of(app), caption_of(app)
    named = dict(zip(table["identity"], table["animal"], strict=True))
    assert (named[f"person {GOAT}"], named[f"person {LAMB}"]) == ("goat", "wolf or lamb")
    assert (table["animal"] != "").tolist() == [True] * 2 + [False] * 24
    assert said.startswith("**1 goat** is refused and **1 wolf or lamb** is mixed up with others more than chance")
    assert (
        "A wolf passes for others, others pass for a lamb; a symmetric comparison cannot tell wolves from lambs."
        in said
    )


def test_who_has_no_genuine_pairs_shows_a_dash_and_is_counted(animals: Run) -> None:
    app = opened(animals, protocol="same-pairs")
    table = table_of(app).set_index("identity")
    alone = table.loc[["person 24", "person 25"]]
    assert alone[["FRR", "FRR 95 %", "own best", "difference"]].isna().all(axis=None)
    assert alone["FAR"].notna().all() and table["FRR"].notna().sum() == 24
    assert app.dataframe[0].proto.placeholder == "–"
    assert "2 with a single sample and so without genuine pairs (–)" in caption_of(app)


def test_only_the_identities_that_report_are_shown(animals: Run) -> None:
    halves = table_of(opened(animals))
    assert len(halves) == 13
    assert halves["impostor pairs"].max() < 8 * (194 - 8)


def test_a_threshold_that_refuses_nobody_leaves_nothing_to_say(run: Run) -> None:
    app = opened(run, goal="hand", threshold="2")
    assert caption_of(app).startswith("None of 10 identities stands out more than chance would have it")
    assert set(table_of(app)["FRR"]) == {0.0} and set(table_of(app)["animal"]) == {""}


def test_learned_boundaries_stand_beside_the_best_thresholds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    learned = np.linspace(0.9, 1.2, 10)
    kept = {"boundary_classes": np.arange(10), "boundaries": learned}
    monkeypatch.setattr(Run, "prototypes", lambda run, step: kept)
    table = table_of(opened(run)).set_index("identity")
    names = list(run.record().known_data.class_names)
    np.testing.assert_array_equal(table.loc[names]["learned boundary"], learned)


def test_boundaries_of_other_classes_are_said_not_to_be_here(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"boundary_classes": np.array([20, 21]), "boundaries": np.array([0.9, 1.0])}
    monkeypatch.setattr(Run, "prototypes", lambda run, step: kept)
    app = opened(run)
    assert "learned boundary" not in table_of(app)
    assert "a boundary for each class it trained on, and none of these is one" in caption_of(app)
