"""Every page opens, in every state a run can be in, with its own header and no exception."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.experiment.options import Parser, read_experiment
from core.experiment.presets import LESSONS, PRESETS
from core.runs.store import Store
from tests.engines import without_engine
from tests.imports import ROOT

HEADERS = {
    "learn": "Watch an embedding space form",
    "train": "Train",
    "mine": "Mine",
    "verify": "Verify",
    "compare": "Compare",
}


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    """A store of its own for every test, and no engine: what an engine does has its own tests."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.runs import state

    state.store.clear()
    yield Store(tmp_path)
    state.store.clear()


def opened(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{page}.py")
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("page", HEADERS)
def test_a_page_opens_with_its_header(page):
    assert HEADERS[page] in [header.value for header in opened(page).subheader]


@pytest.mark.parametrize("page", ["train", "mine", "verify", "compare"])
@pytest.mark.parametrize("name", ["0" * 32, "../../etc", "<b>", "nowhere"])
def test_an_unknown_run_in_the_address_breaks_nothing(page, name):
    opened(page, run=name, runs=name)


@pytest.mark.parametrize("page", ["mine", "verify"])
def test_the_address_names_the_run(page):
    app = opened(page, run="digits-softmax")
    assert app.selectbox(key="url.run").value == "digits-softmax"
    app.selectbox(key="url.run").select("digits-batch-hard").run()
    assert not app.exception
    assert "digits-batch-hard" in app.query_params["run"]


def test_the_address_names_the_compared_runs():
    app = opened("compare", runs="digits-softmax,nowhere,digits-batch-hard")
    assert app.multiselect(key="url.runs").value == ["digits-softmax", "digits-batch-hard"]


def test_the_lessons_that_the_pages_tell_of_are_recorded():
    assert {folder.name for folder in (ROOT / "assets" / "recorded").iterdir()} == set(LESSONS)


def test_one_click_submits_the_first_preset(own_store):
    app = opened("train")
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    (row,) = own_store.rows()
    assert row.experiment == PRESETS["digits"].experiment.described()
    assert row.id in app.query_params["run"]


def test_two_clicks_are_one_run(own_store):
    for _ in range(2):
        app = opened("train")
        next(button for button in app.button if button.label == "Start").click().run()
    assert len(own_store.rows()) == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_fills_every_widget(preset, own_store):
    app = opened("train")
    app.selectbox(key="train.preset").select(preset).run()
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    assert [row.experiment for row in own_store.rows()] == [PRESETS[preset].experiment.described()]


def test_an_experiment_that_does_not_fit_its_data_is_one_sentence(own_store):
    app = opened("train")
    app.number_input(key="train.sampler.p-by-k.classes_per_batch").set_value(11).run()
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    assert "classes_per_batch must be at most the number of training classes (10), got 11" in app.error[0].value
    assert own_store.rows() == []


@pytest.mark.parametrize(
    ("path", "buttons", "promised"),
    [
        ((), ["Stop"], "once a worker has begun"),
        (("running",), ["Pause", "Stop"], "within seconds"),
        (("running", "pausing", "paused"), ["Resume", "Stop"], ""),
        (("running", "stopping", "stopped"), ["Resume"], ""),
        (("running", "failed"), ["Resume"], ""),
    ],
)
def test_a_run_offers_what_its_state_allows(path, buttons, promised, own_store):
    experiment = Experiment()
    row = own_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    for state in path:
        own_store.set_state(row.id, state, "told why")
    app = opened("train", run=row.id)
    assert [button.label for button in app.button if button.label not in ("Start",)] == buttons
    promises = [found.value for found in app.markdown if "map appears here" in found.value]
    assert len(promises) == bool(promised) and all(promised in promise for promise in promises)


def test_differing_settings_alone_are_compared():
    table = opened("compare").dataframe[0].value
    settings = list(table.iloc[:, 0])
    assert "miner" in settings and "encoder" not in settings
    assert table.shape[1] == 1 + 3


def test_no_page_loads_the_heavy_libraries(tmp_path):
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


def trained_by(command: str) -> Experiment:
    """What the command line trains when it is given this command."""
    program, *words = shlex.split(command)
    assert [program, *words[:3]] == ["python", "-m", "core", "train"]
    return read_experiment(words[3:], Parser(prog="train", allow_abbrev=False))[0]


def test_the_train_page_repeats_its_settings_on_the_command_line():
    app = opened("train")
    app.selectbox(key="train.loss").select("contrastive").run()
    app.number_input(key="train.schedule.schedule.epochs").set_value(7).run()
    trained = trained_by(next(code.value for code in app.code))
    assert (trained.loss.name, trained.schedule.epochs) == ("contrastive", 7)
    assert trained.miner.name == app.session_state["train.miner"]


def test_the_verify_page_repeats_the_training_of_a_run_on_the_command_line():
    app = opened("verify", run="digits-batch-hard", section="hand-over")
    command = next(code.value for code in app.code if "core train" in code.value)
    assert trained_by(command) == LESSONS["digits-batch-hard"]
