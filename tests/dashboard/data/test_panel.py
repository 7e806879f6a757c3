"""The panel on the Train page: from files to a card, with mends, over a reload, and for who brought them alone."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.admission import coming
from core.admission.asked import Asked
from core.admission.coming import COMING
from core.admission.data_owners import admitted_ids
from core.datasets.admitted import data_root
from dashboard.data import panel
from dashboard.train import widget_state
from tests.core.admission.made import people, zipped
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.lookups import runs

    runs.store.clear()
    yield
    runs.store.clear()


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.session_state[panel.POPOVER] = True
    app.switch_page("views/train.py").run()
    assert not app.exception, app.exception
    assert "Train" in [header.value for header in app.subheader]
    return app


def awaited(app: AppTest) -> AppTest:
    """Once nothing is on its way any more."""
    until = time.monotonic() + 60
    while (token := coming.last_of("")) and coming.look(token).state == COMING:
        assert time.monotonic() < until
        time.sleep(0.05)
    app.run()
    assert not app.exception, app.exception
    return app


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=panel.FILES).set_value([(name, content, "application/octet-stream")]).run()
    app.button(key="data.admit").click().run()
    assert not app.exception, app.exception
    return awaited(app)


def archive(values: np.ndarray, labels: list[int]) -> bytes:
    content = io.BytesIO()
    np.savez(content, embeddings=values, labels=labels)
    return content.getvalue()


def words(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption, *app.error])


def test_nothing_can_be_admitted_before_there_are_files() -> None:
    assert opened().button(key="data.admit").disabled


def test_images_become_a_card(tmp_path: Path) -> None:
    path = zipped(tmp_path / "cats.zip", [*people(3, 2), ("p0/broken.png", b"\x89PNG")])
    app = bring(opened(), "cats.zip", path.read_bytes())
    assert "cats\\.zip: 3 identities, 6 images." in words(app)
    assert "3 genuine and 12 impostor pairs" in words(app)
    assert [one.label for one in app.expander if "left out" in one.label] == ["1 left out"]
    assert list(coming.root().iterdir()) == [], "nothing of what was sent is kept"


def test_a_click_mends_and_the_set_before_stays() -> None:
    values = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    app = bring(opened(), "a.npz", archive(values, [0, 0, 1, 1, 2]))
    assert "1 sample is the only one of its identity" in words(app)
    first = admitted_ids()
    app.button(key="data.mend.drop-single").click().run()
    awaited(app)
    assert "2 identities, 4 embeddings" in words(app) and "Mended: identities of one sample left out (" in words(app)
    assert len(admitted_ids()) == 2 and set(first) < set(admitted_ids())
    app.button(key="data.mend.scale-to-unit").click().run()
    assert "No copies, no single samples, nothing constant." in words(awaited(app))


def test_rows_that_are_not_finite_are_left_out_on_a_click_without_another_upload() -> None:
    values = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    values[2, 0] = np.nan
    app = bring(opened(), "a.npz", archive(values, [0, 0, 1, 1, 1]))
    assert "must be finite, got NaN or infinity in 1 of 5 rows" in words(app).replace("\\", "")
    assert admitted_ids() == []
    app.button(key="data.again").click().run()
    assert "2 identities, 4 embeddings" in words(awaited(app))


@pytest.mark.parametrize("name, said", [("a.pkl", "what is brought must be"), ("a.zip", "must be a whole zip archive")])
def test_what_is_wrong_is_said_and_something_else_can_be_brought(name: str, said: str) -> None:
    app = bring(opened(), name, b"\x80\x04none")
    assert said in words(app).replace("\\", "")
    assert admitted_ids() == [] and list(coming.root().iterdir()) == []


def test_what_is_on_its_way_is_found_again_after_a_reload_and_can_be_called_off(tmp_path: Path) -> None:
    place = coming.new_folder("")
    path = zipped(tmp_path / "a.zip", people())
    # A request whose process has not begun yet.
    (place / "request.json").write_text(json.dumps(Asked(files=(("a.zip", str(path)),)).written()))
    app = opened()
    assert "It goes on when this page is closed." in words(app)
    app.button(key="data.cancel").click()
    app.run()
    assert (place / "cancel").exists() and data_root().exists()


def test_a_name_of_markup_is_shown_as_it_is_written() -> None:
    values = np.eye(4, dtype=np.float32)
    app = bring(opened(), "![x](y) <b>.npz", archive(values, [0, 0, 1, 1]))
    assert "![x](" not in words(app) and "\\!\\[x\\]\\(" in words(app)


def test_what_was_brought_is_trained_on_with_one_click(tmp_path: Path) -> None:
    app = bring(opened(), "people.zip", zipped(tmp_path / "people.zip", people(6, 4)).read_bytes())
    app.button(key="data.use").click().run()
    assert not app.exception, app.exception
    chosen = drawn_settings(app)
    (data,) = admitted_ids()
    assert chosen["dataset"] == {"kind": "brought", "data": data} and chosen["split"]["kind"] == "by-identity"
    assert app.session_state[panel.POPOVER] is False


def test_too_few_people_to_train_on_are_said_to_be(tmp_path: Path) -> None:
    app = bring(opened(), "people.zip", zipped(tmp_path / "people.zip", people(2, 4)).read_bytes())
    app.button(key="data.use").click().run()
    assert not app.exception, app.exception
    assert any("by-identity must have at least 2 identities" in error.value.replace("\\", "") for error in app.error)


def drawn_settings(app: AppTest) -> dict[str, Any]:
    return app.session_state[widget_state.DRAWN]
