"""The lists of suspects: each with its reasons and an honest note; a click asks, and more are shown on demand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from dashboard.explore import suspects
from dashboard.lookups import neighbourhoods, suspect_lists
from tests.dashboard.large_runs import large_run
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("own_store")


def said(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def asking(app: AppTest, kind: str) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith(f"explore.suspect.{kind}.")]


def test_label_errors_have_a_reason_and_the_list_says_how_well_it_does(run: Run) -> None:
    app = opened("explore", run=run.folder.name, epoch="0")
    first = suspect_lists.label_errors(run.folder.name, 0)[0]
    own = run.probe()["labels"][first.row]
    assert f"Labelled {own}. Of its {first.asked} nearest, {first.by_other} have the label {first.other}" in said(app)
    planted = neighbourhoods.planted(run.folder.name, 0)
    assert planted is not None
    assert f"the first 6 of this list hold {planted.found} of the 6 (any order: 2 %)" in said(app)
    key = f"explore.suspect.label-errors.0.{first.row}.{first.row}"
    app.button(key=key).click().run()
    assert not app.exception and app.number_input[0].value == first.row


def test_more_are_shown_on_demand(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "AT_ONCE", 4)
    app = opened("explore", run=run.folder.name, epoch="0", suspects="outliers")
    found = suspect_lists.outliers_of(run.folder.name, 0) or suspect_lists.label_errors(run.folder.name, 0)
    app = opened("explore", run=run.folder.name, epoch="0")
    assert len(asking(app, "label-errors")) == 4 and found
    next(button for button in app.button if (button.key or "").endswith("label-errors.button")).click().run()
    assert len(asking(app, "label-errors")) == 8


def test_duplicates_stand_in_pairs_with_what_their_labels_say(root: Path) -> None:
    run = large_run(root, 120, classes=6)
    embeddings = run.snapshot(0)["embeddings"].copy()
    embeddings[7], embeddings[9] = embeddings[1], embeddings[2]  # 1 and 7 are of one class, 2 and 9 are not
    np.savez(run.folder / "snapshots" / "000000.npz", allow_pickle=False, embeddings=embeddings)
    app = opened("explore", run=run.folder.name, suspects="duplicates")
    assert "2 pairs nearer than a tenth of the usual distance" in said(app) and "1 of them with two labels" in said(app)
    assert "Equal embeddings. Their labels contradict each other: person 2 and person 3." in said(app)
    assert "Equal embeddings. Both person 1." in said(app)
    assert [key.rsplit(".", 1)[1] for key in asking(app, "duplicates")] == ["2", "9", "1", "7"]


def test_hubs_and_outliers_have_their_reasons(run: Run) -> None:
    hub = suspect_lists.hubs_of(run.folder.name, 20)[0][0]
    app = opened("explore", run=run.folder.name, suspects="hubs")
    assert f"Among the 10 nearest of {hub.occurrences} points; {hub.wrong} of these have another label." in said(app)
    outlier = suspect_lists.outliers_of(run.folder.name, 20)[0]
    app = opened("explore", run=run.folder.name, suspects="outliers")
    assert f"Its 10 nearest reach {outlier.away:.3g} far" in said(app)


def test_an_empty_list_says_so(run: Run) -> None:
    assert not suspect_lists.copies(run.folder.name, 20)
    app = opened("explore", run=run.folder.name, suspects="duplicates")
    assert "No two points are nearly equal." in said(app) and not asking(app, "duplicates")
