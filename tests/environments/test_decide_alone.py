"""What is taken home decides alone as it did here: photographs of 40 people as a zip of folders, admitted, trained and
exported by the commands; then decide.py in an environment that has numpy and onnxruntime and nothing else of ours."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.datasets.admitted import read_admitted
from core.datasets.faces import Faces
from core.distances import EUCLIDEAN
from core.runs.run_folder import Run
from tests.imports import ROOT

DECIDE = """
import importlib.util, json, sys
from pathlib import Path
import numpy as np
folder, files, out = map(Path, sys.argv[1:])
assert not any(importlib.util.find_spec(name) for name in ("PIL", "torch", "core"))
sys.path.insert(0, str(folder))
import decide
model = json.loads((folder / "model.json").read_text())
names = json.loads((files / "names.json").read_text())
embeddings = decide.embed(model, folder, [decide.pixels_of(files / name, model["preprocessing"]) for name in names])
first, second = np.triu_indices(len(embeddings), 1)
distances = decide.distance(embeddings[first], embeddings[second])
np.savez(out, distances=distances, accepted=[decide.is_accepted(model, apart) for apart in distances.tolist()])
"""


def say_to_core(folder: Path, *words: str) -> str:
    place = os.environ | {"METRIC_LAB_STORE": str(folder / "store"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "core", *words]
    return subprocess.run(command, env=place, cwd=folder, check=True, capture_output=True, text=True).stdout


def write_faces(folder: Path) -> Path:
    """A zip with a folder for each person; the same files lie unpacked in `folder`, for decide.py to read."""
    images = Faces().load()
    path = folder / "faces.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for row, (pixels, label) in enumerate(zip(images.pixels, images.labels.tolist(), strict=True)):
            content = io.BytesIO()
            Image.fromarray(pixels).save(content, "PNG")
            archive.writestr(f"{images.class_names[label]}/{row}.png", content.getvalue())
        archive.extractall(folder / "files")
    return path


def python_of_its_own(folder: Path) -> str:
    """numpy and onnxruntime as constraints.txt has them, from the index that pip is set to."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    wanted = ["-c", str(ROOT / "constraints.txt"), "onnxruntime", "numpy"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


@pytest.mark.soak
@pytest.mark.parametrize("fit", ["pad", "crop"])
def test_a_fresh_environment_decides_as_the_run_does_on_every_pair(fit: str, tmp_path: Path) -> None:
    """The photographs are of 46 x 56 pixels and the set of 48 x 48, so that the fit is part of the answer."""
    card = json.loads(say_to_core(tmp_path, "import", str(write_faces(tmp_path)), "--side", "48", "--fit", fit))
    brought = ("--dataset", "brought", "--dataset-data", card["id"], "--split", "by-identity", "--epochs", "10")
    say_to_core(tmp_path, "train", *brought, "--probe-points", "400", "--out", str(tmp_path / "run"))
    say_to_core(tmp_path, "export", str(tmp_path / "run"), "--to", "onnx", "--out", str(tmp_path / "model"))

    run = Run(tmp_path / "run")
    kept = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]
    samples = read_admitted(Path(card["folder"]))
    assert samples.names is not None
    names = samples.names[run.probe()["rows"]].tolist()
    (tmp_path / "files" / "names.json").write_text(json.dumps(names))
    python, out = python_of_its_own(tmp_path / "alone"), tmp_path / "decided.npz"
    words = [python, "-c", DECIDE, str(tmp_path / "model"), str(tmp_path / "files"), str(out)]
    subprocess.run(words, cwd=tmp_path, check=True, env={"PATH": os.environ["PATH"]})

    first, second = np.triu_indices(len(kept), 1)
    here = EUCLIDEAN.between(kept, kept)[first, second]
    threshold = json.loads((tmp_path / "model" / "model.json").read_text())["threshold"]
    with np.load(out) as decided:
        rounding = np.abs(decided["distances"] - here).max()
        accepted = decided["accepted"]
    nearest = np.abs(here - threshold["value"]).min()
    print(f"{fit}: {len(here)} pairs, rounding {rounding:.2g}, nearest to the threshold {nearest:.2g}")
    assert len(here) == 12_720 and 0 < accepted.sum() < len(here)
    assert rounding < 2e-6, "float32 of another order of sums, not other pixels"
    assert nearest > rounding, "no pair may hang on the rounding"
    np.testing.assert_array_equal(accepted, here <= threshold["chosen"])  # what the page accepts


DECIDE_VECTORS = """
import importlib.util, json, sys
from pathlib import Path
import numpy as np
folder, vectors, out = map(Path, sys.argv[1:])
assert not any(importlib.util.find_spec(name) for name in ("PIL", "torch", "core"))
sys.path.insert(0, str(folder))
import decide
model = json.loads((folder / "model.json").read_text())
embeddings = decide.embed(model, folder, np.load(vectors))
first, second = np.triu_indices(len(embeddings), 1)
distances = decide.distance(embeddings[first], embeddings[second])
np.savez(out, distances=distances, accepted=[decide.is_accepted(model, apart) for apart in distances.tolist()])
"""


@pytest.mark.soak
@pytest.mark.parametrize("encoder", ["linear", "mlp"])
def test_a_fresh_environment_decides_by_a_head_on_vectors_as_the_run_does(encoder: str, tmp_path: Path) -> None:
    """The same photographs, brought as vectors: their pixels, as an encoder of somebody else might give them."""
    images = Faces().load()
    pixels = images.pixels[:, ::4, ::4].reshape(images.count, -1).astype(np.float32)
    np.savez(tmp_path / "faces.npz", embeddings=pixels, labels=np.array(images.class_names)[images.labels])
    card = json.loads(say_to_core(tmp_path, "import", str(tmp_path / "faces.npz")))
    brought = ("--dataset", "brought", "--dataset-data", card["id"], "--split", "by-identity", "--epochs", "10")
    head = ("--encoder", encoder, "--loss", "multi-similarity", "--miner", "all", "--probe-points", "400")
    say_to_core(tmp_path, "train", *brought, *head, "--out", str(tmp_path / "run"))
    say_to_core(
        tmp_path, "export", str(tmp_path / "run"), "--to", "onnx", "--goal", "eer", "--out", str(tmp_path / "m")
    )

    run = Run(tmp_path / "run")
    kept = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]
    samples = read_admitted(Path(card["folder"]))
    np.save(tmp_path / "vectors.npy", samples.values[run.probe()["rows"]])
    python, out = python_of_its_own(tmp_path / "alone"), tmp_path / "decided.npz"
    words = [python, "-c", DECIDE_VECTORS, str(tmp_path / "m"), str(tmp_path / "vectors.npy"), str(out)]
    subprocess.run(words, cwd=tmp_path, check=True, env={"PATH": os.environ["PATH"]})

    first, second = np.triu_indices(len(kept), 1)
    here = EUCLIDEAN.between(kept, kept)[first, second]
    threshold = json.loads((tmp_path / "m" / "model.json").read_text())["threshold"]
    with np.load(out) as decided:
        rounding = np.abs(decided["distances"] - here).max()
        accepted = decided["accepted"]
    nearest = np.abs(here - threshold["value"]).min()
    print(f"{encoder}: {len(here)} pairs, rounding {rounding:.2g}, nearest to the threshold {nearest:.2g}")
    assert len(here) > 10_000 and 0 < accepted.sum() < len(here)
    assert rounding < 1e-5 and nearest > rounding
    np.testing.assert_array_equal(accepted, here <= threshold["chosen"])
