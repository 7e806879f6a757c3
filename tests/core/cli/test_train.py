"""python -m core train, called in place; once in a process of its own, as a user does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.experiment.experiment import Experiment
from core.experiment.presets import suited_to
from core.runs.run_folder import Run
from tests.core.commands import SMALL, refused
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def settings_of_the_process() -> Iterator[None]:
    """The command listens to Ctrl-C and takes one thread; here it shares the process with other tests."""
    heard, threads = signal.getsignal(signal.SIGINT), torch.get_num_threads()
    yield
    signal.signal(signal.SIGINT, heard)
    torch.set_num_threads(threads)


def final(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["train", *SMALL, *words]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def without_times(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "seconds"}


def test_train_in_a_process_of_its_own_leaves_a_run_folder_and_ends_with_its_numbers(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "core", "train", *SMALL, "--seed", "1", "--out", str(tmp_path / "run")]
    done = subprocess.run(words, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    run = Run(tmp_path / "run")
    assert json.loads(done.stdout.splitlines()[-1]) == run.result()
    assert run.experiment().schedule.seed == 1
    assert [step.step for step in run.steps()] == list(range(1, 11))
    assert run.result()["step"] == 10 and run.result()["protocol"] == "closed-set, by sample"
    assert 0 < run.result()["recall_at_1"] < 1 and run.result()["points"] == 60
    assert "epoch 2 of 2, step 10" in done.stderr and "Traceback" not in done.stderr


def test_without_a_folder_the_numbers_are_the_same_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    first = final(capsys)
    assert list(tmp_path.iterdir()) == []
    assert without_times(final(capsys, "--out", "kept")) == without_times(first)
    assert final(capsys, "--out", "kept") == Run(tmp_path / "kept").result()  # trained already: told again


def test_ctrl_c_pauses_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    undisturbed = final(capsys)

    def interrupt(progress: dict[str, Any]) -> None:
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr("core.cli.train.show_progress", interrupt)  # after the first epoch
        assert main(["train", *SMALL, "--out", str(tmp_path)]) == 130
    said = capsys.readouterr()
    assert said.out == "" and "the same command with the same --out goes on from here" in said.err
    assert 0 < len(Run(tmp_path).steps()) < 10 and not Run(tmp_path).result()
    assert without_times(final(capsys, "--out", str(tmp_path))) == without_times(undisturbed)


def test_a_probe_of_few_points_is_told_of_and_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Once 53 seconds of training, then "classes with one point each"."""
    words = (
        "--dataset strokes --encoder mlp --encoder-dimension 2 --dataset-identities 30 "
        "--dataset-samples-per-identity 6 --split by-sample --probe-points 20 --epochs 1"
    )
    assert main(["train", *words.split()]) == 0
    said = capsys.readouterr()
    assert "hint: The probe of 20 points shows two samples or more of 10 of the 30 held-out classes" in said.err
    result = json.loads(said.out.splitlines()[-1])
    assert (result["points"], result["classes"], result["positive_pairs"]) == (20, 10, 10)


def test_a_training_without_a_step_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *SMALL, "--loss-margin", "0"]) == 0
    said = capsys.readouterr()
    assert "hint: an empty band." in said.err
    assert "hint: Nothing was trained: in none of the 10 updates was a term above 0" in said.err
    result = json.loads(said.out.splitlines()[-1])
    assert (result["updates"], result["idle_updates"]) == (10, 10)


@pytest.mark.parametrize(
    "words, message",
    [
        (
            "--dataset strokes --dataset-identities 30 --dataset-samples-per-identity 6 "
            "--split-evaluation-share 0.1".split(),
            "by-sample must hold back two classes, and two samples of one of them, to measure anything",
        ),
        (
            ["--dataset", "digitz"],
            "dataset must be one of digits, faces, pictograms, fashion-mnist, brought, strokes, got 'digitz'",
        ),
        (["--loss-margin", "-3"], "margin must be a number from 0 to 10, got -3.0"),
        (["--epochs", "many"], "epochs must be a whole number from 1 to 1000, got 'many'"),
        (["--nonsense", "1"], "unrecognized arguments: --nonsense 1"),
        (["--sampler-classes-per-batch", "11"], "at most the number of training classes (10), got 11"),
        (["--device", "abacus"], "--device must be one that this machine has (cpu"),
        (["--split", "by-identity", "--split-evaluation-share", "0.05"], "at least 2 identities"),
        (["--dataset-source", "full"], "unrecognized arguments: --dataset-source full"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_sentence_and_leaves_no_folder(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refused(capsys, "train", *words, "--out", str(tmp_path / "run"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_experiment_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    final(capsys, "--out", str(tmp_path / "run"))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    said = refused(capsys, "train", *SMALL, "--seed", "5", "--out", str(tmp_path / "run"))
    assert "must be empty or hold the same experiment" in said
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_list_shows_every_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--list"]) == 0
    said = capsys.readouterr().out
    assert (
        "  batch-hard: Take one triplet per anchor" in said and "    --loss-margin (0.2): gap the loss asks for" in said
    )


@pytest.fixture
def vectors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Embeddings of 12 identities in a file, and a store of the test's own."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(12), 6)
    points = generator.normal(size=(12, 8))[labels] + 0.3 * generator.normal(size=(72, 8))
    np.savez(tmp_path / "points.npz", embeddings=points.astype(np.float32), labels=labels)
    return tmp_path / "points.npz"


def test_data_of_ones_own_are_admitted_and_trained_on_as_suits_them(
    vectors: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--epochs", "2", "--out", str(tmp_path / "run")]
    assert main(["train", "--data", str(vectors), *out]) == 0
    said = capsys.readouterr()
    assert "admitted 12 identities, 72 samples" in said.err
    assert json.loads(said.out.splitlines()[-1])["protocol"].startswith("open-set")
    experiment = Run(tmp_path / "run").experiment()
    (data,) = params_of_dataset(experiment)
    assert experiment == suited_to(data).changed({"schedule": {"epochs": 2}})
    words = ["train", "--data", data, "--epochs", "1", "--loss", "triplet", "--out", str(tmp_path / "other")]
    assert main(words) == 0
    other = Run(tmp_path / "other").experiment()
    assert (other.loss.name, other.encoder.name, params_of_dataset(other)) == ("triplet", "linear", [data])
    assert "admitted" not in capsys.readouterr().err
    assert main(["train", "--data", str(vectors), *out]) == 0, "the same file is the same set, and the same run"


def params_of_dataset(experiment: Experiment) -> list[object]:
    return [value for name, value in experiment.dataset.described().items() if name != "kind"]


def test_data_that_cannot_be_are_refused(vectors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = refused(capsys, "train", "--data", str(vectors), "--dataset", "digits")
    assert "--data must be the only data set, got --dataset digits" in twice
    assert "what is brought must exist" in refused(capsys, "train", "--data", str(vectors.parent / "none.zip"))
