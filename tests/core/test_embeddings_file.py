from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.embeddings_file import load_embeddings

POINTS = np.arange(8, dtype=np.float32).reshape(4, 2)
LABELS = np.array([5, 5, 7, 7])


def saved(folder: Path, **arrays: Any) -> Path:
    path = folder / "mine.npz"
    np.savez(path, **arrays)
    return path


def test_whole_numbers_become_class_numbers(tmp_path: Path) -> None:
    embeddings, labels, names = load_embeddings(saved(tmp_path, embeddings=POINTS, labels=LABELS))
    assert (embeddings == POINTS).all() and embeddings.dtype == np.float32
    assert labels.tolist() == [0, 0, 1, 1] and labels.dtype == np.int64
    assert names == ("5", "7")


@pytest.mark.parametrize("labels", [np.array(["b", "b", "a", "ä"]), np.array(["b", "b", "a", "ä".encode()], "S")])
def test_text_labels_are_the_class_names(tmp_path: Path, labels: np.ndarray) -> None:
    _, numbers, names = load_embeddings(saved(tmp_path, embeddings=POINTS, labels=labels))
    assert numbers.tolist() == [1, 1, 0, 2] and names == ("a", "b", "ä")


@pytest.mark.parametrize(
    ("given", "kept"), [("f2", "f4"), ("f4", "f4"), (">f8", "f8"), ("f8", "f8"), ("i2", "f4"), ("i8", "f8")]
)
def test_precision_is_kept(tmp_path: Path, given: str, kept: str) -> None:
    embeddings, _, _ = load_embeddings(saved(tmp_path, embeddings=POINTS.astype(given), labels=LABELS))
    assert embeddings.dtype == np.dtype(kept) and embeddings.dtype.isnative and (embeddings == POINTS).all()


def test_whole_floats_are_labels(tmp_path: Path) -> None:
    assert load_embeddings(saved(tmp_path, embeddings=POINTS, labels=LABELS.astype(float)))[2] == ("5", "7")


WITH_NAN = np.where(np.arange(8).reshape(4, 2) >= 5, np.nan, POINTS)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"points": POINTS, "labels": LABELS}, "must hold the arrays embeddings and labels, got labels, points"),
        ({"embeddings": POINTS}, "must hold the arrays embeddings and labels, got embeddings"),
        ({"embeddings": POINTS[0], "labels": LABELS}, r"must be \(points, dimensions\), not empty, got \(2,\)"),
        ({"embeddings": POINTS[:0], "labels": LABELS[:0]}, r"not empty, got \(0, 2\)"),
        ({"embeddings": POINTS, "labels": LABELS[:, None]}, r"must have one dimension, got \(4, 1\)"),
        ({"embeddings": POINTS, "labels": LABELS[:3]}, "as many as the embeddings, got 3 for 4 points"),
        ({"embeddings": WITH_NAN, "labels": LABELS}, "NaN or infinity in 2 of 4 rows, first in row 2"),
        ({"embeddings": POINTS * 1j, "labels": LABELS}, "must be real numbers, got complex64"),
        ({"embeddings": POINTS.astype(str), "labels": LABELS}, "must be real numbers, got <U32"),
        ({"embeddings": POINTS.astype(object), "labels": LABELS}, "must be real numbers, got object"),
        ({"embeddings": POINTS, "labels": LABELS.astype(object)}, "labels .* got object"),
        ({"embeddings": POINTS, "labels": LABELS + 0.5}, "must be whole numbers or text, got float64"),
        ({"embeddings": POINTS, "labels": LABELS * np.nan}, "must be whole numbers or text, got float64"),
        ({"embeddings": POINTS, "labels": LABELS * 0}, "must name at least two classes, got one for all 4 points"),
        ({"embeddings": POINTS, "labels": np.arange(4)}, "one class must have two points, got 4 classes"),
    ],
)
def test_bad_content_is_named(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_embeddings(saved(tmp_path, **arrays))
    assert "\n" not in str(raised.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the file must exist, got .*none\.npz"):
        load_embeddings(tmp_path / "none.npz")


@pytest.mark.parametrize("kind", ["text", "empty", "truncated", "corrupt", "folder", "bare array"])
def test_what_is_no_archive_is_refused(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path, embeddings=np.ones((400, 8)), labels=np.arange(400) % 2)
    whole = path.read_bytes()
    if kind == "folder":
        path = tmp_path
    elif kind == "bare array":
        with path.open("wb") as stream:
            np.save(stream, POINTS)
    else:
        corrupt = whole[:5000] + bytes([whole[5000] ^ 255]) + whole[5001:]
        contents = {"text": b"a,b,c\n1,2,3", "empty": b"", "truncated": whole[:-3000], "corrupt": corrupt}
        path.write_bytes(contents[kind])
    with pytest.raises(ValueError, match=r"must be a whole \.npz archive, got a file that cannot be read"):
        load_embeddings(path)
