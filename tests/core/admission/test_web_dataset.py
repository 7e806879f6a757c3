from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.admission.brought import Brought
from core.admission.entries import entries_in
from core.admission.preparation import Preparation, prepared
from core.admission.web_dataset import is_web_dataset, read_web_dataset, split
from tests.core.admission.made import Members, png, tarred

RULE = Preparation(8, 8)


def read(tmp_path: Path, members: Members, **chosen: str) -> Brought:
    path = tarred(tmp_path / "a.tar", members)
    return read_web_dataset(entries_in(path), chosen, RULE, tmp_path, told=lambda share: None)


@pytest.mark.parametrize(
    "name, key, what",
    [
        ("a.jpg", "a", "jpg"),
        ("a/b.c.JPG", "a/b", "c.jpg"),
        ("img.001.jpg", "img", "001.jpg"),
        ("a.b/c.seg.png", "a.b/c", "seg.png"),
        ("none", "none", ""),
    ],
)
def test_the_key_ends_at_the_first_dot_after_the_last_slash(name: str, key: str, what: str) -> None:
    assert split(name) == (key, what)


def test_a_sample_has_its_image_with_the_label_beside_it(tmp_path: Path) -> None:
    contents = [png(seed=number) for number in range(3)]
    members = [
        ("s/0.png", contents[0]),
        ("s/0.cls", b"3\n"),
        ("s/1.json", json.dumps({"label": "007", "camera": 2, "text": "x"}).encode()),
        ("s/1.png", contents[1]),
        ("s/2.PNG", contents[2]),
        ("s/2.cls", b"<b>x</b>"),
        ("s/3.png", b"none"),
        ("s/3.cls", b"9"),
        ("s/4.png", contents[0]),
        ("s/5.cls", b"1"),
    ]
    found = read(tmp_path, members)
    assert found.columns["label"] == ["3", "007", "<b>x</b>"] and found.columns["name"] == ["s/0", "s/1", "s/2"]
    for row, content in enumerate(contents):
        assert np.array_equal(found.values[row], prepared(content, RULE)[0])
    assert [name for name, _ in found.unreadable.first] == ["s/3"]
    assert found.aside.first == [("s/4", "it has no label beside it"), ("s/5", "it has no image")]
    assert found.columns["group"] == [None, 2, None]


def test_a_field_of_the_json_may_be_chosen(tmp_path: Path) -> None:
    members = [("0.png", png(seed=1)), ("0.json", b'{"label": 1, "who": "a"}'), ("0.cls", b"5")]
    assert read(tmp_path, members).columns["label"] == [1]
    assert read(tmp_path, members, label="who").columns["label"] == ["a"]
    with pytest.raises(
        ValueError, match="the label must be a field of every .json, got none named 'whose' in '0.json'"
    ):
        read(tmp_path, members, label="whose")


@pytest.mark.parametrize("said", [b"", b"{", b"[1]", b'{"label": {"a": 1}}', b"[" * 100_000, b"\xff"])
def test_json_that_says_nothing_leaves_the_other_label(said: bytes, tmp_path: Path) -> None:
    members = [("0.png", png(seed=1)), ("0.json", said), ("0.cls", b"5")]
    assert read(tmp_path, members).columns["label"] == ["5"]


def test_it_is_told_from_a_folder_of_images_by_labels_beside_them() -> None:
    assert is_web_dataset(["0.jpg", "0.cls"]) and is_web_dataset(["a/0.png", "a/0.json"])
    assert not is_web_dataset(["a/0.jpg", "a/1.jpg", "labels.json", "README.txt"])
    assert not is_web_dataset([]) and not is_web_dataset(["0.cls", "1.jpg"])


def test_files_of_one_key_that_do_not_follow_one_another_are_no_sample(tmp_path: Path) -> None:
    members = [("0.png", png(seed=1)), ("1.png", png(seed=2)), ("0.cls", b"a"), ("1.cls", b"b")]
    with pytest.raises(ValueError, match="must hold images, got none"):
        read(tmp_path, members)
