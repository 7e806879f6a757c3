"""What is taken home of a run, opened by those it is for: the same decisions, by onnxruntime and numpy alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import faiss
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.handover.embedding_files import NPZ, PARQUET
from core.handover.model_folder import MODEL
from core.jobs.export_run import KINDS, OF_ENCODERS, check_packages, embedding_set, export, numbers_of
from core.jobs.measure_embeddings import Upload, keep, measure
from core.jobs.threshold_of_run import threshold_of_run
from core.jobs.trained_encoder import probe_pixels
from core.jobs.withdraw_samples import take_out
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.goals import Eer
from core.verification.protocols import SAME
from tests.core.reports import measured
from tests.core.taken_home import trained_run

ALONE = '''
import sys

ALLOWED = set(sys.stdlib_module_names) | {"numpy", "onnxruntime", "decide"}


class Refuse:
    """Stands before all finders: nothing beyond the standard library, numpy and onnxruntime is there."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in ALLOWED:
            raise ImportError(f"{name} is not installed here")
        return None


sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
import json
from pathlib import Path

import numpy as np

import decide

folder = Path(sys.argv[1])
model = json.loads((folder / "model.json").read_text())
files = [Path(line) for line in sys.stdin.read().split("\\n") if line]
embeddings = decide.embed(model, folder, [decide.pixels_of(file, model["preprocessing"]) for file in files])
first, second = np.triu_indices(len(files), 1)
apart = decide.distance(embeddings[first], embeddings[second])
accepted = [decide.is_accepted(model, float(one)) for one in apart]
assert not {"PIL", "torch", "core"} & {name.split(".")[0] for name in sys.modules}
print(json.dumps({"apart": apart.tolist(), "accepted": accepted}))
'''


def silent(what: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the threshold of the equal error rate."""
    folder, run = tmp_path_factory.mktemp("exported"), trained_run()
    card = threshold_of_run(run, run.snapshots()[-1], Eer(), SAME)
    assert export(run, "onnx", folder, card=card, report=silent) == []
    return folder


def test_the_folder_decides_as_the_page_does_with_onnxruntime_and_numpy_alone(exported: Path, tmp_path: Path) -> None:
    run, model = trained_run(), json.loads((exported / MODEL).read_text())
    points = embedding_set(run, numbers_of(run))
    pixels = probe_pixels(run)
    files = [tmp_path / f"{row}.{'png' if row % 2 else 'pgm'}" for row in range(len(pixels))]
    for file, image in zip(files, pixels, strict=True):
        Image.fromarray(image).save(file)
    result = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(exported)],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    alone = json.loads(result.stdout)
    first, second = np.triu_indices(len(pixels), 1)
    distance = run.experiment().distance
    prepared = distance.prepared(points.embeddings)
    on_the_page = distance.between(prepared, prepared)[first, second]
    rounding = float(np.abs(np.array(alone["apart"]) - on_the_page).max())
    threshold = model["threshold"]["value"]
    assert rounding < 1e-5
    assert np.abs(on_the_page - threshold).min() > rounding, "none of the pairs is nearer than the rounding"
    assert alone["accepted"] == (on_the_page <= model["threshold"]["chosen"]).tolist()
    assert 0 < sum(alone["accepted"]) < len(first) == 150 * 149 // 2


def test_the_folder_says_what_was_checked_and_chosen(exported: Path) -> None:
    run, model = trained_run(), json.loads((exported / MODEL).read_text())
    checks = model["checks"]
    assert checks["images"] == 150 >= 64 and checks["largest_difference"] < checks["allowed"] == 1e-4
    assert checks["largest_difference_from_the_run"] < 1e-5
    assert model["encoder"]["embeddings_have_length_1"] and model["threshold"]["goal"] == {"kind": "eer"}
    assert model["data"]["digest"] == run.record().known_data.digest == model["card"]["data_digest"]
    assert model["run"] == run.record().id and model["versions"]["onnxruntime"]
    calibration = model["calibration"]
    assert len(calibration["distances"]) == len(calibration["platt"]) == len(calibration["isotonic"]) > 10
    files = [file.name for file in exported.iterdir() if file.is_file()]  # python may have kept what it compiled
    assert sorted(files) == ["card.md", "decide.py", "encoder.onnx", "model.json"]
    text = (exported / "card.md").read_text()
    assert f"largest difference of a value {checks['largest_difference']:.2g} (at most 0.0001)" in text
    assert f"`{model['threshold']['value']!r}`" in text


def test_the_file_decides_for_two_images_on_the_command_line(exported: Path, tmp_path: Path) -> None:
    run = trained_run()
    pixels, labels = probe_pixels(run), run.probe()["labels"]
    other = int(np.flatnonzero(labels != labels[0])[0])
    for name, row in (("same", 0), ("other", other)):
        Image.fromarray(pixels[row]).resize((64, 64), Image.Resampling.NEAREST).save(tmp_path / f"{name}.jpg")
    script = str(exported / "decide.py")

    def decided(second: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, script, str(tmp_path / "same.jpg"), str(tmp_path / f"{second}.jpg")]
        return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    same = decided("same")
    assert same.returncode == 0 and same.stdout.startswith("accepted: distance 0, threshold "), same.stderr
    assert decided("other").returncode in (0, 1) and decided("missing").returncode == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "onnx"])
def test_every_kind_is_written_and_said(kind: str, tmp_path: Path) -> None:
    told: list[str] = []
    assert export(trained_run(), kind, tmp_path, report=told.append) == []
    assert told == [f"writing {kind}"] and all(file.stat().st_size for file in tmp_path.iterdir())


def test_embeddings_are_those_of_the_run_in_every_form(tmp_path: Path) -> None:
    run = trained_run()
    kept, probe = run.snapshot(numbers_of(run).step, "embeddings")["embeddings"], run.probe()
    for kind in ("parquet", "npz", "faiss"):
        export(run, kind, tmp_path, report=silent)
    frame = pd.read_parquet(tmp_path / PARQUET)
    np.testing.assert_array_equal(np.stack(list(frame["embedding"])), kept)
    assert frame["row"].tolist() == probe["rows"].tolist() and frame["label"].tolist() == probe["labels"].tolist()
    with np.load(tmp_path / NPZ) as arrays:
        np.testing.assert_array_equal(arrays["embeddings"], kept)
    index = faiss.read_index(str(tmp_path / "index.faiss"))
    np.testing.assert_array_equal(index.reconstruct_n(0, len(kept)), kept)


def test_the_run_opens_from_its_zip(tmp_path: Path) -> None:
    run = trained_run()
    export(run, "zip", tmp_path, report=silent)
    with ZipFile(tmp_path / "run.zip") as archive:
        archive.extractall(tmp_path)
    assert Run(tmp_path / run.record().id).snapshots() == run.snapshots()


@pytest.fixture
def brought(store: Store) -> Run:
    """Embeddings that somebody brought, with names of their points."""
    points, labels = measured()[0], np.repeat(np.arange(40), 6)
    distance = trained_run().experiment().distance
    names = tuple(f"photo {row}" for row in range(240))
    row = keep(store, Upload("faces.npz", points, labels, tuple(f"={n}" for n in range(40)), distance, names))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    return Run(store.folder(row.id))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (*OF_ENCODERS, "events")])
def test_brought_embeddings_are_taken_home_too(brought: Run, kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert export(brought, kind, out, report=silent) == [] and any(out.iterdir())
    if kind == "parquet":
        frame = pd.read_parquet(out / PARQUET)
        assert frame["name"].tolist()[:2] == ["photo 0", "photo 1"] and frame["class"][6] == "=1"


@pytest.mark.parametrize("kind", OF_ENCODERS)
def test_brought_embeddings_have_no_encoder(brought: Run, kind: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="an encoder must be that of a training, got faces.npz, which was brought"):
        export(brought, kind, tmp_path, report=silent)


def test_rows_that_are_left_keep_their_numbers(brought: Run, store: Store) -> None:
    row = take_out(store, brought.record().id, brought, 0, range(3))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    without = Run(store.folder(row.id))
    assert embedding_set(without, numbers_of(without)).rows.tolist() == list(range(3, 240))


def test_runs_of_pairs_have_no_embeddings(brought: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    record, numbers = replace(brought.record(), kind=Kind.SCORES), numbers_of(brought)
    monkeypatch.setattr(Run, "record", lambda self: record)
    with pytest.raises(ValueError, match="must have embeddings, got faces.npz, which has pairs alone"):
        embedding_set(brought, numbers)


def test_a_card_of_another_run_and_a_kind_that_is_none_are_refused(tmp_path: Path) -> None:
    run = trained_run()
    with pytest.raises(ValueError, match="the card must be of a snapshot of the run .* got one of abc at step 3"):
        export(run, "card", tmp_path, card={"run": "abc", "step": 3}, report=silent)
    with pytest.raises(ValueError, match="--to must be one of onnx, .* got 'pickle'"):
        export(run, "pickle", tmp_path, report=silent)


def test_a_card_chooses_its_snapshot() -> None:
    run = trained_run()
    first = run.snapshots()[0]
    assert numbers_of(run, {"run": run.record().id, "step": first.step}) == first != numbers_of(run)
    assert numbers_of(run, {"file": "faces.npz"}) == numbers_of(run)


def test_a_run_that_has_not_begun_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "snapshots", lambda self: [])
    with pytest.raises(ValueError, match="must have begun, got no snapshot of it"):
        export(trained_run(), "npz", tmp_path, report=silent)


def test_brought_embeddings_have_no_curves(brought: Run, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the curves must be those of a training, got faces.npz, which was brought"):
        export(brought, "events", tmp_path, report=silent)


@pytest.mark.parametrize("missing", ["onnxscript", "safetensors", "tensorboard"])
def test_a_missing_package_is_one_sentence(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.handover.optional_packages.find_spec", lambda name: None if name == missing else name)
    kind = {"safetensors": "safetensors", "tensorboard": "events"}.get(missing, "onnx")
    with pytest.raises(ValueError, match=f"must have {missing} installed, got none. .*pip install"):
        export(trained_run(), kind, tmp_path, report=silent)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_installed_is_said_before_anything_is_made(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_packages(kind)  # the tests have all of them
    monkeypatch.setattr("core.handover.optional_packages.find_spec", lambda name: None)
    if kind in ("onnx", "safetensors", "events"):
        with pytest.raises(ValueError, match="must have .*installed, got none"):
            check_packages(kind)
    else:
        check_packages(kind)
