"""Whatever a page shows, its address says: what it asks for in vain is refused or falls back, with a note."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import runs
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import chosen_in_the_list, figures, notes, opened, shown_run
from tests.dashboard.verify_pages import named

UNKNOWN = "0" * 32
ALONE = "Shown instead: "


def begins(app: AppTest) -> list[str]:
    return [note.split(". " + ALONE)[0].removeprefix("The address asks for ") for note in notes(app)]


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        ("learn", {"lesson": "nowhere"}, "the lesson “nowhere”, which is no such lesson"),
        ("learn", {"recording": "nowhere"}, "the recording “nowhere”, which is no such recording"),
        ("train", {"frame": "epoch 99"}, "the frame “epoch 99”, of which this run has no map"),
        ("mine", {"epoch": "99"}, "the epoch “99”, of which this run has no snapshot"),
        ("mine", {"anchor": "5000"}, "the anchor “5000”, where the images have the numbers 0 to 299"),
        ("mine", {"anchor": "x"}, "the anchor “x”, where the images have the numbers 0 to 299"),
        ("mine", {"margin": "9"}, "the margin “9”, where margins from 0 to 2 are counted"),
        ("verify", {"snapshot": "epoch 99"}, "the snapshot “epoch 99”, which this run has not kept"),
        ("verify", {"goal": "nonsense"}, "the goal “nonsense”, which is not offered here"),
        ("verify", {"goal": "hand", "threshold": "nan"}, "the threshold “nan”, which is no such threshold"),
        ("verify", {"threshold": "0.5"}, "the threshold “0.5”, which only the goal by hand takes"),
        ("verify", {"far": "1000"}, "the false accept rate “1000”, not from 0 to 100"),
        ("verify", {"safe": "perhaps"}, "the safe side “perhaps”, which is no such safe side"),
        ("verify", {"protocol": "ten-folds"}, "the protocol “ten-folds”, too few identities"),
        ("verify", {"section": "pictures"}, "the section “pictures”, which is not offered here"),
        ("verify", {"weights": "kilograms"}, "the weights “kilograms”, which is not offered here"),
        ("verify", {"order": "random"}, "the order “random”, which is not offered here"),
        ("verify", {"section": "calibration", "share": "0"}, "the share of genuine pairs “0”, not from 0.01 to 99.99"),
        ("verify", {"section": "over-epochs", "beside": "nowhere"}, "the other runs “nowhere”, not all are finished"),
        ("compare", {"runs": "nowhere"}, "the runs “nowhere”, of which nowhere cannot be shown here"),
        ("compare", {"moment": "epoch 999"}, "the frame “epoch 999”, of which none of these runs has a snapshot"),
    ],
)  # fmt: skip
def test_a_wrong_setting_falls_back_and_a_note_says_so(page: str, query: dict[str, str], said: str, run: Run) -> None:
    about = {"run": run.folder.name} if page in ("train", "mine", "verify", "explore") else {}
    (asked, why), found = said.split(", "), begins(opened(page, **about, **query))
    assert len(found) == 1 and found[0].startswith(f"{asked}, ") and why in found[0]


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("page", ["learn", "train", "mine", "verify", "compare", "explore"])
def test_an_address_that_asks_for_nothing_wrong_has_no_note(page: str, run: Run) -> None:
    about = {"run": run.folder.name} if page in ("train", "mine", "verify", "explore") else {}
    assert notes(opened(page, **about)) == []


@pytest.mark.usefixtures("own_store")
def test_links_of_earlier_versions_say_what_they_said(run: Run) -> None:
    assert opened("learn", lesson="Hardest triplets only").get("button_group")[0].value == "digits-batch-hard"
    assert opened("verify", run=run.folder.name, snapshot="epoch 1").selectbox(key="snapshot").value == 10
    app = opened("mine", run=run.folder.name, epoch="1", anchor="17", margin="0.3")
    assert (app.select_slider(key="epoch").value, app.number_input(key="anchor").value) == ("1", 17)


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("page", ["train", "mine", "verify"])
def test_an_unknown_run_is_refused_and_others_are_offered(page: str, run: Run) -> None:
    app = opened(page, run=UNKNOWN)
    assert app.info[0].value.startswith(f"The run “{UNKNOWN}” is not kept here, so nothing is shown in its place.")
    assert not figures(app)
    app.button(key="refusal.0").click().run()
    assert not app.exception and named(app, "run") == run.folder.name and figures(app)


@pytest.mark.usefixtures("own_store")
def test_the_run_travels_with_the_reader(run: Run) -> None:
    app = opened("train", run=run.folder.name)
    for page in ("mine", "verify", "learn", "compare", "mine", "train"):
        app.query_params.clear()  # as the browser does
        app.switch_page(f"views/{page}.py").run()
        assert not app.exception
        sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
        assert [one["query"] for one in sent if "query" in one] == [f"run={run.folder.name}"]
        if page in ("mine", "verify"):
            assert shown_run(app) == run.folder.name
    assert not [caption for caption in app.caption if "an example" in caption.value]


def test_a_run_without_a_snapshot_is_waited_for(empty_store: Store) -> None:
    row = empty_store.submit(EXPERIMENT.described(), EXPERIMENT.run_id(), "first")
    for page in ("mine", "verify"):
        app = opened(page, run=row.id)
        assert [words.value for words in app.markdown if "**first** is queued and has no snapshot yet" in words.value]
        assert not app.info and not figures(app)


@pytest.mark.parametrize(
    ("experiment", "state", "page", "said"),
    [
        ({"upload": "a.npz"}, "finished", "mine", "was brought, not trained, and this page shows trainings"),
        ({"upload": "a.npz"}, "finished", "train", "was brought, not trained, and this page shows trainings"),
        (None, "stopped", "mine", "is stopped and has no snapshot to show. Resume it on Train"),
        (None, "finished", "mine", "The files of **first** are gone from the store"),
        (None, "finished", "verify", "The files of **first** are gone from the store"),
    ],
)
def test_a_run_that_a_page_cannot_show_says_why(
    experiment: dict[str, str] | None, state: str, page: str, said: str, empty_store: Store
) -> None:
    row = empty_store.submit(experiment or EXPERIMENT.described(), EXPERIMENT.run_id(), "first")
    for step in ("running", "stopping", state) if state == "stopped" else ("running", state):
        empty_store.set_state(row.id, step)
    app = opened(page, run=row.id)
    assert said in app.info[0].value and not figures(app)


def test_a_run_whose_folder_was_deleted_is_refused(empty_store: Store) -> None:
    run = made_run(empty_store.root)
    shutil.rmtree(run.folder)
    runs.store.clear()
    app = opened("mine", run=run.folder.name)
    assert "The files of" in app.info[0].value and "are gone from the store" in app.info[0].value


def test_train_opens_at_the_frame_of_the_address(empty_store: Store) -> None:
    run = made_run(empty_store.root)
    app = opened("train", run=run.folder.name, frame="epoch 1")
    (scrub,) = [one["scrub"] for one in sent(app) if one.get("scrub")]
    assert scrub["frame"] == "epoch 1"
    (scrub,) = [one["scrub"] for one in sent(opened("train", run=run.folder.name)) if one.get("scrub")]
    assert scrub["frame"] is None and not scrub["autoplay"]


def sent(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(one.proto.json) for one in app.get("bidi_component")]


def test_a_run_that_was_there_is_played_from_its_beginning(empty_store: Store) -> None:
    run = made_run(empty_store.root)
    app = opened("train", run=run.folder.name)
    next(button for button in app.button if button.label == "Start").click().run()
    (scrub,) = [one["scrub"] for one in sent(app) if one.get("scrub")]
    assert scrub["autoplay"] and not scrub["loop"]


def test_another_run_of_a_menu_leaves_the_frame_of_this_one(empty_store: Store) -> None:
    run = made_run(empty_store.root)
    other = made_run(empty_store.root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))
    app = opened("mine", run=run.folder.name, frame="epoch 1")
    chosen_in_the_list(app, other.folder.name)
    assert (named(app, "run"), named(app, "frame")) == (other.folder.name, None)
    assert Experiment().run_id() not in (run.folder.name, other.folder.name)
