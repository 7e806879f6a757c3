from __future__ import annotations

import torch

from core.encoders import Mlp


def test_is_two_hidden_layers_on_the_pixels() -> None:
    encoder = Mlp(width=32, dimension=2, normalise=False)
    module = encoder.build(8, 8, torch.Generator().manual_seed(0))
    images = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    first, second, third = (layer for layer in module if isinstance(layer, torch.nn.Linear))
    hidden = torch.relu(first.weight @ images.reshape(5, 64).T)
    hidden = torch.relu(second.weight @ hidden)
    torch.testing.assert_close(encoder.embed(module, images), (third.weight @ hidden).T)
    assert (first.out_features, second.out_features, third.out_features) == (32, 32, 2)
