"""One way to ask for a run: the store has it, an engine is there, and the address names it."""

from __future__ import annotations

import re
from pathlib import Path
from queue import Queue

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import FashionMnist
from core.engine import process
from core.experiment.experiment import Experiment
from core.runs.store import Row, Store
from tests.imports import ROOT, python_files

RUN_ID = "0" * 32


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The stores whose engine was seen to."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    from dashboard.lookups import runs
    from dashboard.runs import submit

    seen: list[Path] = []
    monkeypatch.setattr(submit, "ensure_engine", seen.append)
    runs.store.clear()
    return seen


def page() -> None:
    import streamlit as st

    from dashboard.runs.submit import submit

    st.button("Ask", on_click=submit, args=(lambda store: store.submit({"upload": {}}, "0" * 32, "asked"),))


def test_a_run_is_asked_for_and_gone_to_and_an_engine_is_there(engines: list[Path], tmp_path: Path) -> None:
    app = AppTest.from_function(page).run()
    assert not engines and "run" not in app.query_params
    app.button[0].click().run()
    assert not app.exception
    assert RUN_ID in app.query_params["run"] and engines == [tmp_path]
    assert Store(tmp_path).row(RUN_ID).state == "queued"


def test_what_is_refused_starts_no_engine(engines: list[Path]) -> None:
    from dashboard.runs.submit import submit

    def refuse(store: Store) -> Row:
        raise ValueError("no pairs")

    with pytest.raises(ValueError, match="no pairs"):
        submit(refuse)
    assert not engines


def test_a_wish_needs_an_engine_too(engines: list[Path], tmp_path: Path) -> None:
    from dashboard.runs.submit import want

    Store(tmp_path).submit({"upload": {}}, RUN_ID, "asked")
    want(RUN_ID, "stop")
    assert Store(tmp_path).row(RUN_ID).wanted == "stop" and engines == [tmp_path]


def test_no_other_file_of_the_pages_sees_to_an_engine() -> None:
    naming = {file for file in python_files("dashboard") if re.search(r"\bensure_engine\b", file.read_text())}
    assert naming == {ROOT / "dashboard" / "runs" / "submit.py"}


def test_pages_of_tests_start_no_engine_even_when_their_test_is_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What tests patch is taken back while a page that took too long still goes on."""
    monkeypatch.undo()
    from dashboard.runs import submit

    assert submit.ensure_engine is not process.ensure_engine
    submit.ensure_engine(tmp_path)
    assert not process.is_alive(tmp_path)


def test_an_experiment_without_its_images_is_refused(
    engines: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.runs.submit import start

    monkeypatch.setattr(FashionMnist, "needs_download", property(lambda images: True))
    with pytest.raises(ValueError, match="the images must be on this machine, got a data set that has yet to be"):
        start(Experiment(dataset=FashionMnist()))
    assert not engines and Store(tmp_path).rows() == []


def test_an_engine_wakes_while_the_page_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dashboard.lookups import runs
    from dashboard.runs import submit

    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    runs.store.clear()
    woken: Queue[Path] = Queue()
    monkeypatch.setattr(submit, "ensure_engine", woken.put)
    submit.wake_engine()
    assert woken.get(timeout=60) == tmp_path


@pytest.mark.parametrize(
    ("workers", "sentence"),
    [
        ([], ""),
        (["w1"], "worker w1 is getting ready for this machine: about a minute, only once"),
        (["w1", "w2"], "2 workers are getting ready for this machine: about a minute, only once"),
    ],
)
def test_a_waiting_run_waits_for_workers_that_compile(
    workers: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.runs import submit

    monkeypatch.setattr(submit, "compiling_workers", lambda root: workers)
    assert submit.compiling() == sentence
