"""The section that hands a threshold over, without a browser: what it shows is of the threshold on the page."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.cli.verify import verify
from core.distances import DISTANCES, EUCLIDEAN
from core.handover.snippet import python_snippet
from core.jobs.measure_embeddings import Upload, keep, measure
from core.jobs.withdraw_samples import take_out
from core.runs.run_folder import Run
from core.runs.store import Store
from core.system.atomic_files import write_json
from tests.core.reports import measured
from tests.dashboard import verify_pages
from tests.dashboard.made_runs import EXPERIMENT, made_run

pytestmark = pytest.mark.usefixtures("own_store")


def opened(run: Run, **query: str) -> AppTest:
    app = verify_pages.opened(run, **{"section": "hand-over"} | query)
    assert [tab.label for tab in app.tabs] == ["Report", "Python", "JSON", "Find it again", "Take home"]
    return app


NAME = "my <b>faces'.npz"


def card_of(app: AppTest) -> dict[str, Any]:
    return json.loads(next(code.value for code in app.code if code.value.startswith("{")))


def test_card_and_code_are_of_the_threshold_on_the_page(run: Run) -> None:
    app = opened(run, goal="hand", threshold="0.8125")
    card = card_of(app)
    assert card["threshold"] == 0.8125 and card["goal"] == {"kind": "hand"} and card["normalisation"] == "l2"
    assert python_snippet(card).strip() in [code.value.strip() for code in app.code]
    labels = [button.proto.label for button in app.get("download_button")]
    samples = ["Embeddings", "Scores"]  # of the files that one can bring
    assert labels == [*samples, "Card (JSON)", "Report", "Python"]


def test_the_link_opens_the_same_view(run: Run) -> None:
    app = opened(run, goal="frr", frr="12.5")
    link = next(code.value for code in app.code if "run=" in code.value)
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert query.pop("run") == run.folder.name and query["goal"] == "frr"
    again = opened(run, **query)
    assert card_of(again) == card_of(app) and card_of(app)["goal"]["max_false_reject_rate"] == 0.125


def test_a_run_is_named_by_its_id(run: Run) -> None:
    app = opened(run)
    assert any(f"The run is **{run.record().id}**, at step 20" in caption.value for caption in app.caption)
    assert not any("python -m core verify" in code.value for code in app.code)


def test_the_card_names_the_checkpoint_of_its_step(run: Run) -> None:
    assert "model_digest" not in card_of(opened(run))
    kept = {"file": "000020.pt", "step": 20, "sha256": "a" * 64}
    manifest = run.folder / "checkpoints" / "manifest.json"
    write_json(manifest, [kept])
    try:
        app = opened(run)
        assert card_of(app)["model_digest"] == "a" * 64
        assert any("a" * 64 in code.value for code in app.code if "is_same" in code.value)
        app.selectbox(key="snapshot").select(10).run()
        assert "model_digest" not in card_of(app)
    finally:
        manifest.unlink()


def test_a_distance_without_code_says_so(root: Path) -> None:
    app = opened(made_run(root, replace(EXPERIMENT, distance=DISTANCES["mahalanobis"]())))
    assert any("two embeddings alone decide, got Mahalanobis" in info.value for info in app.info)
    assert card_of(app)["distance"] == "mahalanobis"


def test_the_command_of_brought_embeddings_makes_the_same_card(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, labels = measured()[0], np.repeat(np.arange(40), 6)
    store = Store(root)
    row = keep(store, Upload(NAME, points, labels, tuple(f"{label:02d}" for label in range(40)), EUCLIDEAN))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    store.set_state(row.id, "running")
    store.set_state(row.id, "finished")
    app = opened(Run(store.folder(row.id)), goal="eer")
    monkeypatch.chdir(tmp_path)
    np.savez(NAME, embeddings=points, labels=labels)
    words = shlex.split(next(code.value for code in app.code if "python -m core verify" in code.value))
    card, again = card_of(app), verify(words[4:])
    shared = set(card) & set(again) - {"date"}
    assert len(shared) > 25 and {name: card[name] for name in shared} == {name: again[name] for name in shared}


def test_the_card_names_who_has_most_pairs_among_those_that_are_left(root: Path) -> None:
    sizes = [4, 4, 30, 4, 4, 4]
    labels = np.repeat(np.arange(6), sizes)
    points = np.random.default_rng(0).normal(size=(6, 8))[labels] + np.random.default_rng(1).normal(size=(50, 8))
    store = Store(root)
    row = keep(store, Upload("crowd.npz", points, labels, ("a", "b", "c", "d", "e", "f"), EUCLIDEAN))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    without = take_out(store, row.id, Run(store.folder(row.id)), 0, range(4))  # all of a
    measure(store.folder(without.id), report=lambda progress: None, wanted=lambda: "run")
    for run_id in (row.id, without.id):
        store.set_state(run_id, "running")
        store.set_state(run_id, "finished")
        card = card_of(opened(Run(store.folder(run_id)), protocol="same-pairs"))
        assert card["one_identity_has_most_pairs"]["genuine"]["identity"] == "c"
