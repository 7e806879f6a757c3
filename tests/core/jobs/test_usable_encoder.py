"""An encoder that was taken home embeds as the run does, however it is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper

from core.encoders import Mlp
from core.handover.encoder_onnx import ENCODER, write_onnx
from core.handover.model_folder import MODEL
from core.jobs.trained_encoder import trained_encoder
from core.jobs.usable_encoder import run_named, usable_encoder
from tests.core.models.made import model, network, saved, weights
from tests.core.taken_home import trained_run


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an exported folder needs to be used."""
    folder = tmp_path_factory.mktemp("exported")
    trained = trained_encoder(trained_run())
    image = torch.from_numpy(trained.preprocessing.values_of(trained.samples[:1]))[0]
    write_onnx(folder / ENCODER, trained.encoder, trained.module, image)
    from hashlib import sha256

    digest = sha256((folder / ENCODER).read_bytes()).hexdigest()
    model = {"encoder": {"sha256": digest}, "preprocessing": trained.preprocessing.written()}
    (folder / MODEL).write_text(json.dumps(model))
    return folder


def test_folder_file_and_run_embed_alike(exported: Path) -> None:
    run = trained_run()
    pixels = trained_encoder(run).samples
    kept = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]
    for named in (exported, exported / ENCODER, run.folder):
        encoder = usable_encoder(str(named))
        assert np.abs(encoder.embed(pixels) - kept).max() < 1e-5 and not encoder.remark


def test_a_run_of_the_store_is_named_by_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained_run()
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / run.record().id).symlink_to(run.folder)
    assert run_named(run.record().id).record() == run.record()
    for missing in ("0" * 32, "../run", str(tmp_path)):
        with pytest.raises(ValueError, match="must be a run folder or the id of a run in the store, got"):
            run_named(missing)


def test_a_file_without_its_rule_goes_by_the_shape_of_its_input(tmp_path: Path) -> None:
    encoder = Mlp(width=16, dimension=2)
    module = encoder.build(6, 5, torch.Generator().manual_seed(0), 3)
    write_onnx(tmp_path / "mine.onnx", encoder, module, torch.zeros(3, 6, 5))
    usable = usable_encoder(str(tmp_path / "mine.onnx"))
    rule = usable.preprocessing
    assert (rule.height, rule.width, rule.channels, rule.mean, rule.deviation) == (6, 5, 3, (0.0,) * 3, (1.0,) * 3)
    assert (
        usable.remark
        == "there is no model.json beside mine.onnx: images are stretched, and their values go from 0 to 1"
    )
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 5, 3), np.uint8)
    with torch.no_grad():
        expected = encoder.embed(module.eval(), torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255)
    np.testing.assert_allclose(usable.embed(pixels), expected.numpy(), atol=1e-5)


def test_a_network_of_fixed_size_gets_one_image_at_a_time(tmp_path: Path) -> None:
    usable = usable_encoder(str(saved(network((1, 3, 6, 5)), tmp_path / "one.onnx")))
    pixels = np.random.default_rng(0).integers(0, 256, (3, 6, 5, 3), np.uint8)
    values = pixels.transpose(0, 3, 1, 2).reshape(3, -1) / 255
    np.testing.assert_allclose(usable.embed(pixels), values @ weights(90, 4), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            model([helper.make_node("Odd", ["x"], ["y"], domain="here")], (1, 4), {"y": (1, 4)}, domains=("", "here")),
            "got 'Odd' of the domain 'here'",
        ),
        (network((1, 3, "height", 5)), "must take images .* of one size, got"),
        (
            model([helper.make_node("Relu", ["x"], ["y"])], None, {"y": (1, 4)}),
            "must have one input of a shape and an output, got the shapes",
        ),
    ],
)
def test_a_file_is_read_with_care_before_anything_opens_it(made: onnx.ModelProto, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        usable_encoder(str(saved(made, tmp_path / "odd.onnx")))


def test_a_rule_of_another_file_and_a_damaged_one_are_refused(exported: Path, tmp_path: Path) -> None:
    (tmp_path / ENCODER).write_bytes((exported / ENCODER).read_bytes())
    model = json.loads((exported / MODEL).read_text())
    for written, said in (
        (
            json.dumps(model | {"encoder": {"sha256": "0"}}),
            "must be of encoder.onnx beside it, got one of another file",
        ),
        (json.dumps({"encoder": model["encoder"]}), "must say how images are prepared, got 'preprocessing'"),
        ("[", "must say how images are prepared"),
    ):
        (tmp_path / MODEL).write_text(written)
        with pytest.raises(ValueError, match=said):
            usable_encoder(str(tmp_path))
    with pytest.raises(ValueError, match="there must be an ONNX encoder, got nothing at"):
        usable_encoder(str(tmp_path / "missing.onnx"))
