"""An encoder on a network that was brought."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.admission.models import AskedModel, admit_model
from core.encoders.brought_network import MLP, BroughtNetwork
from core.encoders.headed import EVERYTHING
from core.handover.encoder_onnx import embedded_by_onnx, write_onnx
from core.models.kept_models import delete_model
from tests.core.brought_models import brought, images
from tests.core.exported_weights import RULE, exported
from tests.core.models.made import network, weights


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def built(encoder: BroughtNetwork, seed: int = 0, channels: int = 3) -> torch.nn.Module:
    return encoder.build(6, 5, torch.Generator().manual_seed(seed), channels)


def shares(count: int = 3) -> torch.Tensor:
    return torch.from_numpy(images(count, 6, 5)).permute(0, 3, 1, 2).float() / 255


def test_an_embedding_is_the_head_of_what_the_network_gives(tmp_path: Path) -> None:
    encoder = BroughtNetwork(model=brought(tmp_path).id, dimension=2, normalise=False)
    module = built(encoder).eval()
    features = torch.from_numpy(shares().flatten(1).numpy() @ weights(90, 4))
    head = module[-1]
    expected = features @ head.weight.T + head.bias
    torch.testing.assert_close(encoder.embed(module, shares()), expected, rtol=1e-4, atol=1e-4)
    unit = replace(encoder, normalise=True).embed(module, shares())
    torch.testing.assert_close(unit, functional.normalize(expected), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("head", ["linear", MLP])
def test_only_the_head_learns_and_the_same_generator_draws_the_same(head: str, tmp_path: Path) -> None:
    encoder = BroughtNetwork(model=brought(tmp_path).id, head=head, width=16)
    module = built(encoder)
    embeddings = encoder.embed(module, shares())
    assert embeddings.shape == (3, 64)
    (embeddings * torch.randn(3, 64, generator=torch.Generator().manual_seed(1))).sum().backward()
    gradients = [weight.grad for weight in module.parameters()]
    assert len(gradients) == (2 if head == "linear" else 4)
    assert all(gradient is not None and bool(gradient.any()) for gradient in gradients)
    ((group, share),) = encoder.rates(module)
    assert share == 1 and len(group) == len(gradients)
    first, again, other = (built(encoder, seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_parts_are_the_whole(tmp_path: Path) -> None:
    encoder = BroughtNetwork(model=brought(tmp_path).id)
    module = built(encoder)
    fixed = encoder.fixed_part(module)
    assert fixed is not None and fixed(shares()).shape == (3, 4, 1, 1)
    parts = encoder.embed(encoder.learning_part(module), fixed(shares()))
    torch.testing.assert_close(parts, encoder.embed(module, shares()))


def test_it_takes_what_its_network_takes(tmp_path: Path) -> None:
    of_images = BroughtNetwork(model=brought(tmp_path).id)
    of_vectors = BroughtNetwork(model=brought(tmp_path, network(("count", 90)), title="v.onnx").id)
    of_images.check((3, 100, 1), is_vector=False)
    of_images.check((1, 6, 5), is_vector=False)
    of_vectors.check((90, 1, 1), is_vector=True)
    with pytest.raises(ValueError, match="must be images for the network mine.onnx, got vectors of 90 numbers"):
        of_images.check((90, 1, 1), is_vector=True)
    with pytest.raises(ValueError, match="must be vectors for the network v.onnx, got images"):
        of_vectors.check((3, 6, 5), is_vector=False)
    with pytest.raises(ValueError, match="vectors must have 90 numbers for the network v.onnx, got 89"):
        of_vectors.check((89, 1, 1), is_vector=True)
    with pytest.raises(ValueError, match="trained must be head only for a network of ONNX"):
        replace(of_images, trained=EVERYTHING).check((3, 6, 5), is_vector=False)
    module = of_vectors.build(1, 1, torch.Generator().manual_seed(0), 90)
    assert of_vectors.embed(module, torch.ones(2, 90, 1, 1)).shape == (2, 64)


def test_without_a_network_one_is_told_how_to_get_one(tmp_path: Path) -> None:
    encoder = BroughtNetwork()
    assert "brought-network must be given a network of yours" in encoder.absence
    with pytest.raises(ValueError, match="must be given a network of yours, got none"):
        encoder.check((3, 6, 5), is_vector=False)
    card = brought(tmp_path)
    assert BroughtNetwork(model=card.id).absence == ""
    delete_model(card.id)
    assert "may have been deleted" in BroughtNetwork(model=card.id).absence


def test_it_is_not_handed_on(tmp_path: Path) -> None:
    for kind in ("onnx", "safetensors"):
        assert f"got {kind}" in BroughtNetwork(model=brought(tmp_path).id).kept_back(kind)


def test_features_do_not_depend_on_the_company(tmp_path: Path) -> None:
    module = built(BroughtNetwork(model=brought(tmp_path).id))
    together = module(shares(70)).detach().numpy()
    alone = np.concatenate([module(one).detach().numpy() for one in shares(70).split(1)])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def of_weights(tmp_path: Path, **changes: object) -> tuple[BroughtNetwork, torch.nn.Module, torch.nn.Module]:
    """An encoder on exported weights, its module for images of 9 x 7, and what was exported."""
    path, exported_module = exported(tmp_path)
    encoder = BroughtNetwork.made_from({"model": admit_model(AskedModel(path)).id, "dimension": 2, **changes})
    return encoder, encoder.build(9, 7, torch.Generator().manual_seed(0), 3), exported_module


def prepared(count: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    """Images from 0 to 1, and as the exported encoder takes them."""
    pixels = images(count, 9, 7)
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(RULE.values_of(pixels))


def test_frozen_weights_of_metric_lab_stay_as_they_were_exported(tmp_path: Path) -> None:
    encoder, module, exported_module = of_weights(tmp_path)
    fixed = encoder.fixed_part(module.train())
    assert fixed is not None and not module[1].training
    given, taken = prepared()
    with torch.no_grad():
        expected = functional.normalize(exported_module(taken))
    torch.testing.assert_close(fixed(given).flatten(1).detach(), expected, rtol=1e-4, atol=1e-5)
    learning = [name for name, weight in module.named_parameters() if weight.requires_grad]
    assert learning == ["3.weight", "3.bias"]


def test_weights_of_metric_lab_can_be_tuned_at_their_own_rate(tmp_path: Path) -> None:
    encoder, module, exported_module = of_weights(tmp_path, trained=EVERYTHING, network_rate=0.05, normalise=False)
    assert encoder.fixed_part(module) is None and encoder.learning_part(module) is module
    (head, whole), (network_weights, share) = encoder.rates(module)
    assert (whole, share, len(head)) == (1.0, 0.05, 2) and len(network_weights) == len(
        list(exported_module.parameters())
    )
    encoder.check((3, 9, 7), is_vector=False)
    encoder.embed(module.train(), prepared(20)[0]).square().sum().backward()
    assert module[1].training and all(weight.grad is not None for weight in module.parameters())
    begins = module[1].get_submodule("network").state_dict()
    assert torch.equal(begins["0.weight"], exported_module.state_dict()["0.weight"])


@pytest.mark.parametrize("trained", ["head only", EVERYTHING])
def test_an_encoder_on_weights_of_metric_lab_is_taken_home_as_onnx(trained: str, tmp_path: Path) -> None:
    encoder, module, _ = of_weights(tmp_path, trained=trained, head=MLP)
    assert encoder.kept_back("onnx") == "" and "got safetensors" in encoder.kept_back("safetensors")
    given, _ = prepared()
    write_onnx(tmp_path / "whole.onnx", encoder, module, given[0])
    with torch.no_grad():
        expected = encoder.embed(module.eval(), given).numpy()
    np.testing.assert_allclose(embedded_by_onnx(tmp_path / "whole.onnx", given.numpy()), expected, atol=1e-5)
