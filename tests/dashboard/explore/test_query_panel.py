"""The rank list of a query as readers see it: in order, right and wrong by a sign, and a click asks anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from dashboard.lookups import neighbourhoods, rank_lists
from dashboard.lookups.neighbourhoods import Progress
from tests.dashboard.large_runs import large_run
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("own_store")


def answers(app: AppTest) -> Iterator[tuple[str, str, str]]:
    """The sign, the distance and the words of each answer."""
    for button in app.button:
        if (button.key or "").startswith("explore.answer."):
            yield button.icon, button.label, button.help


def captions(app: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def test_answers_stand_in_order_with_a_sign_and_their_distance(run: Run) -> None:
    app = opened("explore", run=run.folder.name, epoch="0", query="17")
    listed, labels = rank_lists.rank_list(run.folder.name, 0, 17), run.probe()["labels"]
    shown = list(answers(app))
    assert [label for _, label, _ in shown] == [f"{one:#.3g}" for one in listed.distances]
    signs = {True: ":material/check:", False: ":material/close:"}
    assert [icon for icon, _, _ in shown] == [signs[bool(one)] for one in labels[listed.rows] == labels[17]]
    assert shown[2][2].startswith("Rank 3, ")
    assert {words.split(", ")[1].split(":")[0] for *_, words in shown} == {"right", "wrong"}
    assert len({icon for icon, _, _ in shown}) == 2, "the case must have both"


def test_a_click_on_an_answer_makes_it_the_query(run: Run) -> None:
    app = opened("explore", run=run.folder.name, query="17")
    nearest = int(rank_lists.rank_list(run.folder.name, 20, 17).rows[0])
    app.button(key="explore.answer.0").click().run()
    assert not app.exception and app.number_input[0].value == nearest


def test_what_is_lost_and_the_numbers_of_the_set_are_said(run: Run) -> None:
    app = opened("explore", run=run.folder.name, query="17")
    listed, found = rank_lists.rank_list(run.folder.name, 20, 17), neighbourhoods.found(run.folder.name, 20)
    assert found is not None
    assert f"**{listed.lost} of its 10 nearest are lost on the run's own map**" in captions(app)
    assert f"the run's own map loses {100 * found.of.lost_share:.0f} %" in captions(app)
    numbers = [text.value for text in app.markdown]
    assert f"mAP  \n**{found.of.scores.mean_average_precision:.3f}**" in numbers
    assert f"CMC(1)  \n**{run.snapshots()[-1].recall_at_1:.3f}**" in numbers


def test_who_is_alone_in_a_class_is_told_so(root: Path) -> None:
    run = large_run(root, 61, classes=60)
    assert "No other point is of its class" in captions(opened("explore", run=run.folder.name, query="5"))
    alone = large_run(root, 30, classes=30)
    app = opened("explore", run=alone.folder.name)
    assert "No class has two points, so nobody can be found." in captions(app)


def test_a_large_set_says_how_far_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    monkeypatch.setattr(neighbourhoods, "progress", lambda name, step: Progress(0.34, 17.0, 33.0))
    app = opened("explore", run=run.folder.name)
    (told,) = [one.proto.text for one in app.get("progress")]
    assert told == "Comparing all 300 points: 34 %, 17 s so far, about 33 s to go"
    assert "The lists appear once all points are compared." in captions(app)
    assert len(list(answers(app))) == 12, "one query does not wait"


def test_a_process_that_ended_early_can_be_asked_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    monkeypatch.setattr(neighbourhoods, "has_failed", lambda name, step: not asked)
    monkeypatch.setattr(neighbourhoods, "ask_again", lambda name, step: asked.append(step))
    app = opened("explore", run=run.folder.name)
    assert "has ended early" in app.warning[0].value
    next(button for button in app.button if button.label == "Try again").click().run()
    assert asked == [20] and not app.warning


def test_who_waits_alone_may_cancel_and_begin_anew(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[int] = []
    monkeypatch.setattr(neighbourhoods, "_looked", {})
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    monkeypatch.setattr(neighbourhoods, "progress", lambda name, step: Progress(0.0, 0.0, None))
    monkeypatch.setattr(neighbourhoods, "stop", lambda name, step: stopped.append(step))
    monkeypatch.setattr(neighbourhoods, "is_stopped", lambda name, step: bool(stopped))
    monkeypatch.setattr(neighbourhoods, "ask_again", lambda name, step: stopped.clear())
    app = opened("explore", run=run.folder.name)
    assert [one.proto.text for one in app.get("progress")] == ["Comparing all 300 points: 0 %, 0 s so far"]
    app.button(key="explore.whole.cancel").click().run()
    assert stopped == [20] and "was cancelled" in captions(app) and not app.get("progress") and not app.warning
    app.button(key="explore.whole.again").click().run()
    assert not stopped and app.get("progress")


def test_who_waits_with_others_cannot_cancel_it_for_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    monkeypatch.setattr(neighbourhoods, "READER_SECONDS", 600.0)
    opened("explore", run=run.folder.name)
    app = opened("explore", run=run.folder.name)
    assert "Others wait for it, too." in captions(app)
    assert not [button for button in app.button if button.key == "explore.whole.cancel"]


def test_a_share_of_the_points_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.jobs import measure_neighbourhoods

    monkeypatch.setattr(measure_neighbourhoods, "MOST_POINTS", 60)
    run = large_run(root, 240, classes=24)
    assert "Measured among 60 of 240 points: classes at equal steps, of each as many points as fit." in captions(
        opened("explore", run=run.folder.name)
    )
    assert np.isfinite(rank_lists.rank_list(run.folder.name, 0, 3).average_precision)
