"""Every page opens, in every state a run can be in, with its own header and no exception."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.experiment.presets import RECORDINGS
from tests.dashboard.pages import checked_runs, chosen_in_the_list, opened, shown_run, trained_by
from tests.engines import without_engine
from tests.imports import ROOT

pytestmark = pytest.mark.usefixtures("empty_store")
HEADERS = {
    "learn": "Watch an embedding space form",
    "train": "Train",
    "mine": "Mine",
    "verify": "Verify",
    "compare": "Compare",
    "explore": "Explore",
}


@pytest.mark.parametrize("page", HEADERS)
def test_a_page_opens_with_its_header(page: str) -> None:
    assert HEADERS[page] in [header.value for header in opened(page).subheader]


@pytest.mark.parametrize("page", ["train", "mine", "verify", "compare", "explore"])
@pytest.mark.parametrize("name", ["0" * 32, "../../etc", "<b>", "nowhere"])
def test_an_unknown_run_in_the_address_breaks_nothing(page: str, name: str) -> None:
    opened(page, run=name, runs=name)


@pytest.mark.parametrize("page", ["mine", "verify", "explore"])
def test_the_address_names_the_run(page: str) -> None:
    app = opened(page, run="digits-softmax")
    assert shown_run(app) == "digits-softmax"
    chosen_in_the_list(app, "digits-batch-hard")
    assert "digits-batch-hard" in app.query_params["run"]


def test_the_address_names_the_compared_runs() -> None:
    app = opened("compare", runs="digits-softmax,nowhere,digits-batch-hard")
    assert checked_runs(app) == ["digits-batch-hard", "digits-softmax"]


def test_the_lessons_that_the_pages_tell_of_are_recorded() -> None:
    assert {folder.name for folder in (ROOT / "assets" / "recorded").iterdir()} == set(RECORDINGS)


def test_differing_settings_alone_are_compared() -> None:
    (table,) = (text.value for text in opened("compare").markdown if text.value.startswith("| "))
    assert "| miner |" in table and "| encoder |" not in table
    assert {line.count(" | ") for line in table.splitlines()} == {3}


def test_no_page_loads_the_heavy_libraries(tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(ROOT / "dashboard" / "navigation.py")!r}, default_timeout=60)
for page in {list(HEADERS)!r}:
    app.switch_page(f"views/{{page}}.py").run()
    assert not app.exception, app.exception
heavy = {{"torch", "torchvision", "umap", "numba", "faiss", "sklearn", "distributed"}} & set(sys.modules)
assert not heavy, heavy
"""
    environment = {"METRIC_LAB_STORE": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", code]
    with without_engine(tmp_path):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_verify_page_repeats_the_training_of_a_run_on_the_command_line() -> None:
    app = opened("verify", run="digits-batch-hard", section="hand-over")
    command = next(code.value for code in app.code if "core train" in code.value)
    assert trained_by(command) == RECORDINGS["digits-batch-hard"]
