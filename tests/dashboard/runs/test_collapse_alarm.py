from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.wording import say
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.imports import ROOT

VIEW = str(ROOT / "dashboard" / "views" / "train.py")
ALARM = {
    "kind": "total",
    "sentence": "Total collapse: all embeddings have nearly become one point (2 % of the spread).",
    "evidence": ["two images are 0.03 apart on average, where 1.4 would be usual"],
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A finished run whose last snapshot raised the alarm; no engine starts."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    st.cache_data.clear()
    st.cache_resource.clear()
    made = made_run(tmp_path)
    lines = (made.folder / "snapshots.jsonl").read_text().splitlines()
    lines[-1] = json.dumps(json.loads(lines[-1]) | {"alarm": ALARM})
    (made.folder / "snapshots.jsonl").write_text("\n".join(lines) + "\n")
    yield made
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(run: Run) -> AppTest:
    page = AppTest.from_file(VIEW, default_timeout=60)
    page.query_params["run"] = run.folder.name
    return page.run()


def test_the_alarm_says_what_collapsed_and_on_what_evidence(run: Run) -> None:
    page = opened(run)
    assert not page.exception
    said = "\n".join(part.value for part in page.markdown)
    assert ALARM["sentence"] in said and "0.03 apart" in said


def test_one_click_forks_with_a_cure(run: Run) -> None:
    page = opened(run)
    cures = [button for button in page.button if str(button.key).startswith("alarm.")]
    assert len(cures) >= 2
    title = cures[0].label
    cures[0].click().run()
    assert not page.exception
    forked = page.query_params["run"]
    forked = forked[0] if isinstance(forked, list) else forked
    assert forked != EXPERIMENT.run_id()
    described = Run(Store(run.folder.parents[1]).folder(forked)).record()
    assert described.fork and described.fork.cure == title and described.fork.run == EXPERIMENT.run_id()
    assert title in "\n".join(part.value for part in page.caption)
    assert say("train.differences.none") in [part.value for part in page.caption], "the settings are those of the fork"


def test_a_healthy_run_shows_no_alarm(run: Run) -> None:
    text = (run.folder / "snapshots.jsonl").read_text().splitlines()
    text[-1] = json.dumps({key: value for key, value in json.loads(text[-1]).items() if key != "alarm"})
    (run.folder / "snapshots.jsonl").write_text("\n".join(text) + "\n")
    assert "collapse" not in "\n".join(part.value for part in opened(run).markdown)


@pytest.mark.parametrize("lacks", ["", "earlier mathematics: its map was noise"], ids=["of today", "earlier"])
def test_a_run_of_earlier_mathematics_says_what_it_lacks(lacks: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "earlier_mathematics", lambda self: lacks)
    page = opened(run)
    assert not page.exception
    said = [part.value for part in page.caption if ":material/history:" in part.value]
    expected = f":material/history: Made by {lacks}. Started again, its settings give another run."
    assert said == ([expected] if lacks else [])
