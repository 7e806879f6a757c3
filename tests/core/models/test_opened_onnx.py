"""A network in a process of its own: what it gives, and what becomes of one that takes too much."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import onnxruntime
import psutil
import pytest

from core.models import opened_onnx
from core.models.opened_onnx import MEMORY, OpenedOnnx, most_memory
from tests.core.models.made import network, one_at_a_time, saved, weights

GIGABYTE = 1_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return saved(network(), tmp_path / "a.onnx")


def samples(count: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(count, 3, 6, 5)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 150])
@pytest.mark.parametrize("at_once", [True, False])
def test_it_gives_what_onnxruntime_gives_in_place(file: Path, count: int, at_once: bool) -> None:
    with OpenedOnnx(file) as opened:
        found = opened(samples(count), output="embedding", at_once=at_once)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(found, session.run(None, {"x": samples(count)})[0], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found, samples(count).reshape(count, -1) @ weights(90, 4), rtol=1e-4, atol=1e-4)


def test_it_says_what_the_file_holds(file: Path) -> None:
    with OpenedOnnx(file) as opened:
        assert opened.graph.operators == {"Flatten": 1, "MatMul": 1} and opened.graph.inputs[0].name == "x"


def test_the_process_has_one_thread_that_works_and_is_gone_afterwards(file: Path) -> None:
    opened = OpenedOnnx(file)
    process = psutil.Process(opened._process.pid)
    opened(samples(3), output="embedding")
    assert process.is_running()
    opened.close()
    assert not process.is_running()
    with pytest.raises(ValueError, match="the network must run within .* got a process that ended early"):
        opened(samples(1), output="embedding")


def test_the_process_ends_with_whoever_forgets_it(file: Path) -> None:
    opened = OpenedOnnx(file)
    number = opened._process.pid
    del opened
    gc.collect()
    assert not psutil.pid_exists(number)


def test_what_it_does_not_take_is_said_and_it_goes_on(file: Path) -> None:
    with OpenedOnnx(file) as opened:
        with pytest.raises(ValueError, match=r"must embed samples of \(2, 3, 6, 4\), got .*Correct what it takes"):
            opened(samples(2)[..., :4], output="embedding")
        with pytest.raises(ValueError, match="must embed samples of"):
            opened(samples(2), output="another")
        assert opened(samples(2), output="embedding").shape == (2, 4)


def test_a_row_for_each_sample_is_asked_for(tmp_path: Path) -> None:
    with OpenedOnnx(saved(one_at_a_time(), tmp_path / "a.onnx")) as opened:
        assert opened(samples(5), output="embedding", at_once=False).shape == (5, 4)
        with pytest.raises(ValueError, match="must embed samples of"):
            opened(samples(5), output="embedding", at_once=True)


def test_a_file_that_is_refused_is_refused_here_and_no_process_stays(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(ValueError, match="must be an ONNX model, got a pickle"):
        OpenedOnnx(tmp_path / "a.onnx")
    (tmp_path / "a.onnx").write_bytes(b"")
    with pytest.raises(ValueError, match="must be a file of 1 to 500,000,000 bytes, got 0"):
        OpenedOnnx(tmp_path / "a.onnx")


def test_what_onnxruntime_refuses_is_quoted(tmp_path: Path) -> None:
    made = network()
    made.graph.node[0].input[0] = "nothing"
    with pytest.raises(ValueError, match=r"must be an ONNX model that onnxruntime [\d.]+ opens, got "):
        OpenedOnnx(saved(made, tmp_path / "a.onnx"))


def test_one_that_gives_no_answer_in_time_is_ended(file: Path) -> None:
    with pytest.raises(ValueError, match="within 3 GB of memory .* and 0.01 s, got no answer within 0.01 s"):
        OpenedOnnx(file, seconds=0.01)


def test_one_that_takes_more_memory_than_there_is_is_ended_alone(tmp_path: Path) -> None:
    large = saved(network(("count", 30_000), 1024, inputs=30_000), tmp_path / "a.onnx")  # 123 MB of weights
    with pytest.raises(ValueError, match="must"):
        OpenedOnnx(large, memory=150_000_000)
    with OpenedOnnx(large, memory=GIGABYTE) as opened:
        assert opened(np.ones((1, 30_000), np.float32), output="embedding").shape == (1, 1024)


def test_without_onnxruntime_one_is_told_how_to_get_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_onnx, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"must have onnxruntime installed.*pip install -c constraints.txt"):
        OpenedOnnx(file)


def test_the_memory_is_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_memory() == 3 * GIGABYTE
    monkeypatch.setenv(MEMORY, "0.5")
    assert most_memory() == GIGABYTE // 2
    monkeypatch.setenv(MEMORY, "none")
    with pytest.raises(ValueError, match="METRIC_LAB_MODEL_MEMORY must be a number above 0"):
        most_memory()
