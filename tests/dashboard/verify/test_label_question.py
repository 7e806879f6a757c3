"""A question about a label or about one identity that has most of the pairs, each answered by one click."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN, Cosine
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_scores import ScoredUpload
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.scored_pairs import ScoredPairs
from tests.core.measuring import measured
from tests.dashboard.verify_pages import named, opened, said_by

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.fixture
def dominated(own_store: None, root: Path) -> Run:
    """The run of an upload in which one of 31 identities has 60 samples and the others two each."""
    labels = np.repeat(np.arange(31), [60] + [2] * 30)
    generator = np.random.default_rng(0)
    points = generator.normal(size=(31, 4))[labels] + 0.4 * generator.normal(size=(120, 4))
    upload = Upload("faces.npz", points, labels, tuple(f"p{label:02d}" for label in range(31)), EUCLIDEAN)
    store = Store(root)
    run = measured(store, upload)[0]
    for state in ("running", "finished"):
        store.set_state(run.folder.name, state)
    return run


def test_one_identity_with_most_pairs_is_named_with_three_ways_out(dominated: Run, root: Path) -> None:
    app, store = opened(dominated), Store(root)
    assert "are of one identity, p00" in said_by(app)
    app.button(key="asking.weigh").click().run()
    assert not app.exception and named(app, "weights") == "identities"
    assert "Identities counted alike" in said_by(app) and "are of one identity" not in said_by(app)
    for key, points in (("asking.leave", 60), ("asking.cap", 62)):
        app = opened(dominated)
        app.button(key=key).click().run()
        assert not app.exception
        new = Run(store.folder(named(app, "run") or ""))
        assert new.record().known_data.probe_count == points


def listed(store: Store, *, is_swapped: bool) -> Run:
    """The run of pairs that were compared here by the cosine distance; most are of one identity of 31."""
    first, second = np.array([*([0] * 60), *range(1, 31)] * 2), np.array([*([0] * 60), *range(1, 31)] * 2)
    second[90:] = (first[90:] + 1 + np.arange(90) % 29) % 31
    is_same = first == second
    assert is_same.sum() == 90 and ((first == 0) & is_same).sum() == 60
    distances = np.random.default_rng(0).uniform(0.0, 1.0, 180) + (is_same == is_swapped)
    names = tuple(f"p{label:02d}" for label in range(31))
    pairs = ScoredPairs(distances, is_same, first, second, names)
    upload = ScoredUpload("pairs.txt", pairs, "", Cosine(), ("faces.npz", "--pairs", "pairs.txt"))
    run = measured(store, upload)[0]
    for state in ("running", "finished"):
        store.set_state(run.folder.name, state)
    return run


def test_pairs_compared_here_are_so_without_one_identity_too(root: Path) -> None:
    store = Store(root)
    app = opened(listed(store, is_swapped=False))
    app.button(key="asking.leave").click().run()
    assert not app.exception
    record = Run(store.folder(named(app, "run") or "")).record()
    assert record.kind is Kind.LISTED and record.experiment["distance"]["kind"] == "cosine"
    assert record.known_data.pair_count is not None and record.known_data.pair_count < 120
    assert record.known_data.command == (
        "faces.npz",
        "--pairs",
        "pairs.txt",
        "--without",
        record.known_data.command[-1],
    )


def test_no_command_turns_round_what_was_compared_here(root: Path) -> None:
    store = Store(root)
    app = opened(listed(store, is_swapped=True))
    app.button(key="asking.turn").click().run()
    assert not app.exception
    new = Run(store.folder(named(app, "run") or ""))
    assert new.pairs().is_similarity and new.record().known_data.command is None
