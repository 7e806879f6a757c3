"""Encoders of Metric Lab by their exported weights: the same embeddings, or a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from core.encoders import Backbone, CompactCnn, Linear, Mlp, ResidualCnn
from core.encoders.base import Encoder
from core.encoders.own_weights import module_of, own_weights
from tests.core.exported_weights import RULE, altered, exported

ENCODERS = [
    CompactCnn(dimension=2, activation="relu"),
    ResidualCnn(dimension=2),
    Mlp(width=16, dimension=2, normalise=False),
    Linear(dimension=2),
    Backbone(dimension=2, network="mobilenet_v3_small", weights="random", side=64),
]


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: encoder.name)
def test_it_embeds_as_the_encoder_that_was_exported(encoder: Encoder, tmp_path: Path) -> None:
    path, module = exported(tmp_path, encoder)
    own = own_weights(path)
    images = torch.randn(5, 3, 9, 7, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        found, expected = own.encoder.embed(module_of(own), images), encoder.embed(module, images)
    assert torch.equal(found, expected) and float(expected.abs().max()) > 0
    assert own.sizes == (9, 7, 3) and own.preprocessing == RULE.written()


def test_weights_from_elsewhere_are_fetched_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = exported(tmp_path, ENCODERS[-1])
    described = ENCODERS[-1].described() | {"weights": "ImageNet"}
    monkeypatch.setattr("core.encoders.backbone.pretrained_state", lambda network: pytest.fail("it was fetched"))
    module_of(own_weights(altered(path, {}, encoder=described)))


@pytest.mark.parametrize(
    "metadata, said",
    [
        ({"encoder": {"kind": "compact-cnn", "dimension": 32}}, r"must be those of compact-cnn .* got \(16,\) for"),
        ({"encoder": {"kind": "mlp", "dimension": 16}}, r"must be those of mlp for images of 9 x 7, got"),
        ({"encoder": {"kind": "brought-network"}}, "encoder must be one of compact-cnn"),
        ({"encoder": {"kind": "none"}}, "encoder must be one of compact-cnn, mlp"),
        ({"encoder": {"kind": "mlp", "width": 10**9}}, "width must be a whole number from 16 to 1024"),
        ({"encoder": {"kind": "mlp", "depth": 3}}, "must be given its own parameters, got 'depth'"),
        ({"encoder": {"kind": ["mlp"]}}, "must be one of Metric Lab, got"),
        ({"encoder": "no JSON"}, "those that Metric Lab has exported, which say their encoder, got 'no JSON'"),
        ({"encoder": [1]}, "which say their encoder"),
        ({"preprocessing": ""}, "which say their preprocessing, got none"),
        ({"preprocessing": {**RULE.written(), "height": 1e9}}, r"sides of 1 to 1,024, got \[1000000000.0, 7, 3\]"),
        ({"preprocessing": {**RULE.written(), "channels": 2}}, "must have 1 or 3 channels"),
        ({"preprocessing": {**RULE.written(), "width": 1000}}, "for images of 9 x 1000, got"),
    ],
)
def test_a_file_that_says_another_encoder_than_it_holds_is_refused(
    metadata: dict[str, Any], said: str, tmp_path: Path
) -> None:
    path, _ = exported(tmp_path)
    with pytest.raises(ValueError, match=said):
        own_weights(altered(path, {}, **metadata))


def test_missing_further_and_misshaped_tensors_are_named(tmp_path: Path) -> None:
    changes: tuple[tuple[dict[str, torch.Tensor | None], str], ...] = (
        ({"0.weight": None}, "got none for '0.weight', which has"),
        ({"extra": torch.zeros(3)}, r"got \(3,\) for 'extra', which has none, and 0 others"),
        ({"0.weight": torch.zeros(3)}, r"got \(3,\) for '0.weight', which has \(16, 3, 3, 3\)"),
    )
    for tensors, said in changes:
        path, _ = exported(tmp_path)
        with pytest.raises(ValueError, match=said):
            own_weights(altered(path, tensors))


def test_safetensors_of_others_are_refused_with_the_way_out(tmp_path: Path) -> None:
    save_file({"w": torch.zeros(2)}, tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match="those that Metric Lab has exported, which say their encoder, got none"):
        own_weights(tmp_path / "a.safetensors")
