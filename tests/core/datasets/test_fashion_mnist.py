import gzip
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copy
from urllib.error import URLError

import numpy as np
import pytest

from assets.make_fashion_mnist import PER_CLASS, chosen_rows, make
from core.datasets import fashion_mnist
from core.datasets.fashion_mnist import DEBIAN, FOLDER_VARIABLE, SUBSET, FashionMnist, read_idx, read_part


def idx(array: np.ndarray) -> bytes:
    """The IDX bytes of a uint8 array."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_part(
    folder: Path,
    part: str,
    labels: Sequence[int] | np.ndarray,
    pack: Callable[[bytes], bytes] = gzip.compress,
) -> np.ndarray:
    """A pair of IDX files of random images, and these images."""
    labels = np.array(labels, dtype=np.uint8)
    pixels = np.random.default_rng(len(labels)).integers(0, 256, (len(labels), 28, 28)).astype(np.uint8)
    ending = "" if pack is bytes else ".gz"
    (folder / f"{part}-images-idx3-ubyte{ending}").write_bytes(pack(idx(pixels)))
    (folder / f"{part}-labels-idx1-ubyte{ending}").write_bytes(pack(idx(labels)))
    return pixels


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No folder is configured, none installed or cached, and torchvision reaches no server."""

    def refuse(url: str, **options: object) -> None:
        raise URLError("no network")

    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", refuse)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path / "nowhere")
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(fashion_mnist.CACHE_VARIABLE, str(tmp_path / "cache"))
    return monkeypatch


def test_the_subset_has_as_many_of_each_class() -> None:
    images = FashionMnist().load()
    assert images.pixels.shape == (6000, 28, 28)
    assert np.bincount(images.labels).tolist() == 10 * [PER_CLASS]
    assert images.class_names[0] == "T-shirt/top" and images.class_names[9] == "Ankle boot"
    assert not FashionMnist().needs_download


def test_the_subset_is_small_enough_to_ship_and_has_its_licence() -> None:
    assert SUBSET.stat().st_size < 3_500_000
    assert "Zalando SE" in (SUBSET.parent / "LICENSE").read_text()


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's dataset-fashion-mnist")
def test_the_subset_is_rows_of_the_training_file() -> None:
    pixels, labels = read_part(DEBIAN, "train")
    with np.load(SUBSET, allow_pickle=False) as shipped:
        assert np.array_equal(shipped["rows"], chosen_rows(labels))
        assert np.array_equal(shipped["pixels"], pixels[shipped["rows"]])
        assert np.array_equal(shipped["labels"], labels[shipped["rows"]])


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's dataset-fashion-mnist")
def test_the_whole_set_has_70_000_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    images = FashionMnist(source="full").read()
    assert images.pixels.shape == (70_000, 28, 28)
    assert np.bincount(images.labels).tolist() == 10 * [7000]


def test_making_the_subset_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    pixels = write_part(tmp_path, "train", np.arange(50) % 10)
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    make(tmp_path, first, per_class=3)
    make(tmp_path, second, per_class=3)
    assert first.read_bytes() == second.read_bytes()
    with np.load(first, allow_pickle=False) as made:
        assert np.bincount(made["labels"]).tolist() == 10 * [3]
        assert np.array_equal(made["pixels"], pixels[made["rows"]])
        assert np.all(np.diff(made["rows"]) > 0)


def test_the_subset_cannot_take_more_than_there_is(tmp_path: Path) -> None:
    write_part(tmp_path, "train", [0, 0, 1])
    with pytest.raises(ValueError, match="class 1 must have 2 images, got 1. Use the training file"):
        make(tmp_path, tmp_path / "subset.npz", per_class=2)
    assert not (tmp_path / "subset.npz").exists()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_full_set_is_the_training_file_then_the_test_file(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    training = write_part(tmp_path, "train", [3, 1, 4], pack)
    testing = write_part(tmp_path, "t10k", [1, 5], pack)
    images = FashionMnist(source="full", folder=str(tmp_path)).read()
    assert np.array_equal(images.pixels, np.concatenate([training, testing]))
    assert images.labels.tolist() == [3, 1, 4, 1, 5]


def test_the_environment_names_the_folder(tmp_path: Path, offline: pytest.MonkeyPatch) -> None:
    write_part(tmp_path, "train", [3, 1])
    write_part(tmp_path, "t10k", [5])
    assert FashionMnist(source="full").needs_download
    offline.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert not FashionMnist(source="full").needs_download
    assert FashionMnist(source="full").read().labels.tolist() == [3, 1, 5]


def test_a_download_is_kept_whole(tmp_path: Path, offline: pytest.MonkeyPatch) -> None:
    server = tmp_path / "server"
    server.mkdir()
    write_part(server, "train", [3, 1], bytes)
    write_part(server, "t10k", [5], bytes)

    def serve(url: str, download_root: str, filename: str, md5: str) -> None:
        copy(server / filename.removesuffix(".gz"), download_root)

    offline.setattr("torchvision.datasets.mnist.download_and_extract_archive", serve)
    assert FashionMnist(source="full").read().labels.tolist() == [3, 1, 5]
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["fashion-mnist"]
    assert not FashionMnist(source="full").needs_download


def test_offline_the_message_says_the_three_ways_out(tmp_path: Path, offline: pytest.MonkeyPatch) -> None:
    ways = f"Set {FOLDER_VARIABLE} to .*, install Debian's dataset-fashion-mnist, or choose source subset"
    with pytest.raises(ValueError, match=rf"got no files and a failed download \(Error downloading .*\)\. {ways}"):
        FashionMnist(source="full").read()
    assert not list((tmp_path / "cache").iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowhere must hold train-images-idx3-ubyte or .*, got neither"):
        FashionMnist(source="full", folder=str(tmp_path / "nowhere")).read()


def test_a_folder_without_the_full_set_is_refused() -> None:
    with pytest.raises(ValueError, match="folder must stay empty when source is subset, got 'here'"):
        FashionMnist(folder="here")


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", r"must begin as IDX bytes of 1 dimensions \(00000801\), got nothing"),
        (b"PNG and more", "must begin as IDX bytes of 1 dimensions .*, got 504e4720"),
        (idx(np.zeros((2, 2), np.uint8)), "must begin as IDX bytes of 1 dimensions .*, got 00000802"),
        (idx(np.zeros(5, np.uint8))[:6], "must hold exactly the a header bytes .*, got fewer"),
        (idx(np.zeros(5, np.uint8))[:-1], "must hold exactly the 5 bytes that it announces, got fewer"),
        (idx(np.zeros(5, np.uint8)) + b"!", "must hold exactly the 5 bytes that it announces, got more"),
        (struct.pack(">HBBI", 0, 8, 1, 2**32 - 1), "must hold exactly the 4294967295 bytes .*, got fewer"),
        (gzip.compress(idx(np.zeros(5, np.uint8)), mtime=0)[:-10], "must be a whole file, got a damaged one"),
        (
            gzip.compress(idx(np.zeros(5, np.uint8)), mtime=0)[:12] + bytes(20),
            "must be a whole file, got a damaged one",
        ),
    ],
)
def test_a_bad_idx_file_is_named_with_its_rule(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "labels-idx1-ubyte"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=rf"labels-idx1-ubyte {message}"):
        read_idx(file, 1)


def test_images_of_another_size_are_refused(tmp_path: Path) -> None:
    write_part(tmp_path, "train", [3, 1], bytes)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(np.zeros((2, 8, 9), np.uint8)))
    with pytest.raises(ValueError, match="train-images-idx3-ubyte must hold images of 28 x 28, got 8 x 9"):
        read_part(tmp_path, "train")


def test_labels_of_another_release_are_refused(tmp_path: Path) -> None:
    write_part(tmp_path, "train", [3, 1], bytes)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(3, np.uint8)))
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte must hold one label .*, got 3 labels for 2"):
        read_part(tmp_path, "train")


def test_a_label_beyond_the_ten_kinds_is_refused(tmp_path: Path) -> None:
    write_part(tmp_path, "train", [3, 10])
    write_part(tmp_path, "t10k", [5])
    with pytest.raises(ValueError, match="labels must be from 0 to 9, .* got 3 to 10"):
        FashionMnist(source="full", folder=str(tmp_path)).read()


def pickled(file: Path) -> None:
    np.savez(file, pixels=np.array([{}], dtype=object), labels=np.zeros(1, np.int64))


def truncated(file: Path) -> None:
    file.write_bytes(SUBSET.read_bytes()[:100_000])


def flipped(file: Path) -> None:
    content = bytearray(SUBSET.read_bytes())
    content[500_000] ^= 255
    file.write_bytes(content)


def incomplete(file: Path) -> None:
    np.savez(file, labels=np.zeros(1, np.int64))


@pytest.mark.parametrize("spoil", [pickled, truncated, flipped, incomplete, lambda file: None])
def test_a_spoilt_archive_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    file = tmp_path / "subset.npz"
    spoil(file)
    monkeypatch.setattr(fashion_mnist, "SUBSET", file)
    with pytest.raises(ValueError, match=r"subset\.npz must be the archive shipped .*missing or damaged.*Restore it"):
        FashionMnist().read()
