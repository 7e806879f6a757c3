"""Data that somebody brought, as others see them: not at all, whoever knows their id, until they are shared; and what
stands on them once they are shared no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.requests import Request

from core.admission import coming
from core.admission.asked import Asked
from core.admission.data_owners import change, entries_of, own_card
from core.datasets.brought import Brought
from core.datasets.images import Images
from core.experiment.experiment import Experiment
from core.experiment.splits import ByIdentity
from core.runs.run_folder import Run
from core.runs.store import Store
from core.samplers import PByK
from dashboard.components import routes
from dashboard.data import opening
from dashboard.data import panel as panel_of_page
from dashboard.lookups import datasets, runs
from dashboard.runs import submit
from dashboard.train import widget_state
from tests.core.heads import brought, head, vectors
from tests.dashboard.data.panels import (
    ADA,
    BEN,
    CID,
    TEACHER,
    Reader,
    again,
    clicked,
    everything,
    kept,
    keys,
    panel,
    words,
)
from tests.dashboard.made_heads import made_head
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import list_of_runs, opened

PAGES = ("train", "mine", "verify", "compare", "explore")
TITLE = "secret voices"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> Reader:
    return Reader(monkeypatch)


@pytest.fixture
def data(reader: Reader) -> str:
    """Ada's."""
    return kept(vectors(), ADA, title=TITLE)


@pytest.fixture
def run(data: str, store: Store) -> Run:
    """Ada's training on them."""
    made = made_head(store.root, head(brought(vectors(), TITLE)))
    store.join(made.folder.name, ADA.id, ADA.name)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_neither_the_data_nor_a_training_on_them_is_there_for_others(page: str, reader: Reader, run: Run) -> None:
    name = run.folder.name
    for who, is_there in ((BEN, False), (ADA, True), (TEACHER, True)):
        reader.become(who)
        app = list_of_runs(opened(page, run=name, runs=f"{name},digits-softmax", beside=name))
        assert (TITLE in everything(app)) is is_there, who


def test_nor_under_any_route(reader: Reader, store: Store) -> None:
    from dashboard.lookups import live_frames

    pixels = np.random.default_rng(0).integers(0, 256, (48, 12, 12), dtype=np.uint8)
    kept(images := Images(pixels, np.repeat(np.arange(8), 6), tuple("abcdefgh")), ADA, title="secret faces")
    parts = {"split": ByIdentity(evaluation_share=0.5), "sampler": PByK(classes_per_batch=4, samples_per_class=4)}
    name = made_run(store.root, Experiment(dataset=brought(images), **parts)).folder.name
    store.join(name, ADA.id, ADA.name)
    made = {route.path: route.endpoint for route in routes.routes(runs.find_probe, live_frames.map_news)}
    request = Request({"type": "http", "path_params": {"name": name}, "query_string": b"", "headers": []})
    for who, status in ((BEN, 404), (ADA, 200), (CID, 404), (TEACHER, 200)):
        reader.become(who)
        assert made["/runs/{name}/probe.png"](request).status_code == status, who
        assert (live_frames.map_news(name, "light", "") is None) is (status == 404)


@pytest.mark.parametrize("page", ["train", "verify", "explore"])
def test_nor_in_the_panel(page: str, reader: Reader, data: str) -> None:
    reader.become(BEN)
    app = panel(page)
    assert TITLE not in everything(app) and "data.use" not in keys(app)


def test_who_knows_the_id_sees_nothing_and_trains_on_nothing(reader: Reader, data: str, store: Store) -> None:
    reader.become(BEN)
    experiment = head(Brought(data))
    for described, expected in ((experiment.dataset.described(), ""),):
        assert datasets.example_strip(described) == datasets.vectors_in_words(described) == expected
        assert datasets.class_counts(described, experiment.split.described()) == []
    with pytest.raises(ValueError, match=f"the data set {data} must have been admitted here, got none"):
        submit.ask_for(experiment)
    with pytest.raises(ValueError, match="the data set 0{32} must have been admitted here, got none"):
        submit.ask_for(head(Brought("0" * 32)))
    assert store.rows() == []


def test_settings_that_name_data_of_others_show_and_start_nothing(reader: Reader, data: str, store: Store) -> None:
    """As of a page that was open while the data were shared."""
    reader.become(BEN)
    app = opened("train")
    settings = head(Brought(data)).described()
    for family, described in settings.items():
        app.session_state[f"train.{family}"] = described["kind"]
        for name, value in described.items():
            if name != "kind":
                app.session_state[widget_state.key_of(family, described["kind"], name)] = value
    app.run()
    assert not app.exception and TITLE not in everything(app) and "person 1" not in everything(app)
    assert "must have been admitted here, got none" in words(app)
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception and store.rows() == []
    assert [one.value for one in app.error if "must have been admitted here, got none" in one.value]


@pytest.mark.parametrize(
    "ask",
    [
        lambda data: panel_of_page._mend(data, "scale-to-unit"),
        lambda data: panel_of_page._give_roles(data, {"label": "label"}),
        lambda data: opening._open_vectors(data, opening.VERIFY, False),
    ],
    ids=["mend", "roles", "open"],
)
def test_nor_is_anything_made_of_them(ask: Callable[[str], Any], reader: Reader, data: str, store: Store) -> None:
    reader.become(BEN)
    ask(data)
    assert not [one for one in coming.root().glob("*") if (one / "request.json").exists()] and store.rows() == []


def test_what_is_shared_is_there_for_all_by_its_title_and_owner(reader: Reader, run: Run, data: str) -> None:
    change(data, [ADA.id], shared_at="2026-01-01")
    reader.become(BEN)
    app = panel("train")
    assert f"{TITLE} · 128 samples · by Ada" in app.selectbox(key="data.chosen").options
    app.selectbox(key="data.chosen").select_index(0)
    app = again(app)
    assert "data.edit" not in keys(app) and "data.use" in keys(app)
    assert TITLE in everything(list_of_runs(opened("train", run=run.folder.name)))
    panel_of_page._mend(data, "scale-to-unit")
    assert not [one for one in coming.root().glob("*") if (one / "request.json").exists()], "used, and not changed"


def test_what_stands_on_them_stays_when_they_are_shared_no_more(reader: Reader, data: str, store: Store) -> None:
    change(data, [ADA.id], shared_at="2026-01-01")
    reader.become(BEN)
    experiment = head(Brought(data))
    row = submit.ask_for(experiment)
    assert row.title.startswith(TITLE) and list(row.entry.owned_by) == [BEN.id]
    store.set_state(row.id, "stopped")
    change(data, [ADA.id], shared_at="")
    assert runs.row_of(row.id) is not None, "it is Ben's"
    submit.want(row.id, "run")
    assert store.row(row.id).wanted == "run", "and goes on"
    with pytest.raises(ValueError, match="must have been admitted here, got none"):
        submit.ask_for(experiment.changed({"schedule": {"seed": 1}}))
    for who, is_there in ((CID, False), (ADA, True), (TEACHER, True)):
        reader.become(who)
        assert (runs.row_of(row.id) is not None) is is_there, who


def test_a_fork_is_a_training_too(reader: Reader, data: str, run: Run, store: Store) -> None:
    from core.training.collapse import Cure
    from dashboard.runs import collapse_alarm

    change(data, [ADA.id], shared_at="2026-01-01")
    store.join(run.folder.name, BEN.id, BEN.name)
    change(data, [ADA.id], shared_at="")
    reader.become(BEN)
    before = len(store.rows())
    collapse_alarm._fork(run.folder.name, Cure("slower", "why", {"schedule": {"learning_rate": 0.0001}}))
    assert len(store.rows()) == before


def test_who_brings_the_same_values_reads_nothing_of_who_came_first(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.admission.admit import admit
    from core.admission.data_owners import Owner

    samples = vectors(named=False)
    cards = []
    for who, title in ((ADA, "secret voices.npz"), (BEN, "talks.npz")):
        path = tmp_path / title
        np.savez(path, embeddings=samples.values, labels=samples.labels)
        owner = Owner(who.id, who.name, is_limited=True)
        cards.append(admit(Asked(files=((title, str(path)),), owner=owner), tmp_path, lambda *_: None))
    assert cards[0].id == cards[1].id and [card.title for card in cards] == ["secret voices.npz", "talks.npz"]
    assert list(entries_of(cards[0].id)) == [ADA.id, BEN.id]
    assert "secret" not in str(own_card(cards[0].id, BEN.id))
    reader.become(BEN)
    app = panel("train")
    assert "talks.npz · 128 samples" in app.selectbox(key="data.chosen").options and "secret" not in everything(app)
    app = clicked(app, "data.use")
    assert "secret" not in everything(app)
    row = submit.ask_for(head(Brought(cards[0].id)))
    assert row.title.startswith("talks.npz · ")


def test_no_other_run_is_hidden(reader: Reader, store: Store) -> None:
    name = made_run(store.root, EXPERIMENT).folder.name
    for who in (ADA, BEN, TEACHER):
        reader.become(who)
        assert runs.row_of(name) is not None
