"""Numbers before stand beside those after; what is no longer known is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_scores import ScoredUpload
from core.jobs.withdraw_samples import pairs_without, take_out
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.scored_pairs import ScoredPairs
from dashboard.verify.before_after import table
from dashboard.wording import say
from tests.core.measuring import measured
from tests.dashboard.verify.sections.test_wrong_pairs import finished
from tests.dashboard.verify_pages import opened, said_by

pytestmark = pytest.mark.usefixtures("own_store")


def test_what_has_changed_is_in_bold() -> None:
    shown = table({"FAR": "1 %", "FRR": "2 %"}, {"FAR": "1 %", "FRR": "3 %"}).splitlines()
    assert shown[2:] == ["| FAR | 1 % | 1 % |", "| FRR | 2 % | **3 %** |"]


def test_scores_without_some_pairs_name_them_and_the_numbers_before(root: Path) -> None:
    generator, is_same = np.random.default_rng(0), np.arange(500) < 150
    scores = np.round(generator.normal(0.4 + 0.3 * is_same, 0.1), 2)
    pairs = ScoredPairs(-scores, is_same, is_similarity=True, lines=np.arange(500) + 2)
    store = Store(root)
    whole = measured(store, ScoredUpload("-my scores.csv", pairs, command=("-my scores.csv", "--closer", "larger")))[0]
    for state in ("running", "finished"):
        store.set_state(whole.folder.name, state)
    left = measured(store, pairs_without(whole.folder.name, whole, np.array([7, 200])))[0]
    for state in ("running", "finished"):
        store.set_state(left.folder.name, state)
    app = opened(left, goal="eer", section="hand-over")
    said = said_by(app)
    assert "2 of 500 pairs left out: rows 7; 200, counted from 0." in said
    assert "| Genuine pairs | 150 | **149** |" in said and "| Similarity at least | 0." in said
    texts = [code.value for code in app.code]
    command = next(text for text in texts if text.startswith("python -m core verify"))
    assert "'./-my scores.csv'" in command and "--without 7,200" in command
    card = next(text for text in texts if '"left_out"' in text)
    assert '"rows": "7,200"' in card and '"file": "-my scores.csv"' in card
    assert any("2 of 500 pairs left out: rows 7; 200" in text for text in texts if text.startswith("#"))


def test_a_first_run_that_is_gone_is_said(root: Path) -> None:
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(12), 5)
    points = generator.normal(size=(12, 4))[labels] + 0.4 * generator.normal(size=(60, 4))
    store = Store(root)
    names = tuple(f"p{label}" for label in range(12))
    files = tuple(f"face-{row}.png" for row in range(60))
    run = measured(store, Upload("faces.npz", points, labels, names, EUCLIDEAN, files))[0]
    new = finished(store, take_out(store, run.folder.name, run, 0, [17]).id)
    assert new.probe()["names"].tolist() == [name for name in files if name != "face-17.png"]
    shutil.rmtree(run.folder)
    app = opened(Run(new.folder), section="hand-over")
    assert say("verify.before.gone") in said_by(app) and "1 of 60 points left out: row 17" in said_by(app)
    command = next(code.value for code in app.code if code.value.startswith("python -m core verify"))
    assert "verify faces.npz --without 17 " in command
    app = opened(new, goal="eer")
    assert any(button.label.startswith("face\\-") for button in app.button)
