"""Data that mean harm: taken in as images or vectors, or refused in one sentence, in a process with little memory; and
nothing is written but the set itself."""

from __future__ import annotations

import os
import pickle
import stat
import struct
import subprocess
import tarfile
import time
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.admission import coming
from core.admission.apart import MEMORY
from core.admission.asked import Asked
from core.admission.coming import Status
from core.admission.entries import entries_in
from core.admission.entry import Limits
from core.admission.forms import read_brought
from core.admission.image_files import read_image_files
from core.admission.preparation import Preparation, prepared
from core.datasets.admitted import data_root, folder_of, read_admitted, read_card
from tests.core.admission.made import Members, encoded, people, png, tarred, zipped

NAMES = ("../outside", "/outside", "C:\\outside", "\\\\host\\outside", "a/../../outside", "p0/con", "p0/a\0b.png")
NAMES += ("p0/\u202egnp.exe", "p0/" + "x" * 5000, "..\\..\\outside.png", "p0/a\nb.png")
# Bytes: what taking in six small images holds, numpy and decoders with it; and how much more anything else may. A file
# of 64 MB, the largest that is read, lies in memory twice while its pieces are put together.
ORDINARY, MOST_MORE = 250_000_000, 200_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    monkeypatch.setenv(MEMORY, "0.7")
    (tmp_path / "inner").mkdir()
    (tmp_path / "outside").write_text("as it was")
    return tmp_path / "inner"


def outcome(*paths: Path) -> Status:
    """What becomes of it; nothing but the store changes, and of that only the set."""
    root = paths[0].parents[1]
    before = tree(root)
    asked = Asked(files=tuple((path.name, str(path)) for path in paths), preparation=Preparation(8, 8))
    coming_folder = coming.new_folder()
    held = most_held(coming.start(asked, coming_folder))
    assert held < ORDINARY + MOST_MORE, f"{held / 1e6:.0f} MB"
    status = coming.look(coming_folder.name)
    coming.forget(coming_folder.name)
    assert tree(root) == before and list(coming.root().iterdir()) == []
    if status.data:
        kept = {one.name for one in folder_of(status.data).iterdir()}
        assert kept - {"cards"} == {"columns.npz", "data.json", "samples.npy"}, "and what each owner calls it"
    else:
        assert " must " in status.message and "\n" not in status.message
    return status


def most_held(process: subprocess.Popen[bytes]) -> int:
    """The most bytes of memory that the process, or one that decodes for it, has held until its end, as the system
    keeps count of it."""
    most, until = 0, time.monotonic() + 120
    while process.poll() is None:
        assert time.monotonic() < until
        with suppress(psutil.Error):
            for one in (first := psutil.Process(process.pid), *first.children(recursive=True)):
                most = max(most, _peak(one.pid))
        time.sleep(0.01)
    return most


def _peak(process: int) -> int:
    try:
        said = Path(f"/proc/{process}/status").read_text()
    except OSError:  # gone meanwhile, or another system
        return 0
    return 1024 * int(said.partition("VmHWM:")[2].split()[0]) if "VmHWM:" in said else 0


def tree(root: Path) -> dict[str, bytes]:
    inside = root / "store"
    files = [path for path in root.rglob("*") if inside not in (path, *path.parents)]
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in files}


def test_names_that_point_elsewhere_are_refused_in_archives_and_lead_nowhere(folder: Path) -> None:
    members = [*people(3, 8), *((name, png(seed=99)) for name in NAMES)]
    for path in (zipped(folder / "a.zip", members), tarred(folder / "a.tar", members)):
        status = outcome(path)
        assert status.data, status.message
        card = read_card(folder_of(status.data))
        assert 24 <= card.count <= 26 and set(card.class_names) == {"p0", "p1", "p2"}
        assert card.found["unreadable"]["count"] >= len(NAMES) - 3


def test_links_and_devices_are_neither_followed_nor_opened(folder: Path) -> None:
    link = zipfile.ZipInfo("p0/link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    path = zipped(folder / "a.zip", people())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, b"../../outside")
    assert read_card(folder_of(outcome(path).data)).found["unreadable"]["reasons"] == {
        "it is a link or a device, not a file": 1
    }
    path = tarred(folder / "a.tar", people(4))
    with tarfile.open(path, "a") as archive:
        for name, kind in (("p0/l.png", tarfile.SYMTYPE), ("p0/h.png", tarfile.LNKTYPE), ("p0/d.png", tarfile.BLKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "../../outside"
            archive.addfile(member)
    assert read_card(folder_of(outcome(path).data)).found["unreadable"]["count"] == 3


@pytest.mark.parametrize("form", ["zip", "tgz"])
def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused_with_flat_memory(
    form: str, folder: Path
) -> None:
    members: Members = [(f"p{number}/1.bmp", bytes(30_000_000)) for number in range(4)]
    path = (zipped if form == "zip" else tarred)(folder / f"a.{form}", members)
    assert path.stat().st_size < 300_000
    assert "must unpack to at most" in outcome(path).message


def test_an_archive_within_an_archive_is_not_opened(folder: Path) -> None:
    inner = zipped(folder / "inner.zip", people()).read_bytes()
    status = outcome(zipped(folder / "a.zip", [*people(), ("p0/inner.zip", inner), ("p0/1", inner)]))
    card = read_card(folder_of(status.data))
    assert card.count == 6 and card.found["unreadable"]["count"] == 2


def test_a_million_entries_are_refused_with_flat_memory(folder: Path) -> None:
    """The directory of an archive of a million empty files, which is all that such an archive needs."""
    path = folder / "a.zip"
    one = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0)
    count = 1_000_000
    with path.open("wb") as file:
        for number in range(count):
            file.write(one + f"{number:08x}".encode())
        size = file.tell()
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, 0))
        file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, size, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, 0, 0))
    assert "must hold at most 400,000 files" in outcome(path).message


@pytest.mark.parametrize("width, height", [(60_000, 60_000), (30_000, 900), (16_385, 8)])
def test_an_image_of_too_many_pixels_is_refused_by_its_header_alone(width: int, height: int, folder: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    status = outcome(zipped(folder / "a.zip", [*people(), ("p0/large.png", bomb)]))
    card = read_card(folder_of(status.data))
    assert card.count == 6 and card.found["unreadable"]["first"][0]["name"] == "p0/large.png"


class Touching:
    """Would touch a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["a.npz", "a.npy", "a.csv", "a.parquet", "a.zip", "a.tar", "a.pkl", "a.pt"])
def test_objects_of_python_are_not_made(name: str, folder: Path) -> None:
    touched = folder.parent / "touched"
    (folder / name).write_bytes(pickle.dumps(Touching(touched)))
    labels = folder / "labels.txt"
    labels.write_text("a\n")
    assert not outcome(folder / name, *([labels] if name.endswith("npy") else [])).data
    objects = BytesIO()
    np.save(objects, np.array([Touching(touched)] * 2, object), allow_pickle=True)
    (folder / name).write_bytes(objects.getvalue())
    if name.endswith("npz"):
        np.savez(folder / name, embeddings=np.eye(2), labels=np.array([Touching(touched)] * 2, object))
    assert not outcome(folder / name, *([labels] if name.endswith("npy") else [])).data
    assert not touched.exists()


@pytest.mark.parametrize("claimed", [10**3, 10**9, 10**15])
def test_a_header_that_tells_of_more_than_there_is_takes_no_memory(claimed: int, folder: Path) -> None:
    header = BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (claimed, 4)})
    (folder / "a.npy").write_bytes(header.getvalue())
    labels = BytesIO()
    np.save(labels, np.arange(4))
    (folder / "labels.npy").write_bytes(labels.getvalue())
    assert not outcome(folder / "a.npy", folder / "labels.npy").data
    with zipfile.ZipFile(folder / "a.npz", "w") as archive:
        archive.writestr("embeddings.npy", header.getvalue())
        archive.writestr("labels.npy", labels.getvalue())
    assert not outcome(folder / "a.npz").data


COLUMNS = b",".join(b"x%d" % place for place in range(5_000)) + b",label\n"
# A beginning, what is repeated, how often, and an end.
LONG = {
    "lines of nothing": (b"label,x0\n", b"\n", 3_000_000, b""),
    "one line": (b"label,x0\na,", b"1", 30_000_000, b"\n"),
    "a number of many digits": (b"label,x0\n" + b"a,1\n" * 9 + b"a,0.", b"1", 3_000_000, b"x\n"),
    "a quote that never ends": (b'label,x0\n"a', b",1\n", 8_000_000, b""),
    "as many columns as lines": (COLUMNS, b"\n", 3_000_000, b"a"),
    "missing numbers": (b"label,x0\n", b"a,\n", 2_000_000, b""),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_table_of_text_that_goes_on_and_on_takes_no_more_memory(kind: str, folder: Path) -> None:
    begin, again, times, end = LONG[kind]
    (folder / "a.csv").write_bytes(begin + again * times + end)
    assert not outcome(folder / "a.csv").data


def test_labels_of_markup_and_formulas_are_kept_as_text(folder: Path) -> None:
    labels = ["<img src=x onerror=alert(1)>", "![](http://127.0.0.1/p)", "=1+1", "`[x](javascript:1)`", "\u202eabc"]
    table = pa.table({"label": labels * 2, "embedding": np.eye(10).tolist()})
    pq.write_table(table, folder / "a.parquet")
    card = read_card(folder_of(outcome(folder / "a.parquet").data))
    assert sorted(card.class_names) == sorted(labels)


def test_a_pipe_in_a_folder_is_not_waited_for(folder: Path) -> None:
    for name, content in people():
        (folder / "faces" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "faces" / name).write_bytes(content)
    os.mkfifo(folder / "faces" / "p0" / "pipe.png")
    asked = Asked(files=(("faces", str(folder / "faces")),), preparation=Preparation(8, 8))
    coming_folder = coming.new_folder()
    coming.start(asked, coming_folder).wait(60)
    assert len(read_admitted(folder_of(coming.look(coming_folder.name).data)).labels) == 6
    coming.forget(coming_folder.name)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_images_with_bytes_changed_are_decoded_or_refused_in_words(kind: str) -> None:
    from PIL import Image

    random, rule = Random(0), Preparation(8, 8)
    sound = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)), kind)
    refused = 0
    for _ in range(300):
        content = bytearray(sound)
        for _ in range(random.choice((1, 3, 20))):
            content[random.randrange(len(content) if random.random() < 0.5 else 60)] = random.randrange(256)
        try:
            prepared(bytes(content[: random.choice((len(content), random.randrange(len(content))))]), rule)
        except ValueError as problem:
            assert str(problem).startswith("it ")
            refused += 1
    assert refused > 30


@pytest.mark.parametrize("form", ["a.zip", "a.tar", "a.tgz", "a.parquet", "a.npz", "a.csv"])
def test_files_with_bytes_changed_are_read_or_refused_in_words(form: str, folder: Path) -> None:
    path = folder / form
    points = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    labels = np.arange(40) % 5
    if form.endswith("parquet"):
        pq.write_table(pa.table({"label": labels, "embedding": list(points)}), path)
    elif form.endswith("npz"):
        np.savez(path, embeddings=points, labels=labels)
    elif form.endswith("csv"):
        rows = [f"{label},{','.join(map(str, row))}" for label, row in zip(labels, points.tolist(), strict=True)]
        path.write_text("\n".join(["label,x0,x1,x2", *rows]))
    else:
        (zipped if form.endswith("zip") else tarred)(path, people())
    sound, random = path.read_bytes(), Random(1)
    scratch = folder / "scratch"
    scratch.mkdir()
    asked = Asked(files=((form, str(path)),), preparation=Preparation(8, 8))
    for _ in range(150):
        content = bytearray(sound)
        for _ in range(random.choice((1, 5))):
            content[random.randrange(len(content))] = random.randrange(256)
        path.write_bytes(content)
        try:
            read_brought(asked, scratch, lambda share: None)
        except ValueError as problem:
            assert " must " in str(problem)


def test_more_than_may_come_out_of_a_folder_is_left_out_file_by_file(folder: Path) -> None:
    for name, content in [*people(), ("p0/large.png", bytes(2000))]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    entries = entries_in(folder, Limits(entry_bytes=1999))
    found = read_image_files(entries, Preparation(8, 8), folder, told=lambda share: None)
    assert found.unreadable.first == [("p0/large.png", "it is larger than 1,999 bytes")]
    assert data_root() is not None
