"""A network that was brought, as layers of torch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import psutil
import pytest
import torch
from torchvision.transforms.v2 import functional as transforms

from core.encoders import brought_layers
from core.encoders.brought_layers import onnx_layer, preparation
from core.models.image_rule import ImageRule
from core.models.kept_models import delete_model
from tests.core.brought_models import brought, images
from tests.core.models.made import network, weights

RULE = ImageRule(6, 5, 3, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def shares(count: int = 3, channels: int = 3, height: int = 12, width: int = 10) -> torch.Tensor:
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(0))


def children() -> set[int]:
    """Those that work on a network; one that has ended works on none, even before its status was fetched."""
    found = set()
    for process in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "onnx_process" in " ".join(process.cmdline()):
                found.add(process.pid)
    return found


@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_prepared_as_torchvision_does(channels: int) -> None:
    found = preparation(RULE, 12, 10, channels)(shares(channels=channels))
    coloured = shares(channels=channels).expand(-1, 3, -1, -1)
    resized = transforms.resize(coloured, [6, 5], antialias=True)
    expected = transforms.normalize(resized, list(RULE.mean), list(RULE.deviation))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_images_of_the_right_size_are_prepared_as_files_are() -> None:
    pixels = images(4, 6, 5)
    for rule in (RULE, replace(RULE, order="BGR"), replace(RULE, layout="NHWC"), ImageRule(6, 5, 1, (0.3,), (0.2,))):
        values = preparation(rule, 6, 5, 3)(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255)
        np.testing.assert_allclose(values.numpy(), rule.values_of(pixels), atol=1e-4)
        assert values.shape[1:] == rule.shape


def test_a_part_is_what_is_cut_out_before() -> None:
    rule = replace(RULE, part=(0.25, 0.2, 0.75, 0.9))
    inner = shares()[:, :, 3:9, 2:9]
    torch.testing.assert_close(preparation(rule, 12, 10, 3)(shares()), preparation(RULE, 6, 7, 3)(inner))


def test_a_network_is_asked_by_torch_without_a_gradient(tmp_path: Path) -> None:
    layer = onnx_layer(brought(tmp_path))
    values = shares(height=6, width=5).requires_grad_()
    found = layer(values)
    assert found.shape == (3, 4, 1, 1) and not found.requires_grad and not list(layer.parameters())
    expected = values.detach().flatten(1).numpy() @ weights(90, 4)
    np.testing.assert_allclose(found.flatten(1).numpy(), expected, rtol=1e-4, atol=1e-4)
    last = values.detach().to(memory_format=torch.channels_last)
    torch.testing.assert_close(layer(last), found)


def test_vectors_come_as_images_of_one_pixel(tmp_path: Path) -> None:
    layer = onnx_layer(brought(tmp_path, network(("count", 90))))
    found = layer(shares(channels=90, height=1, width=1))
    expected = shares(channels=90, height=1, width=1).flatten(1).numpy() @ weights(90, 4)
    np.testing.assert_allclose(found.flatten(1).numpy(), expected, rtol=1e-4, atol=1e-4)


def test_its_process_ends_when_nobody_asks_and_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, before = onnx_layer(brought(tmp_path)), children()
    first = layer(shares(height=6, width=5))
    assert len(children() - before) == 1
    monkeypatch.setattr(brought_layers, "IDLE_SECONDS", 0.2)
    layer(shares(height=6, width=5))
    until = monotonic() + 60
    while children() - before:
        assert monotonic() < until
        sleep(0.05)
    assert torch.equal(layer(shares(height=6, width=5)), first)


def test_one_that_gives_no_numbers_is_told(tmp_path: Path) -> None:
    card = brought(tmp_path)
    layer = onnx_layer(card)
    with pytest.raises(ValueError, match="must give 4 finite numbers for each sample, got 4 or some that are not"):
        layer(shares(height=6, width=5) * torch.inf)
    with pytest.raises(ValueError, match="must give 5 finite numbers for each sample, got 4"):
        onnx_layer(replace(card, dimension=5))(shares(height=6, width=5))


def test_one_that_was_deleted_is_said_to_be_unreadable(tmp_path: Path) -> None:
    card = brought(tmp_path)
    layer = onnx_layer(card)
    delete_model(card.id)
    with pytest.raises(ValueError, match="must be readable, got No such file"):
        layer(shares(height=6, width=5))
