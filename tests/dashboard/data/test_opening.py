"""What a set is used for from its card, on every page that has the panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.images import Images
from core.jobs.measure_embeddings import measure
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard import url
from dashboard.data import opening
from dashboard.data import panel as panel_of_page
from dashboard.train import widget_state
from tests.core.heads import brought, head, vectors
from tests.dashboard.data.panels import ADA, BEN, Reader, again, clicked, kept, keys, panel, words
from tests.dashboard.made_heads import made_head
from tests.dashboard.pages import opened

PAGES = ("train", "verify", "explore")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> Reader:
    return Reader(monkeypatch)


def some_images() -> Images:
    import numpy as np

    pixels = np.random.default_rng(0).integers(0, 256, (48, 12, 12), dtype=np.uint8)
    return Images(pixels, np.repeat(np.arange(8), 6), tuple("abcdefgh"))


def address(app: AppTest) -> str:
    found = app.query_params["run"]
    return found[0] if isinstance(found, list) else found


def drawn(app: AppTest) -> dict[str, object]:
    return app.session_state[widget_state.DRAWN]["dataset"]


def finish(store: Store, name: str) -> None:
    measure(store.folder(name), report=lambda progress: None, wanted=lambda: "run")
    for state in ("running", "finished"):
        store.set_state(name, state)


@pytest.mark.parametrize("page", PAGES)
def test_the_panel_is_the_same_on_every_page(page: str, reader: Reader) -> None:
    kept(vectors(), ADA)
    app = panel(page)
    assert {"data.use", "data.open", "data.edit", "data.admit"} <= keys(app)
    assert "secret voices: " in words(app)


@pytest.mark.parametrize("page", ["verify", "explore"])
def test_vectors_are_opened_where_one_is_and_the_address_names_them(page: str, reader: Reader, store: Store) -> None:
    data = kept(vectors(), ADA)
    app = panel(page)
    app.selectbox(key="data.distance").set_value("cosine").run()
    app = clicked(app, "data.open")
    name = address(app)
    row = store.row(name)
    assert row.kind is Kind.EMBEDDINGS and row.title == "secret voices" and list(row.entry.owned_by) == [ADA.id]
    assert row.experiment["upload"]["admitted"] == data and row.experiment["distance"]["kind"] == "cosine"
    assert "Measuring" in words(app) or "128" in words(app), "how far it is"
    finish(store, name)
    app = panel(page, run=name)
    assert not app.exception and "secret voices" in words(app) + str(app.main)
    reader.become(BEN)
    assert "secret voices" not in words(panel(page, run=name))


def test_from_train_vectors_are_opened_on_verify(reader: Reader, store: Store) -> None:
    kept(vectors(), ADA)
    app = clicked(panel("train"), "data.open")
    (row,) = store.rows()
    assert row.kind is Kind.EMBEDDINGS and row.title == "secret voices"
    assert [header.value for header in app.subheader] == ["Verify"]
    assert "Measuring" in words(app) and "secret voices" in words(app), "that run, and no other"


@pytest.mark.parametrize("page", ["verify", "explore"])
def test_training_is_begun_from_other_pages_too(page: str, reader: Reader) -> None:
    data = kept(vectors(), ADA)
    app = clicked(panel(page), "data.use")
    assert "Train" in [header.value for header in app.subheader]
    assert app.session_state[widget_state.DRAWN]["dataset"] == {"kind": "brought", "data": data}
    assert app.session_state[opening.POPOVER] is False and app.session_state[url.KEPT]["data"] == data
    assert drawn(opened("train", data=data)) == {"kind": "brought", "data": data}, "also when it is loaded anew"


def test_settings_made_for_a_set_stay_as_they_are_changed_and_name_it_until_they_are_started(reader: Reader) -> None:
    data = kept(vectors(), ADA)
    app = opened("train", data=data)
    app.selectbox(key="train.dataset").set_value("digits").run()
    assert drawn(app)["kind"] == "digits", "the set of the address is no second choice"
    app = clicked(again(app), "data.use")
    assert drawn(app) == {"kind": "brought", "data": data}
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception and "data" not in app.query_params and "run" in app.query_params


def test_an_address_of_a_set_that_is_not_there_says_so(reader: Reader) -> None:
    app = opened("train", data="0" * 32)
    assert "must have been admitted here, got none" in words(app) and drawn(app)["kind"] == "digits"


def test_train_does_not_begin_with_what_it_cannot_show(reader: Reader, store: Store) -> None:
    kept(vectors(), ADA)
    name = address(clicked(panel("verify"), "data.open"))
    finish(store, name)
    app = clicked(panel("explore", run=name), "data.use")
    assert "Train" in [header.value for header in app.subheader] and "was brought, not trained" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_images_are_opened_by_the_trainings_that_embed_them(page: str, reader: Reader, store: Store) -> None:
    kept(some_images(), ADA, title="cats")
    app = panel(page)
    assert "data.open" not in keys(app) and "data.use" in keys(app)
    assert not [key for key in keys(app) if key.startswith("data.run.")]


@pytest.mark.parametrize("page", PAGES)
def test_trainings_on_a_set_are_opened_from_its_card(page: str, reader: Reader, store: Store) -> None:
    kept(vectors(), ADA)
    run = made_head(store.root, head(brought(vectors())))
    app = panel(page, run="digits-softmax")
    name = run.folder.name
    assert f"data.run.{name}" in keys(app)
    app = clicked(app, f"data.run.{name}")
    assert address(app) == name and app.session_state[opening.POPOVER] is False
    assert Run(store.folder(name)).snapshots()


@pytest.mark.parametrize("page", ["verify", "explore"])
def test_where_there_is_no_run_the_panel_is_offered(
    page: str, reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("dashboard.lookups.runs.RECORDED", tmp_path / "none")
    app = panel(page)
    assert "Bring your own: images to train an encoder on" in words(app) and "data.admit" in keys(app)


def test_more_than_can_be_measured_is_a_sentence(reader: Reader, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(vectors(), ADA)
    monkeypatch.setattr("core.jobs.measure_embeddings.MOST", {"points": 10, "identities": 100})
    app = clicked(panel("verify"), "data.open")
    assert "must have at most 10 points to be measured here, got 128" in words(app) and store.rows() == []
    assert panel_of_page.POPOVER == opening.POPOVER
