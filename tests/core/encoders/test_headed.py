"""A network under a head: what of it learns, and how fast."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch

from core.encoders.headed import EVERYTHING, HEAD, Headed, layers_of
from core.params import param


@dataclass(frozen=True)
class Small(Headed):
    """One layer under another."""

    trained: str = param(HEAD, choices=(HEAD, EVERYTHING), help="what learns")
    network_rate: float = param(0.1, low=0.0, high=1.0, help="a share of the head's rate")

    def layers(self, height: int, width: int, channels: int) -> torch.nn.Module:
        nn = torch.nn
        return nn.Sequential(nn.Identity(), nn.Conv2d(channels, 2, 1), nn.Flatten(), nn.Linear(2 * height * width, 3))


@pytest.mark.parametrize("trained", [HEAD, EVERYTHING])
def test_the_parts_make_the_whole_and_only_what_learns_has_a_rate(trained: str) -> None:
    encoder = Small(trained=trained)
    module = encoder.layers(2, 3, 1)
    images = torch.rand(4, 1, 2, 3, generator=torch.Generator().manual_seed(0))
    fixed, learning = encoder.fixed_part(module), encoder.learning_part(module)
    assert (fixed is None) is (trained == EVERYTHING)
    assert torch.equal(learning(images if fixed is None else fixed(images)), module(images))
    rates = [(sum(weight.numel() for weight in weights), rate) for weights, rate in encoder.rates(module)]
    assert rates == [(39, 1.0), (4, 0.1)][: 1 if trained == HEAD else 2]


def test_what_is_no_row_of_layers_is_no_module_of_it() -> None:
    with pytest.raises(AssertionError, match="a row of layers"):
        layers_of(torch.nn.Linear(1, 1))
