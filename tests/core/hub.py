"""Weights as torch's cache holds them, drawn at random: no test goes to the network."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch
from torchvision import models

from core.encoders.pretrained import PRETRAINED, Pretrained

NETWORK = "mobilenet_v3_small"


def cached_weights(folder: Path, monkeypatch: pytest.MonkeyPatch, *, seed: int = 5) -> dict[str, torch.Tensor]:
    """Put weights of NETWORK into a cache of its own, under the digest that they have; the weights by name."""
    monkeypatch.setenv("TORCH_HOME", str(folder))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = models.get_model(NETWORK, weights=None)
        for layer in network.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 1.0
        with torch.no_grad():
            network.train()(torch.rand(16, 3, 64, 64))  # else hardly anything comes through in evaluation
        state = network.state_dict()
    checkpoints = folder / "hub" / "checkpoints"
    checkpoints.mkdir(parents=True)
    torch.save(state, checkpoints / "drawn.pth")
    digest = hashlib.sha256((checkpoints / "drawn.pth").read_bytes()).hexdigest()
    weights = Pretrained(PRETRAINED[NETWORK].name, f"drawn-{digest[:8]}.pth", 10)
    (checkpoints / "drawn.pth").rename(checkpoints / weights.file)
    monkeypatch.setitem(PRETRAINED, NETWORK, weights)
    return state


def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every download fail as it does where no name is known."""

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("torch.hub.download_url_to_file", refuse)
