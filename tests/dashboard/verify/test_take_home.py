"""The tab that takes home what a run has learned, without a browser: chosen, made in a process, downloaded."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from core.distances import EUCLIDEAN
from core.jobs.export_apart import cancel, folder_of
from core.jobs.export_run import KINDS
from core.jobs.measure_embeddings import Upload, keep, measure
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.verify.take_home import file_name
from tests.core.reports import measured
from tests.dashboard import verify_pages

pytestmark = pytest.mark.usefixtures("own_store")
SECONDS = 120


@pytest.fixture(autouse=True)
def nothing_is_left(root: Path) -> Iterator[None]:
    yield
    for folder in (root / "exports").glob("[0-9a-f]*"):
        cancel(folder)


def opened(run: Run, form: str, **query: str) -> AppTest:
    return verify_pages.opened(run, section="hand-over", form=form, **query)


def labels(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def said(app: AppTest) -> str:
    """As a reader sees it: without the strokes that keep Markdown from taking anything for markup."""
    return "\n".join(part.value for part in (*app.caption, *app.info, *app.error)).replace("\\", "")


@pytest.mark.parametrize("form", KINDS)
def test_every_form_says_what_it_is(run: Run, form: str) -> None:
    app = opened(run, form)
    assert app.selectbox(key="form").value == form
    assert any(button.label == "Make it" for button in app.button) is (form not in ("onnx", "safetensors"))


def test_what_is_possible_here_comes_first_and_the_rest_is_marked(run: Run) -> None:
    app = verify_pages.opened(run, section="hand-over")
    forms = app.selectbox(key="form")
    assert forms.value == "parquet" and any(button.label == "Make it" for button in app.button)
    assert forms.options[:2] == ["Parquet", "NPZ"]
    assert forms.options[-2:] == ["Encoder, ONNX (not possible here)", "Encoder, safetensors (not possible here)"]


def test_the_file_is_called_by_the_title_of_the_run(run: Run) -> None:
    chosen = Namespace(name=run.folder.name, step=20)
    called = file_name(chosen, "npz")
    assert called.startswith("digits-triplet-semi-hard") and called.endswith(f"-npz-{run.folder.name[:12]}-20.zip")


def test_a_run_without_its_checkpoint_says_so(run: Run) -> None:
    assert "must have kept its encoder of step 20, got checkpoints of steps: none" in said(opened(run, "onnx"))


def test_a_form_is_made_beside_the_page_and_then_offered(run: Run, root: Path) -> None:
    app = opened(run, "npz", goal="eer")
    assert not any("Download" in label for label in labels(app))
    app.button(key="take_home.make").click().run()
    assert not app.exception
    end = time.monotonic() + SECONDS
    while not any(label.startswith("Download (") for label in labels(app)):
        assert time.monotonic() < end, said(app)
        assert "must end with its files" not in said(app)
        time.sleep(0.2)
        app.run()
        assert not app.exception
    assert any(button.label == "Make it again" for button in app.button)
    (folder,) = (root / "exports").glob("[0-9a-f]*")
    assert (folder / "export.zip").exists() and folder == folder_of(folder.name)
    again = opened(run, "npz", goal="eer")
    assert any(label.startswith("Download (") for label in labels(again)), "whoever opens the page finds it"
    assert not any(label.startswith("Download (") for label in labels(opened(run, "npz", goal="far")))


def test_what_is_being_made_can_be_cancelled(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.runs.exports.LOOK_SECONDS", 60.0)
    app = opened(run, "parquet")
    (root / "exports").mkdir(exist_ok=True)
    with FileLock(root / "exports" / ".lock"):  # as another export would, so that this one cannot end before it is seen
        app.button(key="take_home.make").click().run()
        assert "kept for a day" in said(app)
        app.button(key="take_home.cancel").click().run()
    assert not app.exception and any(button.label == "Make it" for button in app.button)
    assert not list((root / "exports").glob("[0-9a-f]*"))


def test_too_many_at_a_time_are_refused_in_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.export_apart.MOST", 0)
    app = opened(run, "zip")
    app.button(key="take_home.make").click().run()
    assert not app.exception and "at most 0 exports may be under way" in said(app)


def test_brought_embeddings_have_all_but_an_encoder(root: Path) -> None:
    store = Store(root)
    points, numbers = 2 * measured()[0], np.repeat(np.arange(40), 6)
    row = keep(store, Upload("b*.npz", points, numbers, tuple(f"{n:02d}" for n in range(40)), EUCLIDEAN))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    store.set_state(row.id, "running")
    store.set_state(row.id, "finished")
    run = Run(store.folder(row.id))
    assert "an encoder must be that of a training, got b*.npz, which was brought" in said(opened(run, "onnx"))
    assert any(button.label == "Make it" for button in opened(run, "faiss").button)
