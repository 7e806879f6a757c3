"""An encoder as ONNX: any number of images, as it embeds when it is not trained, and scaled inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from core.encoders import CompactCnn, Mlp
from core.handover.encoder_onnx import (
    INPUT,
    OPSET,
    OUTPUT,
    VECTORS,
    check_agreement,
    embedded_by_onnx,
    write_onnx,
)
from core.handover.vector_scaling import VectorScaling

ENCODERS = [CompactCnn(dimension=2), Mlp(width=16, dimension=2, normalise=False, activation="relu")]


@pytest.mark.parametrize("encoder", ENCODERS, ids=["scaled", "not scaled"])
def test_onnxruntime_embeds_as_torch_does(encoder: CompactCnn | Mlp, tmp_path: Path) -> None:
    module = encoder.build(9, 7, torch.Generator().manual_seed(0), 3)
    images = torch.randn(300, 3, 9, 7, generator=torch.Generator().manual_seed(1))
    module(images)  # the running statistics are those of images now
    assert module.training
    write_onnx(tmp_path / "encoder.onnx", encoder, module, images[0])
    assert module.training, "it goes on as it was"
    module.eval()
    with torch.no_grad():
        expected = encoder.embed(module, images).numpy()
    for count in (1, 2, 300):  # 300 are more than one batch
        found = embedded_by_onnx(tmp_path / "encoder.onnx", images[:count].numpy())
        assert check_agreement(found, expected[:count]) < 1e-5 and found.dtype == np.float32
    lengths = np.linalg.norm(found, axis=1)
    assert bool(np.abs(lengths - 1).max() < 1e-6) is encoder.normalise
    _holds_together(tmp_path / "encoder.onnx")


def _holds_together(path: Path) -> None:
    """One file by the checker of onnx, with the names, the open number of images and the operators that are said."""
    model = onnx.load(path, load_external_data=False)
    onnx.checker.check_model(model)
    (read,), (given,) = model.graph.input, model.graph.output
    assert (read.name, given.name) == (INPUT, OUTPUT) and model.opset_import[0].version == OPSET
    assert read.type.tensor_type.shape.dim[0].dim_param and given.type.tensor_type.shape.dim[0].dim_param
    assert [file.name for file in path.parent.iterdir()] == ["encoder.onnx"]
    assert all(not weight.external_data for weight in model.graph.initializer)


def test_too_large_a_difference_is_refused() -> None:
    assert check_agreement(np.zeros((2, 2)), np.full((2, 2), 5e-5)) == 5e-5
    for difference in (2e-4, np.nan):
        with pytest.raises(ValueError, match="must agree with torch to 0.0001, got a difference of"):
            check_agreement(np.zeros((2, 2)), np.full((2, 2), difference))


def test_a_file_that_is_no_model_and_images_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"none")
    with pytest.raises(
        ValueError, match="encoder.onnx must be an ONNX model, got .*Protobuf parsing failed. Export it again"
    ):
        embedded_by_onnx(tmp_path / "encoder.onnx", np.zeros((1, 1, 8, 8), np.float32))
    encoder = Mlp(width=16, dimension=2)
    write_onnx(tmp_path / "encoder.onnx", encoder, encoder.build(4, 4, torch.Generator()), torch.zeros(1, 4, 4))
    with pytest.raises(
        ValueError, match=r"encoder.onnx must be an encoder of images \(1, 8, 8\), got Got invalid dimensions"
    ):
        embedded_by_onnx(tmp_path / "encoder.onnx", np.zeros((1, 1, 8, 8), np.float32))


def test_a_head_takes_vectors_as_they_come_and_scales_them_inside(tmp_path: Path) -> None:
    encoder, generator = Mlp(width=16, dimension=2), torch.Generator().manual_seed(0)
    module = encoder.build(1, 1, generator, 6).eval()
    rule = VectorScaling((3.0, -2.0, 0.0, 100.0, 5.0, 0.5), 7.0)
    vectors = torch.randn(300, 6, generator=generator) * 7 + torch.tensor(rule.mean)
    write_onnx(tmp_path / "encoder.onnx", encoder, module, vectors[0], rule)
    with torch.no_grad():
        expected = encoder.embed(module, torch.from_numpy(rule.values_of(vectors.numpy()))).numpy()
    for count in (1, 300):
        found = embedded_by_onnx(tmp_path / "encoder.onnx", vectors[:count].numpy())
        assert check_agreement(found, expected[:count]) < 1e-5
    (read,) = onnx.load(tmp_path / "encoder.onnx").graph.input
    assert read.name == VECTORS and [size.dim_value for size in read.type.tensor_type.shape.dim] == [0, 6]
