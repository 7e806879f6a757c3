"""Many hand-ins at once, good and bad ones."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from core.lessons.handin import MOST_BYTES
from core.lessons.handin_folder import HandedIn, in_folder, keep, of_files
from tests.core.lessons.handed import ADAS, handed_in


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def reasons(found: HandedIn) -> dict[str, str]:
    return {one.name: one.why for one in found.unreadable}


def test_bad_files_are_named_and_lose_no_good_one(tmp_path: Path) -> None:
    keep(tmp_path, "ada", ADAS)
    keep(tmp_path, "ben", handed_in(name="Ben"))
    (tmp_path / "broken.json").write_text('{"format":')
    (tmp_path / "large.json").write_bytes(b" " * (MOST_BYTES + 10))
    (tmp_path / "notes.txt").write_text("of the teacher")
    (tmp_path / "folder.json").mkdir()
    os.symlink("/etc/passwd", tmp_path / "link.json")
    (tmp_path / "torn.zip").write_bytes(zipped({"carl.json": ADAS.written().encode()})[:-30])
    found = in_folder(tmp_path)
    assert [one.name for one in found.handed.values()] == ["Ada", "Ben"]
    assert reasons(found).keys() == {"broken.json", "large.json", "folder.json", "link.json", "torn.zip"}
    assert "got a fault in line 1" in reasons(found)["broken.json"]
    assert f"at most {MOST_BYTES} bytes" in reasons(found)["large.json"]
    assert "got a link or something else" in reasons(found)["link.json"]


def test_a_later_one_of_a_name_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    keep(tmp_path / "new", "ada", ADAS)
    keep(tmp_path / "new", "ada", handed_in(answer=0.5))
    (handed,) = in_folder(tmp_path / "new").handed.values()
    assert handed.answer == 0.5 and [path.name for path in (tmp_path / "new").iterdir()] == ["ada.json"]


def test_an_archive_stands_for_its_files_and_unpacks_nothing(tmp_path: Path) -> None:
    bomb = b" " * 30_000_000
    content = zipped(
        {
            "class/ada.json": ADAS.written().encode(),
            "../../out.json": handed_in(name="Ben").written().encode(),
            "bomb.json": bomb,
            "readme.md": b"not looked at",
        }
    )
    found = of_files([("monday.zip", content), ("carl.json", handed_in(name="Carl").written().encode())])
    assert sorted(one.name for one in found.handed.values()) == ["Ada", "Ben", "Carl"]
    assert reasons(found).keys() == {"monday.zip/bomb.json"} and not list(tmp_path.iterdir())


def test_an_archive_whose_files_are_damaged_loses_these_alone() -> None:
    good = ADAS.written().encode()
    content = bytearray(zipped({"a.json": good, "b.json": good}))
    content[60] ^= 0xFF  # within the first one
    found = of_files([("some.zip", bytes(content))])
    assert len(found.handed) + len(found.unreadable) == 2 and list(found.handed) == ["some.zip/b.json"]


def test_an_archive_of_very_many_files_is_refused_before_one_is_read() -> None:
    found = of_files([("many.zip", zipped({f"{n}.json": b"" for n in range(2001)}))])
    assert not found.handed and "more than 2000 files" in reasons(found)["many.zip"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the folder of hand-ins must be there"):
        in_folder(tmp_path / "nowhere")
