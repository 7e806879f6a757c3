"""decide.py for vectors reads them from files with numpy alone, and decides as that for images does."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.handover import decide, decide_vectors
from core.handover.decide_vectors import embed, is_accepted, main, vector_of

MODEL: dict[str, Any] = {"preprocessing": {"numbers": 3}}


def functions_of(module: object) -> dict[str, str]:
    tree = ast.parse(Path(str(module.__file__)).read_text())  # type: ignore[attr-defined]
    return {one.name: ast.unparse(one) for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_distance_and_verdict_are_those_for_images() -> None:
    for_images, for_vectors = functions_of(decide), functions_of(decide_vectors)
    for name in ("distance", "unit", "is_accepted"):
        assert for_images[name] == for_vectors[name]


def test_it_needs_numpy_and_onnxruntime_alone() -> None:
    tree = ast.parse(Path(decide_vectors.__file__).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) == {"numpy", "onnxruntime"}


@pytest.mark.parametrize("text", ["1,2.5,-3", "1 2.5 -3\n", "1, 2.5,\n-3"])
def test_a_vector_is_read_from_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert vector_of(tmp_path / "a.csv", MODEL).tolist() == [1.0, 2.5, -3.0]


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1)])
def test_a_vector_is_read_from_npy(shape: tuple[int, ...], tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([1.0, 2.5, -3.0]).reshape(shape))
    found = vector_of(tmp_path / "a.npy", MODEL)
    assert found.tolist() == [1.0, 2.5, -3.0] and found.dtype == np.float32


@pytest.mark.parametrize("content", ["1,2", "1,2,3,4", "", "1,2,x", "1,2,nan", "1,2,inf"])
def test_another_one_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(content)
    with pytest.raises(ValueError, match="a.txt must hold"):
        vector_of(tmp_path / "a.txt", MODEL)
    (tmp_path / "a.npy").write_text(content)
    with pytest.raises(ValueError, match="a.npy must hold the numbers of one vector"):
        vector_of(tmp_path / "a.npy", MODEL)


def test_objects_of_python_are_not_made(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}, {}, {}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="a.npy must hold the numbers of one vector"):
        vector_of(tmp_path / "a.npy", MODEL)


def test_without_a_threshold_nothing_is_decided() -> None:
    with pytest.raises(ValueError, match="must have a threshold to decide by, got none"):
        is_accepted({"threshold": {"value": None, "accepts_nobody": False}}, 0.0)
    assert not is_accepted({"threshold": {"value": None, "accepts_nobody": True}}, 0.0)
    assert is_accepted({"threshold": {"value": 1.0, "accepts_nobody": False}}, 1.0), "ties too"


def test_the_command_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(decide_vectors, "__file__", str(tmp_path / "decide.py"))
    assert main(["one"]) == 2 and "usage:" in capsys.readouterr().err
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    assert main([str(tmp_path / "a.txt")] * 2) == 2 and "error: " in capsys.readouterr().err
    assert embed is not None
