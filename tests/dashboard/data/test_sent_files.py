from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.admission.preparation import Preparation
from dashboard.data.sent_files import NAME_LENGTH, asked_for, keep_files, plain_name


@dataclass(frozen=True)
class Sent:
    name: str
    content: bytes

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


def test_files_are_kept_under_numbers_whatever_they_are_called(tmp_path: Path) -> None:
    files = [Sent("../../outside", b"one"), Sent("/etc/passwd", b"two"), Sent("a/b.png", b"")]
    kept = keep_files(files, tmp_path)
    assert [name for name, _ in kept] == [file.name for file in files]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]
    assert [Path(path).relative_to(tmp_path).as_posix() for _, path in kept] == ["0/outside", "1/passwd", "2/b.png"]
    assert [Path(path).read_bytes() for _, path in kept] == [b"one", b"two", b""]
    assert asked_for(kept, Preparation(32, 32), groups_from_folders=True).files == kept
    with pytest.raises(ValueError, match="must be at least one file"):
        asked_for((), Preparation())


@pytest.mark.parametrize(
    "name, plain",
    [
        ("my cats (1).zip", "my_cats_1_.zip"),
        ("..", "file"),
        ("", "file"),
        (".hidden.npz", "hidden.npz"),
        ("C:\\x\\a.npz", "a.npz"),
        ("x" * 200 + ".tar.gz", "x" * (NAME_LENGTH - 7) + ".tar.gz"),
        ("\u00e4.csv", "_.csv"),
    ],
)
def test_a_name_keeps_what_is_plain_of_it_and_its_suffix(name: str, plain: str) -> None:
    assert plain_name(name) == plain
