import pickle
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from core.readers import npz_archive
from core.readers.embeddings_file import load_crossed, load_embeddings, load_names, load_roles
from core.reidentification.roles import ROLES

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


def test_roles_and_groups_are_read_where_they_are(tmp_path: Path) -> None:
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS)
    assert load_roles(path, 4) == (None, None)
    role = np.array([b"query", b"gallery", b"junk", b"both"])
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS, role=role, group=np.array(["b", "a", "b", "c"]))
    roles, groups = load_roles(path, 4)
    assert roles is not None and [ROLES[number] for number in roles] == ["query", "gallery", "junk", "both"]
    assert groups is not None and groups.tolist() == [1, 0, 1, 2]
    role, groups = load_roles(saved(tmp_path, embeddings=POINTS, labels=LABELS, group=np.array([7, -3, 7, 7])), 4)
    assert role is None and groups is not None and groups.tolist() == [1, 0, 1, 1]


def test_roles_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS, role=np.array([b"\xff"] * 4))
    with pytest.raises(ValueError, match="role must be text of valid characters"):
        load_roles(path, 4)
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("group.npy", b"no array")
    with pytest.raises(ValueError, match=r"must be a whole \.npz archive"):
        load_roles(path, 4)


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
        ({"embeddings": np.full((4, 2), -np.inf), "labels": LABELS}, "NaN or infinity in 4 of 4 rows, first in row 0"),
        ({"embeddings": np.full((4, 2), 2, "g") ** 2000, "labels": LABELS}, "NaN or infinity in 4 of 4 rows"),
        ({"embeddings": POINTS[:, :0], "labels": LABELS}, r"not empty, got \(4, 0\)"),
        ({"embeddings": POINTS.view("f4,f4"), "labels": LABELS}, "must be real numbers, got .*f0.*Save"),
        ({"embeddings": POINTS > 1, "labels": LABELS}, "must be real numbers, got bool"),
        ({"embeddings": POINTS, "labels": np.array(5)}, r"labels .* must have one dimension, got \(\)"),
        ({"embeddings": POINTS * 1j, "labels": LABELS}, "must be real numbers, got complex64"),
        ({"embeddings": POINTS.astype(str), "labels": LABELS}, "must be real numbers, got <U32"),
        ({"embeddings": POINTS.astype(object), "labels": LABELS}, r"got object. Save numpy.stack\(column\) of"),
        (
            {"embeddings": POINTS, "labels": LABELS.astype(object)},
            r"labels .* got object. Drop the rows where it is missing, then save column.to_numpy\(dtype=str\)\.$",
        ),
        ({"embeddings": POINTS, "labels": LABELS + 0.5}, "must be whole numbers or text, got 5.5 among float64"),
        ({"embeddings": POINTS, "labels": LABELS * np.nan}, "must be whole numbers or text, got nan among float64"),
        ({"embeddings": POINTS, "labels": LABELS * 1e300}, r"must be whole numbers or text, got 5e\+300 among float64"),
        ({"embeddings": POINTS, "labels": LABELS * 1j}, "must be whole numbers or text, got complex128"),
        ({"embeddings": POINTS, "labels": LABELS > 5}, "must be whole numbers or text, got bool"),
        ({"embeddings": POINTS, "labels": np.array([b"a", b"a", b"\xff", b"\xfe"])}, "labels must be text of valid"),
        ({"embeddings": POINTS, "labels": LABELS * 0}, "must name at least two classes, got one for all 4 points"),
        ({"embeddings": POINTS, "labels": np.arange(4)}, "one class must have two points, got 4 classes"),
    ],
)
def test_bad_content_is_named(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_embeddings(saved(tmp_path, **arrays))
    assert "\n" not in str(raised.value)


def test_the_way_out_of_pandas_objects_works(tmp_path: Path) -> None:
    frame = pd.DataFrame({"label": ["anna", "adam", None, "bert", "anna"], "embedding": [*POINTS, POINTS[0]]})
    with pytest.raises(ValueError, match="embeddings in mine.npz must be real numbers, got object"):
        load_embeddings(saved(tmp_path, embeddings=frame["embedding"].to_numpy(), labels=np.arange(5)))
    whole = frame[frame["label"].notna()]
    embeddings, labels = np.stack(whole["embedding"].tolist()), whole["label"].to_numpy(dtype=str)
    read, numbers, names = load_embeddings(saved(tmp_path, embeddings=embeddings, labels=labels))
    assert read.tolist() == POINTS[[0, 1, 3, 0]].tolist()
    assert names == ("adam", "anna", "bert") and numbers.tolist() == [1, 0, 2, 1]


def test_a_file_of_torch_is_named(tmp_path: Path) -> None:
    torch.save({"embeddings": torch.from_numpy(POINTS), "labels": torch.from_numpy(LABELS)}, tmp_path / "mine.npz")
    with pytest.raises(ValueError, match=r"embeddings and labels, got a file of torch.save. Save with numpy.savez\("):
        load_embeddings(tmp_path / "mine.npz")


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the file must exist, got .*none\.npz"):
        load_embeddings(tmp_path / "none.npz")
    with pytest.raises(ValueError, match="the path must be that of a file, got the folder"):
        load_embeddings(tmp_path)


@pytest.mark.parametrize("name", ["mine.npy", "mine.csv", "mine"])
def test_what_the_archive_is_called_does_not_matter(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS).rename(tmp_path / name)
    assert (load_embeddings(path)[0] == POINTS).all()


@pytest.mark.parametrize("kind", ["text", "empty", "truncated", "corrupt", "bare array", "pickle"])
def test_what_is_no_archive_is_refused(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path, embeddings=np.ones((400, 8)), labels=np.arange(400) % 2)
    whole = path.read_bytes()
    bare = BytesIO()
    np.save(bare, POINTS)
    contents = {
        "text": b"a,b,c\n1,2,3",
        "empty": b"",
        "truncated": whole[:-3000],
        "corrupt": whole[:5000] + bytes([whole[5000] ^ 255]) + whole[5001:],
        "bare array": bare.getvalue(),
        "pickle": pickle.dumps({"embeddings": POINTS, "labels": LABELS}),
    }
    path.write_bytes(contents[kind])
    with pytest.raises(
        ValueError, match=r"must be a whole \.npz archive, got a file that cannot be read .*numpy.savez\."
    ):
        load_embeddings(path)


def with_header(folder: Path, header: bytes, data: bytes = b"", **zip_options: Any) -> Path:
    """An archive whose embeddings have this header in place of a true one."""
    path = saved(folder, labels=LABELS)
    with zipfile.ZipFile(path, "a", **zip_options) as archive:
        archive.writestr("embeddings.npy", header + data)
    return path


def header_of(shape: str, kind: str = "<f4") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n".encode("latin1")
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            header_of("(4, 250_000_000_000)"),
            r"embeddings in mine.npz must take at most 8 GiB, got \(4, 250000000000\) of",
        ),
        (header_of("(4, 3)"), r"embeddings in mine.npz must be whole, got 32 bytes for \(4, 3\) of float32"),
        (header_of("(4, 1)"), r"embeddings in mine.npz must be whole, got 32 bytes for \(4, 1\) of float32"),
        (header_of("(-4, -2)"), r"must be \(points, dimensions\), not empty, got \(-4, -2\)"),
        (header_of("(4, 2)", "|O"), "must be real numbers, got object"),
        (header_of("(4, 2"), "mine.npz must be a whole .npz archive"),
        (header_of("[4, 2]"), r"cannot be read \(shape is not valid"),
        (header_of("(" * 5000), "mine.npz must be a whole .npz archive"),
        (header_of("(4, 2)" + " " * 12_000), r"cannot be read \(Header info length"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", r"cannot be read \(EOF: reading array header"),
        (b"\x93NUMPY\x09\x00", "mine.npz must be a whole .npz archive"),
        (b"", "mine.npz must be a whole .npz archive"),
    ],
)
def test_a_header_that_lies_is_found_before_the_array_is_read(tmp_path: Path, header: bytes, message: str) -> None:
    assert (load_embeddings(with_header(tmp_path, header_of("(4, 2)"), POINTS.tobytes()))[0] == POINTS).all()
    with pytest.raises(ValueError, match=message) as raised:
        load_embeddings(with_header(tmp_path, header, POINTS.tobytes()))
    assert "\n" not in str(raised.value)


def test_what_unpacks_to_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz_archive, "LARGEST_BYTES", 1 << 20)
    packed = {"compression": zipfile.ZIP_DEFLATED}
    path = with_header(tmp_path, header_of("(4, 65536)"), bytes(1 << 20), **packed)
    assert path.stat().st_size < 10_000
    assert load_embeddings(path)[0].nbytes == 1 << 20
    for shape, size in [("(4, 65537)", (1 << 20) + 16), ("(4, 2)", 5 << 20)]:
        with pytest.raises(ValueError, match="embeddings in mine.npz must take at most 0.000977 GiB, got"):
            load_embeddings(with_header(tmp_path, header_of(shape), bytes(size), **packed))


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS)
    whole = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(signature)
        while at >= 0:
            whole[at + place] |= 1  # the flag of encryption
            at = whole.find(signature, at + 4)
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="cannot be read .*encrypted, password required"):
        load_embeddings(path)


@pytest.mark.parametrize("compress", [False, True])
def test_changed_bytes_are_never_a_traceback(tmp_path: Path, compress: bool) -> None:
    names = np.array(["a_1", "a_2", "b_1", "b_2"])
    path, save = tmp_path / "mine.npz", np.savez_compressed if compress else np.savez
    save(path, embeddings=POINTS, labels=LABELS, names=names)
    whole, generator, refused = path.read_bytes(), np.random.default_rng(0), 0
    for _ in range(300):
        changed = bytearray(whole)
        changed[generator.integers(len(whole))] = generator.integers(256)
        start = generator.integers(len(whole))
        del changed[start : start + generator.integers(3)]
        path.write_bytes(changed)
        try:
            load_embeddings(path)
            load_names(path)
        except ValueError as error:
            refused += 1
            assert " must " in str(error) and ", got " in str(error) and "\n" not in str(error)
    assert refused > 200


@pytest.mark.parametrize("names", [np.array(["a/ä_1.jpg", "b", "", "b"]), np.array(["ä".encode(), b"b", b"", b"b"])])
def test_names_come_in_the_order_of_the_embeddings(tmp_path: Path, names: np.ndarray) -> None:
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS, names=names)
    assert load_names(path) == (names[0] if names.dtype.kind == "U" else "ä", "b", "", "b")
    assert (load_embeddings(path)[0] == POINTS).all()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (None, "must hold the arrays embeddings and names, got embeddings, labels"),
        (np.arange(4), "names in mine.npz must be text, got int64. Save"),
        (np.array(["a", None, "b", "c"]), r"must be text, got object. Drop .* column.to_numpy\(dtype=str\)\.$"),
        (np.array(["a", "b", "c"]), "names in mine.npz must be as many as the embeddings, got 3 for 4 points"),
        (np.array([["a"], ["b"], ["c"], ["d"]]), r"names in mine.npz must have one dimension, got \(4, 1\)"),
        (np.array([b"a", b"b", b"c", b"\xff"]), "names must be text of valid characters, got bytes that are none"),
        (np.array(["a", "b", "c", "\ud800"]), "names must be text of valid characters"),
        (np.full(4, 0x110000, np.uint32).view("U1"), "names must be text of valid characters"),
    ],
)
def test_bad_names_are_refused(tmp_path: Path, names: np.ndarray | None, message: str) -> None:
    arrays = {"embeddings": POINTS, "labels": LABELS} | ({} if names is None else {"names": names})
    with pytest.raises(ValueError, match=message):
        load_names(saved(tmp_path, **arrays))


def test_groups_and_sessions_stay_as_they_are_called(tmp_path: Path) -> None:
    assert load_crossed(saved(tmp_path, embeddings=POINTS, labels=LABELS), 4) == {}
    days, cameras = np.array(["mon", "tue", "mon", "wed"]), np.array([7, -3, 7, 7])
    found = load_crossed(saved(tmp_path, embeddings=POINTS, labels=LABELS, group=cameras, session=days), 4)
    assert {name: column.tolist() for name, column in found.items()} == {
        "group": [7, -3, 7, 7],
        "session": ["mon", "tue", "mon", "wed"],
    }
    path = saved(tmp_path, embeddings=POINTS, labels=LABELS, session=np.arange(4.0))
    with pytest.raises(ValueError, match="session in .* must be whole numbers or text, got float64"):
        load_crossed(path, 4)
