from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.admission.array_files import as_vectors, read_npy, read_npz

POINTS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
LABELS = np.arange(6) % 2


@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(bool), LABELS.astype(str), LABELS.astype(np.float32)])
@pytest.mark.parametrize("name", ["embeddings", "features", "x"])
def test_an_archive_is_read_with_labels_of_all_kinds(name: str, labels: np.ndarray, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **{name: POINTS, "labels": labels})
    found = read_npz(tmp_path / "a.npz", {})
    assert np.array_equal(found.values, POINTS) and np.array_equal(found.columns["label"], labels)


def test_columns_beside_the_labels_are_read_by_name_or_as_chosen(tmp_path: Path) -> None:
    columns = {"camera": LABELS.astype(str), "sessions": LABELS, "time": LABELS / 2, "names": np.arange(6).astype(str)}
    np.savez(tmp_path / "a.npz", embeddings=POINTS, labels=LABELS, who=LABELS + 5, **columns)
    found = read_npz(tmp_path / "a.npz", {})
    assert set(found.columns) == {"label", "group", "session", "time", "name"}
    assert found.columns["group"].tolist() == LABELS.astype(str).tolist()
    chosen = read_npz(tmp_path / "a.npz", {"label": "who", "group": "none"})
    assert chosen.columns["label"].tolist() == (LABELS + 5).tolist() and "group" not in chosen.columns


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, ">f4"])
def test_numbers_become_float32_in_rows(dtype: str, order: str, tmp_path: Path) -> None:
    points = np.asarray(np.round(POINTS * 8), dtype=dtype, order=order)
    np.savez(tmp_path / "a.npz", embeddings=points, labels=LABELS)
    found = read_npz(tmp_path / "a.npz", {}).values
    assert found.dtype == np.float32 and found.flags.c_contiguous and np.array_equal(found, points)


@pytest.mark.parametrize("labels", ["a.npy", "a.txt"])
def test_an_array_comes_with_a_file_of_labels(labels: str, tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", POINTS)
    if labels.endswith("npy"):
        np.save(tmp_path / labels, LABELS)
    else:
        (tmp_path / labels).write_text("".join(f"00{label}\n" for label in LABELS))
    found = read_npy(tmp_path / "points.npy", tmp_path / labels)
    assert np.array_equal(found.values, POINTS)
    assert found.columns["label"].tolist() == (LABELS.tolist() if "npy" in labels else [f"00{x}" for x in LABELS])


def test_other_arrays_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, embeddings=POINTS, labels=np.array(["a"] * 6, object))
    with pytest.raises(ValueError, match="labels in a.npz must be whole numbers, truths or text, got object"):
        read_npz(path, {})
    np.savez(path, embeddings=POINTS, labels=LABELS[:5])
    with pytest.raises(ValueError, match="labels in a.npz must be as many as the embeddings, got 5 for 6"):
        read_npz(path, {})
    np.savez(path, embeddings=POINTS, labels=LABELS, camera=LABELS[:5])
    with pytest.raises(ValueError, match="camera in a.npz must be one for each of 6 points"):
        read_npz(path, {})
    np.savez(path, points=POINTS)
    with pytest.raises(ValueError, match="a.npz must hold the arrays embeddings and labels, got points"):
        read_npz(path, {})
    np.save(tmp_path / "o.npy", np.array([object()], object), allow_pickle=True)
    for name in ("o.npy", "a.npz"):
        with pytest.raises(ValueError, match=f"'{name}' must be (a whole .npy array|one array)"):
            read_npy(tmp_path / name, path)
    with pytest.raises(ValueError, match="the file must exist"):
        read_npy(tmp_path / "none.npy", path)


def test_numbers_beyond_float32_are_refused_and_infinity_stays_for_later() -> None:
    with pytest.raises(ValueError, match="embeddings must be at most 3.4e.38 in size, got more in row 1"):
        as_vectors(np.array([[1.0], [1e39]]))
    assert np.isinf(as_vectors(np.array([[np.inf]]))).all()
