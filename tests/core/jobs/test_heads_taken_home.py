"""Heads on brought vectors, taken home like any encoder: the same embeddings and decisions by onnxruntime and numpy
alone, and by torch out of the weights."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.encoders import Linear, Mlp
from core.encoders.base import Encoder
from core.handover.encoder_onnx import ENCODER, embedded_by_onnx
from core.handover.model_folder import MODEL
from core.handover.vector_scaling import VectorScaling
from core.jobs.export_run import KINDS, embedding_set, export, numbers_of
from core.jobs.threshold_of_run import threshold_of_run
from core.jobs.train_run import record
from core.jobs.trained_encoder import probe_pixels, trained_encoder
from core.jobs.usable_encoder import usable_encoder
from core.runs.run_folder import Run
from core.verification.goals import Eer
from core.verification.protocols import SAME
from tests.core.heads import EACH, NUMBERS, brought, head, vectors

HEADS: dict[str, Encoder] = {
    "linear": Linear(dimension=16),
    "linear with a constant": Linear(dimension=16, bias=True, normalise=False, activation="relu"),
    "mlp": Mlp(dimension=16, width=32),
}
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
embeddings = decide.embed(model, folder, np.load(sys.argv[2]))
first, second = np.triu_indices(len(embeddings), 1)
apart = decide.distance(embeddings[first], embeddings[second])
accepted = [decide.is_accepted(model, float(one)) for one in apart]
print(json.dumps({"apart": apart.tolist(), "accepted": accepted}))
'''


def silent(what: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module", params=HEADS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Trained on vectors of twelve numbers, far from 0 and of unequal spread."""
    root = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRIC_LAB_STORE", str(root))
        experiment = replace(head(brought(vectors())), encoder=HEADS[request.param])
        made = Run.create(root / "run", experiment)
        assert record(made, wait_for_umap=False) == "finished"
        yield made


def kept_in(run: Run) -> np.ndarray:
    return run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]


@pytest.fixture(scope="module")
def exported(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the threshold of the equal error rate."""
    folder = tmp_path_factory.mktemp("exported")
    card = threshold_of_run(run, run.snapshots()[-1], Eer(), SAME)
    told: list[str] = []
    assert export(run, "onnx", folder, card=card, report=told.append) == []
    assert told[-1] == "comparing onnxruntime with torch on the vectors of the run"
    return folder


def test_the_encoder_embeds_the_vectors_of_the_run_as_the_run_did(run: Run) -> None:
    trained, samples = trained_encoder(run), vectors()
    assert isinstance(trained.preprocessing, VectorScaling)
    rows = run.probe()["rows"]
    np.testing.assert_array_equal(trained.samples, samples.values[rows])
    assert np.abs(trained.embedded(trained.samples) - kept_in(run)).max() < 1e-5 and len(rows) == 8 * EACH
    training = samples.values[np.setdiff1d(np.arange(samples.count), rows)].astype(np.float64)
    np.testing.assert_allclose(trained.preprocessing.mean, training.mean(axis=0), rtol=1e-5)
    spread = np.sqrt(((training - training.mean(axis=0)) ** 2).mean())
    assert trained.preprocessing.scale == pytest.approx(spread, rel=1e-5)
    with pytest.raises(ValueError, match="the run must be of images"):
        probe_pixels(run)


def test_the_onnx_file_takes_vectors_as_they_come(run: Run, exported: Path) -> None:
    values = vectors().values[run.probe()["rows"]]
    for count in (1, 2, len(values)):
        found = embedded_by_onnx(exported / ENCODER, values[:count])
        assert np.abs(found - kept_in(run)[:count]).max() < 1e-5
    with pytest.raises(ValueError, match=r"must be an encoder of vectors \(5,\), got"):
        embedded_by_onnx(exported / ENCODER, values[:, :5])


def test_the_folder_says_what_it_takes_and_what_was_checked(run: Run, exported: Path) -> None:
    model = json.loads((exported / MODEL).read_text())
    assert model["encoder"]["input"] == "vectors" and model["preprocessing"]["numbers"] == NUMBERS
    assert model["checks"]["vectors"] == len(kept_in(run)) and "images" not in model["checks"]
    assert model["checks"]["largest_difference"] < 1e-5 > model["checks"]["largest_difference_from_the_run"]
    assert model["data"]["training_vectors"] == run.record().known_data.training_count
    files = [file.name for file in exported.iterdir() if file.is_file()]
    assert sorted(files) == ["card.md", "decide.py", "encoder.onnx", "model.json"]
    text = (exported / "card.md").read_text()
    assert "Each file holds one vector of 12 numbers" in text and "| vectors trained on | 64 |" in text
    assert "image" not in text.lower().replace("your own images, or vectors", "")


def test_numpy_and_onnxruntime_alone_decide_as_the_page_does(run: Run, exported: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", vectors().values[run.probe()["rows"]])
    words = [sys.executable, "-I", "-c", ALONE, str(exported), str(tmp_path / "vectors.npy")]
    result = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    alone, threshold = json.loads(result.stdout), json.loads((exported / MODEL).read_text())["threshold"]
    points, distance = embedding_set(run, numbers_of(run)).embeddings, run.experiment().distance
    first, second = np.triu_indices(len(points), 1)
    here = distance.between(distance.prepared(points), distance.prepared(points))[first, second]
    rounding = float(np.abs(np.array(alone["apart"]) - here).max())
    assert rounding < 1e-5 and np.abs(here - threshold["value"]).min() > rounding
    assert alone["accepted"] == (here <= threshold["chosen"]).tolist()
    assert 0 < sum(alone["accepted"]) < len(first) == 64 * 63 // 2


def test_the_script_decides_for_two_files(run: Run, exported: Path, tmp_path: Path) -> None:
    values = vectors().values
    np.save(tmp_path / "first.npy", values[0])
    (tmp_path / "same.txt").write_text(", ".join(map(repr, values[0].tolist())))
    (tmp_path / "short.txt").write_text("1, 2")

    def decided(second: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(exported / "decide.py"), str(tmp_path / "first.npy"), str(tmp_path / second)]
        return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    same = decided("same.txt")
    assert same.returncode == 0 and same.stdout.startswith("accepted: distance 0, threshold "), same.stderr
    short = decided("short.txt")
    assert short.returncode == 2 and "one vector of 12 finite numbers, got 2" in short.stderr


def test_the_weights_load_and_embed_the_same(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert export(run, "safetensors", tmp_path, report=silent) == []
    monkeypatch.chdir(tmp_path)
    loaded: dict[str, object] = {}
    exec(compile((tmp_path / "load_encoder.py").read_text(), "load_encoder.py", "exec"), loaded)
    values = torch.from_numpy(vectors().values[run.probe()["rows"]])
    found = loaded["embed"](values).numpy()  # type: ignore[operator]
    assert np.abs(found - kept_in(run)).max() < 1e-5 and np.ptp(found, axis=0).max() > 0.1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "onnx"])
def test_every_kind_is_written(run: Run, kind: str, tmp_path: Path) -> None:
    assert export(run, kind, tmp_path, report=silent) == []
    assert all(file.stat().st_size for file in tmp_path.iterdir()) and any(tmp_path.iterdir())


def test_folder_file_and_run_embed_alike_also_by_the_command(
    run: Run, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = vectors()
    rows, names = run.probe()["rows"], np.array(samples.class_names)[samples.labels]
    values = samples.values[rows]
    for named in (exported, exported / ENCODER, run.folder):
        encoder = usable_encoder(str(named))
        assert np.abs(encoder.embed(values) - kept_in(run)).max() < 1e-5 and not encoder.remark
    lone = tmp_path / "lone.onnx"
    lone.write_bytes((exported / ENCODER).read_bytes())
    assert usable_encoder(str(lone)).remark == "there is no model.json beside lone.onnx: vectors are not scaled"
    assert np.abs(usable_encoder(str(lone)).embed(values) - kept_in(run)).max() < 1e-5
    np.savez(tmp_path / "in.npz", embeddings=values, labels=names[rows])
    out = tmp_path / "out.npz"
    assert main(["embed", "--model", str(exported), str(tmp_path / "in.npz"), "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == {"vectors": len(rows), "dimension": 16, "identities": 8}
    with np.load(out) as arrays:
        assert np.abs(arrays["embeddings"] - kept_in(run)).max() < 1e-5
        assert arrays["labels"].tolist() == names[rows].tolist()


def test_other_vectors_than_those_that_were_trained_on_are_refused(
    run: Run, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "in.npz", embeddings=np.eye(5), labels=[0, 0, 1, 1, 2])
    assert main(["embed", "--model", str(exported), str(tmp_path / "in.npz"), "--out", str(tmp_path / "o.npz")]) != 0
    assert "vectors must have 12 numbers each" in capsys.readouterr().err
