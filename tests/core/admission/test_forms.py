from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.admission.asked import Asked
from core.admission.brought import Brought
from core.admission.forms import read_brought
from core.admission.preparation import Preparation
from tests.core.admission.made import people, png, tarred, unpacked, zipped

POINTS = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)


def read(tmp_path: Path, *paths: Path, **more: bool) -> tuple[str, Brought]:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    files = tuple((path.relative_to(tmp_path).as_posix(), str(path)) for path in paths)
    return read_brought(Asked(files=files, preparation=Preparation(8, 8), **more), scratch, lambda share: None)


def test_every_form_is_known_by_its_name_or_content(tmp_path: Path) -> None:
    labels = np.array(["a", "b", "a", "b"])
    np.savez(tmp_path / "a.npz", embeddings=POINTS, labels=labels)
    np.save(tmp_path / "points.npy", POINTS)
    np.save(tmp_path / "labels.npy", labels)
    (tmp_path / "labels.txt").write_text("a\nb\na\nb\n")
    pq.write_table(pa.table({"label": labels, "embedding": list(POINTS)}), tmp_path / "a.parquet")
    rows = "\n".join(f"{label},{','.join(map(str, row))}" for label, row in zip(labels, POINTS.tolist(), strict=True))
    (tmp_path / "a.csv").write_text(f"label,x0,x1,x2\n{rows}\n")
    for form, *names in (
        ("NPZ", "a.npz"),
        ("Parquet", "a.parquet"),
        ("CSV", "a.csv"),
        ("NPY", "points.npy", "labels.npy"),
        ("NPY", "labels.npy", "points.npy"),
        ("NPY", "labels.txt", "points.npy"),
    ):
        found, brought = read(tmp_path, *(tmp_path / name for name in names))
        assert found == form and np.array_equal(brought.values, POINTS)
        assert list(brought.columns["label"]) == ["a", "b", "a", "b"]


def test_images_come_in_a_folder_in_archives_and_one_by_one(tmp_path: Path) -> None:
    members = people(2, 2)
    folder = unpacked(tmp_path / "folder", members)
    sources = [[folder], [zipped(tmp_path / "a.zip", members)], [tarred(tmp_path / "a.tar.gz", members)]]
    sources.append([folder / name for name, _ in members])
    forms, sets = zip(*(read(tmp_path, *paths) for paths in sources), strict=True)
    assert forms == ("images (folder)", "images (zip)", "images (tar)", "images (files)")
    for one in sets:
        assert np.array_equal(one.values, sets[0].values) and one.columns["label"] == ["p0", "p0", "p1", "p1"]


def test_a_tar_of_samples_is_told_from_one_of_folders(tmp_path: Path) -> None:
    members = [("0.png", png(seed=1)), ("0.cls", b"a"), ("1.png", png(seed=2)), ("1.cls", b"b")]
    form, found = read(tmp_path, tarred(tmp_path / "a.tar", members))
    assert form == "WebDataset" and found.columns["label"] == ["a", "b"]


def test_folders_within_those_of_classes_may_be_groups(tmp_path: Path) -> None:
    members = [(f"p{person}/c{camera}/1.png", png(seed=person)) for person in range(2) for camera in range(2)]
    _, found = read(tmp_path, zipped(tmp_path / "a.zip", members), groups_from_folders=True)
    assert found.columns["group"] == ["c0", "c1", "c0", "c1"]


@pytest.mark.parametrize(
    "names, said",
    [
        (["a.bin"], "what is brought must be a folder or a zip of images, .*, got 'a.bin'"),
        (["a.pkl"], "what is brought must be a folder or a zip of images, .*, got 'a.pkl'"),
        (["a.npy"], "'a.npy' must come with a file of its labels, got it alone"),
        (["a.csv", "b.csv"], "several files must be images in folders, or an .npy with its labels, got 'a.csv' and 1"),
        (["missing.zip"], "what is brought must exist"),
    ],
)
def test_other_files_are_refused(names: list[str], said: str, tmp_path: Path) -> None:
    for name in names:
        if not name.startswith("missing"):
            (tmp_path / name).write_bytes(b"x")
    with pytest.raises(ValueError, match=said):
        read(tmp_path, *(tmp_path / name for name in names))
