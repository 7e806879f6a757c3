"""Images of the disk: which there are, whose they are, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from PIL import Image

from core.datasets import picture
from core.readers import image_files as reader
from core.readers.image_files import ImageName, image_files
from tests.core.admission.made import photo


def png(value: int, size: tuple[int, int] = (3, 2)) -> bytes:
    content = io.BytesIO()
    Image.new("L", size, value).save(content, "PNG")
    return content.getvalue()


FILES = {"b/2.png": png(2), "a/10.PNG": png(10), "a/1.png": png(1), "a/notes.txt": b"x", ".DS_Store": b"x"}
FILES |= {"__MACOSX/a/._1.png": b"x", "a/.hidden.png": b"x"}


def folder_of(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path / "images.zip", "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path / "images.zip"


@pytest.mark.parametrize("packed", [False, True])
def test_images_come_in_the_order_of_their_names_with_their_folders(tmp_path: Path, packed: bool) -> None:
    found = image_files(zip_of(tmp_path, FILES) if packed else folder_of(tmp_path / "in", FILES))
    assert found.names == [ImageName("a/1.png", "a"), ImageName("a/10.PNG", "a"), ImageName("b/2.png", "b")]
    assert found.passed_over == 4
    assert [int(np.asarray(picture)[0, 0]) for picture in found.pictures()] == [1, 10, 2]


def test_one_image_has_no_identity(tmp_path: Path) -> None:
    path = folder_of(tmp_path, {"one.png": png(7)}) / "one.png"
    found = image_files(path)
    assert found.names == [ImageName("one.png", "")] and found.passed_over == 0
    assert next(found.pictures()).size == (3, 2)


def test_images_without_folders_have_no_identities(tmp_path: Path) -> None:
    found = image_files(folder_of(tmp_path, {"1.png": png(1), "2.png": png(2)}))
    assert {name.identity for name in found.names} == {""}


def test_half_of_them_in_folders_is_refused(tmp_path: Path) -> None:
    folder_of(tmp_path, {"a/1.png": png(1), "2.png": png(2)})
    with pytest.raises(ValueError, match="must lie in folders that name their identities, or none .* got '2.png'"):
        image_files(tmp_path)


def test_nothing_and_no_image_and_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="there must be an image, a folder or a zip, got nothing at"):
        image_files(tmp_path / "missing")
    with pytest.raises(ValueError, match="must hold 1 to 100,000 images .* got 0"):
        image_files(tmp_path)
    monkeypatch.setattr(reader, "MOST_FILES", 2)
    with pytest.raises(ValueError, match="must hold 1 to 2 images .* got 3"):
        image_files(folder_of(tmp_path, FILES))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder_of(tmp_path / "in" / "a", {"1.png": png(1)})
    folder_of(tmp_path, {"secret.png": png(9)})
    (tmp_path / "in" / "a" / "2.png").symlink_to(tmp_path / "secret.png")
    assert [name.name for name in image_files(tmp_path / "in").names] == ["a/1.png"]


def test_names_of_a_zip_lead_nowhere(tmp_path: Path) -> None:
    path = zip_of(tmp_path, {"../out/1.png": png(1), "/out/2.png": png(2)})
    before = sorted(tmp_path.rglob("*"))
    found = image_files(path)
    assert [name.name for name in found.names] == ["/out/2.png"] and found.passed_over == 1
    assert len(list(found.pictures())) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_files_and_pictures_that_are_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, packed = folder_of(tmp_path / "in", {"a/1.png": png(1)}), zip_of(tmp_path, {"a/1.png": png(1)})
    with monkeypatch.context() as patched:
        patched.setattr(picture, "MOST_PIXELS", 5)
        said = "'a/1.png' must be an image that can be read, got one that cannot: it has 3 x 2 pixels, more than 5"
        with pytest.raises(ValueError, match=said):
            list(image_files(folder).pictures())
    monkeypatch.setattr(reader, "MOST_BYTES", 20)
    for path in (folder, packed):
        with pytest.raises(ValueError, match="'a/1.png' must have at most 20 bytes, got more"):
            list(image_files(path).pictures())


@pytest.mark.parametrize("content", [b"", b"none", png(1)[:-30], png(1)[:40]])
def test_damaged_images_are_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = folder_of(tmp_path, {"a.png": content}) / "a.png"
    with pytest.raises(ValueError, match="'a.png' must be an image .*, got one that cannot: it .*Convert it"):
        list(image_files(path).pictures())


def test_a_format_that_is_not_on_the_list_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png", "ICO")
    with pytest.raises(ValueError, match=r"it is no image .* taken \(PNG, JPEG, WEBP, BMP, GIF, PPM, TIFF\)"):
        list(image_files(tmp_path / "a.png").pictures())


def test_a_jpeg_comes_no_smaller_than_is_wanted_and_whole_where_nothing_is_said(tmp_path: Path) -> None:
    found = image_files(folder_of(tmp_path, {"a/1.jpg": photo(640, 480), "a/2.png": png(2, (640, 480))}))
    assert [picture.size for picture in found.pictures((128, 128))] == [(320, 240), (640, 480)]
    assert [picture.size for picture in found.pictures()] == [(640, 480)] * 2


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a/1.png", png(1))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a/1.png", png(2))
    with pytest.raises(ValueError, match="names of twice.zip must differ, got 'a/1.png' twice"):
        image_files(tmp_path / "twice.zip")


def test_a_zip_that_is_damaged_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path, {"a/1.png": png(1)})
    content = bytearray(path.read_bytes())
    content[45] ^= 255  # of the packed image
    path.write_bytes(bytes(content))
    with pytest.raises(ValueError, match="'a/1.png' must be"):
        list(image_files(path).pictures())
