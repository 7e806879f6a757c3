from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torchvision import models
from torchvision.transforms.v2 import functional as transforms

from core.encoders.backbone import PIXEL_DEVIATION, PIXEL_MEAN, RANDOM, Backbone
from core.encoders.headed import EVERYTHING, HEAD
from core.encoders.pretrained import PRETRAINED
from tests.core.hub import NETWORK, cached_weights, without_network

SMALL = Backbone(dimension=16, network=NETWORK, side=64)


def built(encoder: Backbone, channels: int = 3, side: int = 20) -> torch.nn.Module:
    return encoder.build(side, side + 5, torch.Generator().manual_seed(0), channels)


def pixels(count: int = 3, channels: int = 3, height: int = 20, width: int = 25) -> torch.Tensor:
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def test_features_are_those_of_torchvision_on_images_prepared_by_torchvision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = cached_weights(tmp_path, monkeypatch)
    module = built(SMALL).train()
    whole = models.get_model(NETWORK, weights=None).eval()
    whole.load_state_dict(state)
    whole.classifier = torch.nn.Identity()
    fixed = SMALL.fixed_part(module)
    assert fixed is not None
    for images in (pixels(), pixels(height=20, width=25, channels=1).expand(-1, 3, -1, -1)):
        resized = transforms.resize(images, [64, 64], antialias=True)
        expected = whole(transforms.normalize(resized, list(PIXEL_MEAN), list(PIXEL_DEVIATION))).detach()
        found = fixed(images).flatten(1).detach()
        assert float((found - expected).norm()) < 1e-3 * float(expected.norm())
        assert expected.std() > 0.01


@pytest.mark.parametrize("height, width", [(1, 1), (30, 7), (64, 64), (200, 90)])
def test_images_are_resized_as_torchvision_does(height: int, width: int) -> None:
    as_imagenet = replace(SMALL, weights=RANDOM).build(height, width, torch.Generator())[0]
    images = pixels(channels=3, height=height, width=width)
    expected = transforms.normalize(
        transforms.resize(images, [64, 64], antialias=True), list(PIXEL_MEAN), list(PIXEL_DEVIATION)
    )
    torch.testing.assert_close(as_imagenet(images), expected, rtol=1e-4, atol=1e-4)


def test_grey_is_three_equal_colours() -> None:
    module = built(replace(SMALL, weights=RANDOM), channels=1)
    grey = pixels(channels=1)
    torch.testing.assert_close(module[0](grey), module[0](grey.expand(-1, 3, -1, -1)))


@pytest.mark.parametrize("network", PRETRAINED)
def test_every_network_gives_an_embedding_without_its_classifier(network: str) -> None:
    encoder = Backbone(dimension=16, network=network, weights=RANDOM, side=64)
    module = built(encoder)
    assert encoder.embed(module, pixels(2)).shape == (2, 16)
    assert module[-1].in_features in (512, 2048, 576, 1280)
    assert not any(name.startswith(("1.fc", "1.classifier")) for name in module.state_dict())


def test_a_frozen_network_stays_as_it_is_in_training_too() -> None:
    encoder = replace(SMALL, weights=RANDOM)
    module = built(encoder)
    before = {name: tensor.clone() for name, tensor in module[1].state_dict().items()}
    module.train()
    first = module(pixels())
    again = module(torch.cat([pixels(), pixels() / 2]))[:3]
    torch.testing.assert_close(first, again)  # no batch changes what an image becomes
    assert all(torch.equal(before[name], tensor) for name, tensor in module[1].state_dict().items())
    assert [weight.requires_grad for weight in module.parameters()].count(True) == 2 and not module[1].training
    assert len(encoder.rates(module)) == 1 and len(encoder.rates(module)[0][0]) == 2


def test_the_parts_of_a_frozen_one_are_the_whole() -> None:
    encoder = replace(SMALL, weights=RANDOM)
    module = built(encoder)
    fixed = encoder.fixed_part(module)
    assert fixed is not None and fixed(pixels()).shape == (3, 576, 1, 1)
    parts = encoder.embed(encoder.learning_part(module), fixed(pixels()))
    torch.testing.assert_close(parts, encoder.embed(module, pixels()))


def test_where_everything_is_trained_the_network_learns_more_slowly() -> None:
    encoder = replace(SMALL, weights=RANDOM, trained=EVERYTHING, network_rate=0.05)
    module = built(encoder)
    (head, whole), (network, share) = encoder.rates(module)
    assert (whole, share) == (1.0, 0.05) and len(head) == 2
    assert sum(map(torch.numel, head + network)) == sum(map(torch.numel, module.parameters()))
    assert encoder.fixed_part(module) is None and encoder.learning_part(module) is module


def test_a_head_that_was_trained_alone_can_go_on_with_everything() -> None:
    frozen = built(replace(SMALL, weights=RANDOM, trained=HEAD)).state_dict()
    whole = built(replace(SMALL, weights=RANDOM, trained=EVERYTHING))
    assert list(whole.state_dict()) == list(frozen)
    whole.load_state_dict(frozen)


def test_weights_that_cannot_be_had_are_never_replaced_by_drawn_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    without_network(monkeypatch)
    with pytest.raises(ValueError, match="pretrained weights of mobilenet_v3_small must be on this machine"):
        built(SMALL)
    assert SMALL.absence and not replace(SMALL, weights=RANDOM).absence
    built(SMALL.blank())  # to be given its weights


def test_weights_of_another_network_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached_weights(tmp_path, monkeypatch)
    monkeypatch.setitem(PRETRAINED, "resnet18", PRETRAINED[NETWORK])
    with pytest.raises(ValueError, match="the pretrained weights must be those of resnet18, got others"):
        built(replace(SMALL, network="resnet18"))
