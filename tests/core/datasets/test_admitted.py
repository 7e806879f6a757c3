import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from core.datasets.admitted import DataCard, data_root, folder_of, read_admitted, read_card, write_admitted
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))


def card_of(samples: Samples, kind: str) -> DataCard:
    return DataCard(
        id=samples.digest[:32],
        kind=kind,
        title="cats.zip",
        created="2026-11-30T00:00:00+00:00",
        count=samples.count,
        class_names=samples.class_names,
        group_names=samples.group_names,
        session_names=samples.session_names,
        found={"single": 1},
    )


def images_with_everything() -> Images:
    generator = np.random.default_rng(0)
    return Images(
        generator.integers(0, 256, (6, 3, 4, 3), dtype=np.uint8),
        np.array([0, 0, 1, 1, 2, 2]),
        ("Mimi", "001", "true"),
        groups=np.array([0, 1, 0, 1, 0, 1]),
        group_names=("garden", "house"),
        sessions=np.array([0, 0, 0, 1, 1, 1]),
        session_names=("May", "June"),
        times=np.linspace(0.0, 1.0, 6),
        names=np.array([f"cats/{number}.jpg" for number in range(6)]),
    )


def vectors() -> Vectors:
    return Vectors(np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32), np.arange(5) % 2, ("a", "b"))


@pytest.mark.parametrize("samples, kind", [(images_with_everything(), "images"), (vectors(), "vectors")])
def test_what_is_kept_is_read_back_whole(samples: Samples, kind: str) -> None:
    card = card_of(samples, kind)
    folder = write_admitted(samples, card)
    assert folder == folder_of(samples.digest[:32]) and folder.parent == data_root()
    found = read_admitted(folder)
    assert type(found) is type(samples) and found.digest == samples.digest
    for name in ("values", "labels", "groups", "sessions", "times", "names"):
        before, now = getattr(samples, name), getattr(found, name)
        assert (before is None and now is None) or np.array_equal(before, now), name
    assert (found.class_names, found.group_names) == (samples.class_names, samples.group_names)
    assert read_card(folder) == card


def test_values_are_mapped_rather_than_read_into_memory() -> None:
    samples = vectors()
    assert isinstance(read_admitted(write_admitted(samples, card_of(samples, "vectors"))).values, np.memmap)


def test_values_from_the_disk_are_written_without_being_held_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "large.npy").open("wb") as file:
        shape = (200_000, 256)
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        file.truncate(file.tell() + 4 * 200_000 * 256)
    samples = Vectors(np.load(tmp_path / "large.npy", mmap_mode="r"), np.zeros(200_000, np.int64), ("a",))
    card = card_of(samples, "vectors")
    tracemalloc.start()
    folder = write_admitted(samples, card)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (folder / "samples.npy").stat().st_size > 200e6 and most < 20e6


def test_what_is_there_already_stays() -> None:
    samples = vectors()
    folder = write_admitted(samples, card_of(samples, "vectors"))
    before = (folder / "data.json").read_bytes()
    write_admitted(samples, DataCard(**vars(card_of(samples, "vectors")) | {"title": "another name"}))
    assert (folder / "data.json").read_bytes() == before


@pytest.mark.parametrize("name", ["", "../../etc", "0" * 31, "A" * 32, "0" * 32 + "/"])
def test_what_is_no_id_leads_nowhere(name: str) -> None:
    with pytest.raises(ValueError, match="data must be the id of an admitted data set"):
        folder_of(name)


def test_a_set_that_was_never_admitted_is_said_so() -> None:
    with pytest.raises(ValueError, match="must have been admitted here, got none. Bring its files again."):
        read_admitted(folder_of("0" * 32))


@pytest.mark.parametrize("file", ["samples.npy", "columns.npz", "data.json"])
def test_a_damaged_file_is_refused_by_its_folder(file: str) -> None:
    samples = images_with_everything()
    folder = write_admitted(samples, card_of(samples, "images"))
    content = (folder / file).read_bytes()
    for cut in range(0, len(content), max(1, len(content) // 8)):
        (folder / file).write_bytes(content[:cut])
        with pytest.raises(ValueError, match=str(folder)):
            read_admitted(folder)
    (folder / file).unlink()
    with pytest.raises(ValueError, match=folder.name):
        read_admitted(folder)


def test_other_samples_than_were_admitted_are_refused() -> None:
    samples = vectors()
    folder = write_admitted(samples, card_of(samples, "vectors"))
    values = np.load(folder / "samples.npy")
    values[0, 0] += 1
    np.save(folder / "samples.npy", values)
    with pytest.raises(ValueError, match="must hold what was admitted, got other samples"):
        read_admitted(folder)


def test_a_newer_format_is_refused_and_what_it_adds_is_kept() -> None:
    samples = vectors()
    folder = write_admitted(samples, card_of(samples, "vectors"))
    written = json.loads((folder / "data.json").read_text())
    (folder / "data.json").write_text(json.dumps(written | {"weather": "fine"}))
    assert read_card(folder).written()["weather"] == "fine"
    for change in ({"format": 2}, {"kind": "sounds"}):
        (folder / "data.json").write_text(json.dumps(written | change))
        with pytest.raises(ValueError, match="must be of format 1 or older and hold images or vectors"):
            read_card(folder)


def test_values_that_another_set_has_are_one_file_and_else_a_copy(tmp_path: Path) -> None:
    samples = images_with_everything()
    first = write_admitted(samples, card_of(samples, "images"))
    other = Images(samples.values, samples.labels, samples.class_names)
    second = write_admitted(other, card_of(other, "images"), first)
    assert (first / "samples.npy").stat().st_ino == (second / "samples.npy").stat().st_ino
    third = Images(samples.values, 2 - samples.labels, samples.class_names)
    copied = write_admitted(third, card_of(third, "images"), tmp_path / "gone")
    assert (copied / "samples.npy").stat().st_ino != (first / "samples.npy").stat().st_ino
    assert all(read_admitted(folder).values.shape == samples.values.shape for folder in (second, copied))
