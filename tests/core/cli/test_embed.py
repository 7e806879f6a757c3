"""`python -m core embed`: image files through an encoder that was taken home."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from core.__main__ import main
from core.jobs.trained_encoder import probe_pixels
from core.readers.embeddings_file import load_embeddings
from tests.core.commands import refused
from tests.core.taken_home import trained_run


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first sixty images of a run, in a folder for each digit."""
    folder, run = tmp_path_factory.mktemp("pictures"), trained_run()
    for row, (image, label) in enumerate(zip(probe_pixels(run)[:60], run.probe()["labels"], strict=False)):
        (folder / f"digit {label}").mkdir(exist_ok=True)
        Image.fromarray(image).save(folder / f"digit {label}" / f"{row:03d}.png")
    (folder / "notes.txt").write_text("of a walk")
    return folder


def embedded(capsys: pytest.CaptureFixture[str], path: Path, out: Path) -> tuple[dict[str, int], str]:
    assert main(["embed", "--model", str(trained_run().folder), str(path), "--out", str(out)]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_and_a_zip_are_embedded_as_the_run_did(
    pictures: Path, packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = pictures
    if packed:
        path = tmp_path / "pictures.zip"
        with ZipFile(path, "w") as archive:
            for file in sorted(pictures.rglob("*.*")):
                archive.write(file, file.relative_to(pictures).as_posix())
    found, said = embedded(capsys, path, tmp_path / "out.npz")
    run = trained_run()
    assert found == {"images": 60, "dimension": 32, "identities": 10, "passed_over": 1}
    assert said == "hint: passed over, as no images by their names: 1 files\n"
    with np.load(tmp_path / "out.npz", allow_pickle=False) as arrays:
        rows = [int(Path(name).stem) for name in arrays["names"].tolist()]
        kept = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"][rows]
        assert np.abs(arrays["embeddings"] - kept).max() < 1e-5
        assert arrays["labels"].tolist() == [f"digit {label}" for label in run.probe()["labels"][rows]]
    embeddings, labels, names = load_embeddings(tmp_path / "out.npz")
    assert embeddings.shape == (60, 32) and len(names) == 10 and len(labels) == 60


def test_one_image_has_an_embedding_and_no_label(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, said = embedded(capsys, next(iter(pictures.rglob("*.png"))), tmp_path / "out.npz")
    assert found["images"] == 1 and found["identities"] == 0 and said == ""
    with np.load(tmp_path / "out.npz") as arrays:
        assert sorted(arrays.files) == ["embeddings", "names"]


def test_many_are_embedded_in_parts(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded(capsys, pictures, tmp_path / "whole.npz")
    monkeypatch.setattr("core.cli.embed.AT_ONCE", 7)
    embedded(capsys, pictures, tmp_path / "parts.npz")
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "parts.npz") as parts:
        np.testing.assert_allclose(parts["embeddings"], whole["embeddings"], atol=1e-6)


def test_what_cannot_be_embedded_is_refused(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, out = str(trained_run().folder), str(tmp_path / "out.npz")
    for words, said in (
        ((str(pictures), "--model", model, "--out", str(tmp_path / "out.npy")), "--out must be an .npz in a folder"),
        ((str(pictures), "--model", model, "--out", str(tmp_path / "a" / "out.npz")), "--out must be an .npz in a"),
        ((str(tmp_path / "none"), "--model", model, "--out", out), "there must be an image, a folder or a zip"),
        ((str(pictures), "--model", str(tmp_path), "--out", out), "must be a run folder or the id of a run"),
    ):
        assert said in refused(capsys, "embed", *words)
    assert not (tmp_path / "out.npz").exists()
