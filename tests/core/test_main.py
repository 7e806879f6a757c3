"""python -m core, called in place; once in a process of its own, as a user does."""

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
from core.runs.run_folder import Run
from tests.imports import ROOT

SMALL = (
    "--encoder mlp --encoder-dimension 2 --encoder-width 16 --split-evaluation-share 0.95 "
    "--sampler-classes-per-batch 5 --sampler-samples-per-class 4 --epochs 2 --probe-points 60"
).split()


@pytest.fixture(autouse=True)
def settings_of_the_process() -> Iterator[None]:
    """The command listens to Ctrl-C and takes one thread; here it shares the process with other tests."""
    heard, threads = signal.getsignal(signal.SIGINT), torch.get_num_threads()
    yield
    signal.signal(signal.SIGINT, heard)
    torch.set_num_threads(threads)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says against these words: one line on stderr, nothing on stdout, exit code 2."""
    code = main(list(words))
    said = capsys.readouterr()
    assert code == 2 and said.out == ""
    assert said.err.startswith("error: ") and said.err.endswith(".\n") and said.err.count("\n") == 1
    return said.err


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
            "train --dataset strokes --dataset-identities 30 --dataset-samples-per-identity 6 "
            "--split-evaluation-share 0.1".split(),
            "by-sample must hold back two classes, and two samples of one of them, to measure anything",
        ),
        (["trane"], "the command must be one of train, statistics, verify, record, got 'trane'"),
        (["train", "--dataset", "digitz"], "dataset must be one of digits, fashion-mnist, strokes, got 'digitz'"),
        (["train", "--loss-margin", "-3"], "margin must be a number from 0 to 10, got -3.0"),
        (["train", "--epochs", "many"], "epochs must be a whole number from 1 to 1000, got 'many'"),
        (["train", "--nonsense", "1"], "unrecognized arguments: --nonsense 1"),
        (["train", "--sampler-classes-per-batch", "11"], "at most the number of training classes (10), got 11"),
        (["train", "--device", "abacus"], "--device must be one that this machine has (cpu"),
        (["train", "--split", "by-identity", "--split-evaluation-share", "0.05"], "at least 2 identities"),
        (["train", "--dataset-source", "full"], "unrecognized arguments: --dataset-source full"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_one_sentence_and_leaves_no_folder(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "run")] if words[0] == "train" else []
    assert message in refused(capsys, *words, *out)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_experiment_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    final(capsys, "--out", str(tmp_path / "run"))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    said = refused(capsys, "train", *SMALL, "--seed", "5", "--out", str(tmp_path / "run"))
    assert "must be empty or hold the same experiment" in said
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "must be readable and writable" in refused(capsys, "train", *SMALL, "--out", str(tmp_path / "file" / "run"))
    assert (tmp_path / "file").read_text() == "not a folder"


def test_the_list_shows_every_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--list"]) == 0
    said = capsys.readouterr().out
    assert (
        "  batch-hard: Take one triplet per anchor" in said and "    --loss-margin (0.2): gap the loss asks for" in said
    )


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_without_a_command_the_usage_is_shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "train | statistics | verify | record" in capsys.readouterr().out


def saved(folder: Path, embeddings: Any, labels: Any) -> str:
    np.savez(folder / "given.npz", embeddings=np.asarray(embeddings), labels=np.asarray(labels))
    return str(folder / "given.npz")


def test_statistics_are_one_object_of_exact_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a line: 0, 1 and 3 of one class, 2 of another. d(a,p) x d(a,n): 1, 3 with 2; 1, 2 with 1; 3, 2 with 1."""
    file = saved(tmp_path, [[0.0], [1.0], [3.0], [2.0]], ["a", "a", "a", "b"])
    assert main(["statistics", file, "--margin", "0.5"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("hard", "semi_hard", "easy")} == {"hard": 4, "semi_hard": 1, "easy": 1}
    assert (found["positive_pairs"], found["negative_pairs"]) == (3, 3)
    assert {"auc", "eer", "recall_at_1", "map_at_r"} <= set(found)
    assert main(["statistics", file, "--margin", "3.5", "--distance", "squared-euclidean"]) == 0
    squared = json.loads(capsys.readouterr().out)
    assert {name: squared[name] for name in ("hard", "semi_hard", "easy")} == {"hard": 4, "semi_hard": 2, "easy": 0}


@pytest.mark.parametrize(
    "embeddings, labels",
    [
        ([[0.0], [float("nan")], [1.0]], [0, 0, 1]),
        ([[0.0], [1.0], [2.0]], [0, 0, 0]),
        ([[0.0], [1.0], [2.0]], [0, 1, 2]),
        ([[0.0], [1.0]], [0, 0, 1]),
        ([0.0, 1.0, 2.0], [0, 0, 1]),
        (np.zeros((0, 3)), []),
        ([["a"], ["b"]], [0, 1]),
    ],
    ids=["NaN", "one class", "one sample a class", "too many labels", "no dimensions", "empty", "text"],
)
def test_statistics_refuse_embeddings_they_cannot_count(
    embeddings: Any, labels: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, "statistics", saved(tmp_path, embeddings, labels))


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04 half an archive"])
def test_statistics_refuse_a_bad_archive(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "given.npz").write_bytes(content)
    refused(capsys, "statistics", str(tmp_path / "given.npz"))


@pytest.mark.parametrize("margin", ["nan", "inf", "-1", "wide"])
def test_statistics_refuse_a_bad_margin(margin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, [[0.0], [1.0], [3.0], [2.0]], [0, 0, 0, 1])
    refused(capsys, "statistics", file, "--margin", margin)


def test_record_refuses_a_lesson_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a lesson must be one of" in refused(capsys, "record", "--out", str(tmp_path / "made"), "no-such-lesson")
    assert list(tmp_path.iterdir()) == []
