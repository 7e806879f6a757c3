"""A run as a zip: it opens elsewhere as the same run, and says nothing of who asked for it here."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from core.handover.run_archive import pack_folder, write_archive
from core.runs.run_folder import Run
from core.runs.seal import seal
from tests.core.taken_home import trained_run


def test_the_run_opens_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(trained_run().folder, folder)
    seal(folder)
    for name in ("state.json", "entry.json", "wanted", ".run.json.0badcafe.part"):
        (folder / name).write_text("{}")
    write_archive(tmp_path / "run.zip", folder, "abc")
    with ZipFile(tmp_path / "run.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(name.startswith("abc/") for name in names)
        assert not {"abc/state.json", "abc/entry.json", "abc/wanted"} & set(names) and "abc/digests.json" in names
        assert not any(name.endswith(".part") for name in names)
        archive.extractall(tmp_path / "elsewhere")
    there, here = Run(tmp_path / "elsewhere" / "abc"), trained_run()
    assert there.record() == here.record() and there.snapshots() == here.snapshots()
    step = here.snapshots()[-1].step
    np.testing.assert_array_equal(there.snapshot(step, "embeddings")["embeddings"], here.snapshot(step)["embeddings"])


def test_the_same_run_is_the_same_archive(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_archive(tmp_path / name, trained_run().folder, "abc")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_folder_is_packed_by_the_names_in_it(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "inner" / "a.txt").write_text("a")
    (tmp_path / "folder" / "b.txt").write_text("b")
    pack_folder(tmp_path / "all.zip", tmp_path / "folder")
    with ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["b.txt", "inner/a.txt"] and archive.read("inner/a.txt") == b"a"
