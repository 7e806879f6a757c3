"""python -m core statistics: its numbers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.__main__ import main
from tests.core.commands import refused


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
