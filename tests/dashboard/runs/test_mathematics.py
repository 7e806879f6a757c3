"""Runs of earlier mathematics are marked where they are listed and where they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.losses import Contrastive
from core.miners import All
from core.runs.run_folder import Run
from core.samplers import Shuffled
from tests.core.run_files import rewritten
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import listed_titles
from tests.imports import ROOT

VIEWS = ROOT / "dashboard" / "views"
PAIRS = replace(EXPERIMENT, loss=Contrastive(), miner=All(), sampler=Shuffled())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A finished run of pairs; no engine starts."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield made_run(tmp_path, PAIRS)
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(view: str, run: Run) -> AppTest:
    page = AppTest.from_file(str(VIEWS / view), default_timeout=60)
    page.query_params["run"] = run.folder.name
    return page.run()


def captions(page: AppTest) -> str:
    return "\n".join(part.value for part in page.caption)


def test_a_run_of_earlier_mathematics_is_marked_on_its_page_and_in_the_list(run: Run) -> None:
    rewritten(run, "mathematics", "kind")
    page = opened("train.py", run)
    assert not page.exception
    assert "Made by earlier mathematics: its loss of pairs saw only pairs" in captions(page)
    listed = opened("verify.py", run)
    assert not listed.exception
    assert f"{PAIRS.title()} · earlier mathematics" in listed_titles(listed)


def test_a_run_of_today_is_not_marked(run: Run) -> None:
    page, listed = opened("train.py", run), opened("verify.py", run)
    assert not page.exception and "earlier mathematics" not in captions(page)
    assert PAIRS.title() in listed_titles(listed)


def test_a_damaged_run_does_not_break_the_list(run: Run) -> None:
    (run.folder / "run.json").write_text("{")
    from dashboard.lookups import runs

    assert runs.earlier_mathematics(run.folder.name) == ""
    assert run.folder.name in runs.choosable()


def test_a_probe_of_some_classes_says_of_how_many(run: Run) -> None:
    run.write_record(
        replace(run.record(), data=replace(run.record().known_data, evaluation_classes=300, probe_classes=100))
    )
    assert "300 of 719 held-out images of 100 of the 300 classes" in captions(opened("train.py", run))
