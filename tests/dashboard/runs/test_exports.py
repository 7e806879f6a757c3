"""What is made beside a page: begun, watched, cancelled. That it is downloaded, the tests of its pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs.export_apart import ARCHIVE


def page(folder: str) -> None:
    """One export, which refuses to begin."""
    from pathlib import Path

    from dashboard.runs.exports import Made, offer_made

    def begin() -> None:
        raise ValueError("at most 4 exports may be under way, got 4.")

    offer_made(Made(Path(folder), begin, "name.zip", "Made of all."))


def shown(folder: Path) -> AppTest:
    app = AppTest.from_function(page, args=(str(folder),)).run()
    assert not app.exception
    return app


def test_a_refusal_is_said_once(tmp_path: Path) -> None:
    app = shown(tmp_path / "none")
    app.button(key="take_home.make").click().run()
    assert [one.value.replace("\\", "") for one in app.error] == ["at most 4 exports may be under way, got 4."]
    assert not app.run().error


def test_while_it_is_made_it_can_be_cancelled(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()  # just now: its process has not said yet who it is
    app = shown(folder)
    assert "starting" in app.caption[0].value
    app.button(key="take_home.cancel").click().run()
    assert not folder.exists() and app.button(key="take_home.make")


@pytest.mark.parametrize(("size", "words"), [(2_000, "Download (2 kB)"), (3_210_000, "Download (3.2 MB)")])
def test_what_is_there_is_offered_with_its_size(size: int, words: str, tmp_path: Path) -> None:
    (tmp_path / ARCHIVE).write_bytes(bytes(size))
    app = shown(tmp_path)
    assert [one.proto.label for one in app.get("download_button")] == [words]
    assert "Made of all." in [one.value for one in app.caption]
