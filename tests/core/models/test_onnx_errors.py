from __future__ import annotations

from pathlib import Path

import onnxruntime
import pytest

from core.models.onnx_errors import refusals, what_it_says
from tests.core.models.made import network, saved


def test_what_onnxruntime_raises_is_one_of_them_and_quoted_without_numbers_and_paths(tmp_path: Path) -> None:
    made = network()
    made.graph.node[0].input[0] = "nothing"
    with pytest.raises(refusals()) as raised:
        onnxruntime.InferenceSession(saved(made, tmp_path / "a.onnx"), providers=["CPUExecutionProvider"])
    said = what_it_says(raised.value)
    assert str(tmp_path) not in said and "ONNXRuntimeError" not in said and len(said) > 10
