from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assets.make_pictograms import LEAST_DRAWINGS, arranged, copied_rows, shared_names
from core.datasets import pictograms
from core.datasets.pictograms import FILE, Pictograms

ARTISTS = ("noto", "twemoji", "fluent-emoji-flat", "fxemoji", "noto-v1")


def test_every_identity_is_drawn_in_colour_by_four_artists_or_five() -> None:
    images = Pictograms().load()
    assert images.pixels.shape == (4868, 32, 32, 3) and images.channels == 3
    assert images.class_count == 1104 and images.group_names == ARTISTS
    assert set(np.bincount(images.labels).tolist()) == {4, 5}
    assert images.groups is not None
    assert len(set(zip(images.labels.tolist(), images.groups.tolist(), strict=True))) == images.count
    assert images.digest == "3f89d8e96de123e8bee5a60c92829917e8ddeda1960f56c9003a13626c6648d1"


def test_no_artist_drew_two_identities_alike() -> None:
    images = Pictograms().load()
    assert images.groups is not None
    drawings = {(group, pixels.tobytes()) for group, pixels in zip(images.groups, images.pixels, strict=True)}
    assert len(drawings) == images.count


def test_the_file_is_small_and_its_licences_lie_beside_it() -> None:
    assert FILE.stat().st_size < 3_000_000
    texts = {file.name: file.read_text(encoding="utf-8") for file in FILE.parent.iterdir() if file != FILE}
    assert set(texts) == {"README.md", "LICENSE-APACHE-2.0", "LICENSE-CC-BY-4.0", "LICENSE-MIT"}
    assert "Microsoft" in texts["LICENSE-MIT"]
    assert all(artist in texts["README.md"] for artist in ARTISTS)


def test_a_smaller_set_is_the_first_of_a_larger_one() -> None:
    few, many = Pictograms(identities=30).load(), Pictograms().load()
    assert few.class_names == many.class_names[:30] and few.groups is not None and many.groups is not None
    for part, whole in ((few.pixels, many.pixels), (few.labels, many.labels), (few.groups, many.groups)):
        np.testing.assert_array_equal(part, whole[: few.count])
    assert many.labels[few.count] == 30


def test_a_damaged_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pictograms.npz"
    monkeypatch.setattr(pictograms, "FILE", file)
    for content in (None, b"", FILE.read_bytes()[:-3000]):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ValueError, match="pictograms.npz must be the archive shipped with Metric Lab"):
            Pictograms().read()


def test_emoji_are_shared_by_name_without_hyphens_skin_tones_and_what_is_hidden() -> None:
    def icons(*names: str, hidden: str = "") -> dict[str, object]:
        return {"icons": {name: {"hidden": name == hidden} for name in names}}

    sets = {
        "first": icons("red-apple", "hand-dark-skin-tone", "old", hidden="old"),
        "second": icons("red-apple", "hand-dark-skin-tone", "old"),
        "third": icons("redapple", "hand-dark-skin-tone", "old"),
        "fourth": icons("red-apple", "hand-dark-skin-tone", "old", "pear"),
    }
    assert shared_names(sets) == {
        "red-apple": {"first": "red-apple", "second": "red-apple", "third": "redapple", "fourth": "red-apple"}
    }


def test_copies_of_an_earlier_set_and_drawings_of_two_emoji_are_found() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 2, 2, 3), dtype=np.uint8)
    labels, groups = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), np.array([0, 1, 2] * 3)
    pixels[2] = np.clip(pixels[0].astype(int) + 1, 0, 255)  # nearly the drawing of the first set
    pixels[7] = pixels[4]  # one set's drawing of two emoji
    pixels[6] = pixels[5]  # of two sets for different emoji: each set is clear by itself
    assert copied_rows(pixels, labels, groups) == ({2}, {4, 7})


def test_what_is_kept_lies_identity_by_identity_and_has_enough_drawings() -> None:
    labels = np.array([0] * LEAST_DRAWINGS + [1] * (LEAST_DRAWINGS - 1) + [2] * (LEAST_DRAWINGS + 1))
    groups = np.concatenate([np.arange(size)[::-1] for size in np.bincount(labels)])
    pixels = np.arange(len(labels), dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 1, 3), np.uint8)
    kept = arranged(["red-apple", "pear", "plum"], pixels, labels, groups, ["a", "b", "c", "d", "e"])
    assert sorted(kept["class_names"]) == ["plum", "red apple"]
    assert (np.diff(kept["labels"]) >= 0).all() and set(kept["labels"]) == {0, 1}
    for label, name in enumerate(kept["class_names"]):
        rows = np.flatnonzero(kept["labels"] == label)
        before = np.flatnonzero(labels == ["red apple", "pear", "plum"].index(name))
        assert kept["groups"][rows].tolist() == sorted(groups[before].tolist())
        assert kept["pixels"][rows, 0, 0, 0].tolist() == before[::-1].tolist()
