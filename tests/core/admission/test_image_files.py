from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.admission.brought import Brought
from core.admission.entries import entries_in
from core.admission.image_files import is_image_name, read_image_files
from core.admission.preparation import Preparation, prepared
from tests.core.admission.made import Members, people, png, zipped

RULE = Preparation(8, 8)


def read(tmp_path: Path, members: Members) -> Brought:
    path = zipped(tmp_path / "a.zip", members)
    return read_image_files(entries_in(path), RULE, tmp_path, told=lambda share: None)


def test_images_come_with_labels_names_and_sizes(tmp_path: Path) -> None:
    members = people(3, 2, root="faces/")
    members.append(("faces/p0/wide.png", png(9, (40, 10))))
    found = read(tmp_path, members)
    assert found.kind == "images" and found.values.shape == (7, 8, 8)
    assert found.columns["label"] == ["p0", "p0", "p1", "p1", "p2", "p2", "p0"]
    assert found.columns["name"] == [name for name, _ in members]
    for row, (_, content) in enumerate(members):
        assert np.array_equal(found.values[row], prepared(content, RULE)[0])
    assert found.details == {"sizes": {"smallest": [12, 9], "largest": [40, 10], "different": 2}}
    assert found.preparation["channels"] == 1


def test_one_coloured_image_makes_all_coloured_and_grey_in_colours_makes_none(tmp_path: Path) -> None:
    grey_in_colours = [("a/3.png", png(50, coloured=True))]
    assert read(tmp_path, people() + grey_in_colours).values.shape == (7, 8, 8)
    found = read(tmp_path, [*people(), ("a/3.png", png(seed=1, coloured=True))])
    assert found.values.shape == (7, 8, 8, 3) and found.preparation["channels"] == 3


def test_what_is_no_image_stands_aside_and_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    members = people()
    members[2:2] = [("p0/broken.png", b"\x89PNG"), ("notes.txt", b"-"), ("../p0/out.png", png()), ("p0/none", b"-")]
    found = read(tmp_path, members)
    assert len(found.values) == 6 and found.columns["label"] == ["p0", "p0", "p1", "p1", "p2", "p2"]
    assert [name for name, _ in found.unreadable.first] == ["p0/broken.png", "../p0/out.png", "p0/none"]
    assert found.unreadable.first[1][1] == "its name leads out of its folder"
    assert [name for name, _ in found.aside.first] == ["notes.txt"]


def test_where_most_cannot_be_read_something_else_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="most of the files must be images, got 6 of 12 that cannot be read, such as"):
        read(tmp_path, [*people(), *((f"x/{number}.png", b"none") for number in range(6))])
    with pytest.raises(ValueError, match="most of the files must be images, got 1 of 1"):
        read(tmp_path, [("x/1.png", b"none")])


@pytest.mark.parametrize("members", [[], [("notes.txt", b"-")], [(".hidden/1.png", b"-")]])
def test_no_image_at_all_is_said_so(members: Members, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must hold images, got none"):
        read(tmp_path, members)


def test_it_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []
    path = zipped(tmp_path / "a.zip", people(2, 2))
    read_image_files(entries_in(path), RULE, tmp_path, told=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("name", ["a/1.PNG", "a.jpeg", "a/b", "a.b/c", "x.tif"])
def test_images_are_known_by_their_names(name: str) -> None:
    assert is_image_name(name) and not is_image_name("a/labels.csv")
