"""Archives that mean harm: they are read as arrays or refused in one sentence, and touch nothing else."""

from __future__ import annotations

import io
import pickle
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload
from core.jobs.read_apart import read_apart
from core.jobs.read_upload import Asked
from core.readers.pair_list import Corrections

NAMES = ("../outside", "/outside", "C:\\outside", "\\\\host\\outside", "a/../../outside", "con", "nul.npy", "a\0b")


def array(values: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, values, allow_pickle=True)
    return content.getvalue()


SOUND = {
    "embeddings.npy": array(np.random.default_rng(0).normal(size=(60, 4))),
    "labels.npy": array(np.arange(60) % 6),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "outside").write_text("as it was")
    return tmp_path / "inner"


def packed(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes], name: str = "faces.npz") -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, content in members:
            archive.writestr(member, content)
    return folder / name


def outcome(path: Path) -> str:
    """What becomes of it: "read", or the sentence."""
    before = tree(path.parents[1])
    try:
        found = read_apart(Asked(path, None, (path.name, None), EUCLIDEAN, Corrections()))
    except ValueError as problem:
        said = str(problem)
        assert " must " in said and "\n" not in said
    else:
        assert isinstance(found, Upload) and len(found.labels) == 60
        said = "read"
    assert tree(path.parents[1]) == before
    return said


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES)
def test_a_member_that_points_elsewhere_is_not_followed(name: str, folder: Path) -> None:
    path = packed(folder, *SOUND.items(), (name, b"overwritten"))
    assert outcome(path) == "read"


def test_nor_is_a_link(folder: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert outcome(packed(folder, *SOUND.items(), (link, b"../outside"))) == "read"


def test_an_archive_within_an_archive_is_not_opened(folder: Path) -> None:
    inner = packed(folder, *SOUND.items(), name="inner.npz").read_bytes()
    assert "must hold the arrays" in outcome(packed(folder, ("faces.npz", inner)))


def test_very_many_members_cost_nothing_here(folder: Path) -> None:
    path = packed(folder, *SOUND.items(), *((f"{number}", b"") for number in range(20_000)))
    assert outcome(path) == "read"


class Touching:
    """Would touch a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["faces.npz", "faces.npy", "faces.pt", "faces.pkl", "faces"])
def test_objects_of_python_are_not_made(name: str, folder: Path) -> None:
    touched = folder.parent / "touched"
    harm = pickle.dumps(Touching(touched))
    (folder / name).write_bytes(harm)
    outcome(folder / name)
    objects = np.array([Touching(touched)] * 60, object)
    (folder / name).unlink()
    outcome(packed(folder, ("embeddings.npy", array(objects)), ("labels.npy", SOUND["labels.npy"]), name=name))
    assert not touched.exists()


def test_one_member_under_two_names_of_one_place_is_read_or_refused(folder: Path) -> None:
    """Entries that overlap, as bombs have them: the second one points into the first."""
    content = bytearray(packed(folder, *SOUND.items()).read_bytes())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (0).to_bytes(4, "little")
    (folder / "faces.npz").write_bytes(content)
    assert outcome(folder / "faces.npz") != "read"


@pytest.mark.parametrize("claimed", [10**3, 10**9, 10**15])
def test_a_header_that_tells_of_more_than_there_is_takes_no_memory(claimed: int, folder: Path) -> None:
    header = io.BytesIO()
    shape = {"descr": "<f8", "fortran_order": False, "shape": (claimed, 4)}
    np.lib.format.write_array_header_1_0(header, shape)
    path = packed(folder, ("embeddings.npy", header.getvalue()), ("labels.npy", SOUND["labels.npy"]))
    assert outcome(path) != "read"
