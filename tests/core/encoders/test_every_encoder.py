from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor

from core.encoders import ENCODERS, Backbone, BroughtNetwork
from core.encoders.base import Encoder

DRAWN = {Backbone: {"network": "mobilenet_v3_small", "weights": "random", "trained": "everything", "side": 64}}
# Of one that was brought the weights lie in a file: it has tests of its own.
KINDS = {name: kind for name, kind in ENCODERS.items() if kind is not BroughtNetwork}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def make(kind: type[Encoder], **values: object) -> Encoder:
    """A small one whose weights are all drawn and all learn."""
    return kind.made_from({**DRAWN.get(kind, {}), **values})


def images(count: int, height: int = 8, width: int = 8, channels: int = 1) -> Tensor:
    return torch.randn(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def built(encoder: Encoder, height: int = 8, width: int = 8, seed: int = 0) -> torch.nn.Module:
    return encoder.build(height, width, torch.Generator().manual_seed(seed))


@EVERY
@pytest.mark.parametrize("height, width", [(1, 1), (2, 3), (8, 8), (28, 28), (17, 40)])
@pytest.mark.parametrize("dimension", [2, 32, 64, 128])
def test_an_image_of_any_size_becomes_a_point(kind: type[Encoder], dimension: int, height: int, width: int) -> None:
    encoder = make(kind, dimension=dimension)
    embeddings = encoder.embed(built(encoder, height, width), images(3, height, width))
    assert embeddings.shape == (3, dimension) and embeddings.dtype == torch.float32
    assert bool(embeddings.isfinite().all())


@EVERY
@pytest.mark.parametrize("height, width", [(1, 1), (3, 2), (17, 40)])
def test_a_coloured_image_becomes_a_point_in_which_every_colour_counts(
    kind: type[Encoder], height: int, width: int
) -> None:
    encoder, generator = make(kind, normalise=False), torch.Generator().manual_seed(0)
    module = encoder.build(height, width, generator, channels=3).eval()
    coloured = images(4, height, width, channels=3)
    embeddings = encoder.embed(module, coloured)
    assert embeddings.shape == (4, 64) and bool(embeddings.isfinite().all())
    for colour in range(3):
        other = coloured.clone()
        other[:, colour] += 1
        assert not torch.allclose(encoder.embed(module, other), embeddings)


@EVERY
def test_weights_for_grey_images_are_those_without_a_word_on_channels(kind: type[Encoder]) -> None:
    plain = built(make(kind)).state_dict()
    grey = make(kind).build(8, 8, torch.Generator().manual_seed(0), channels=1).state_dict()
    assert all(torch.equal(plain[name], grey[name]) for name in plain)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.takes_vectors], ids=lambda kind: kind.name)
@pytest.mark.parametrize("numbers", [1, 3, 100])
def test_a_vector_becomes_a_point_as_an_image_of_one_pixel(kind: type[Encoder], numbers: int) -> None:
    encoder = make(kind, dimension=16)
    module = encoder.build(1, 1, torch.Generator().manual_seed(0), channels=numbers)
    embeddings = encoder.embed(module, images(4, 1, 1, numbers))
    assert embeddings.shape == (4, 16) and bool(embeddings.isfinite().all())


@EVERY
def test_normalised_embeddings_have_length_one_and_others_their_own(kind: type[Encoder]) -> None:
    module = built(make(kind))
    lengths = make(kind, normalise=True).embed(module, images(20)).norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(20))
    module = built(make(kind))  # anew: batch normalisation remembers what it saw
    own = make(kind, normalise=False).embed(module, images(20))
    torch.testing.assert_close(own, built(make(kind))(images(20)))
    assert own.norm(dim=1).std().item() > 0.01


@EVERY
def test_a_zero_vector_stays_zero(kind: type[Encoder]) -> None:
    module = built(make(kind))
    torch.nn.init.zeros_(module[-1].weight)
    assert torch.equal(make(kind, normalise=True).embed(module, images(3)), torch.zeros(3, 64))


@EVERY
def test_the_same_generator_gives_the_same_weights(kind: type[Encoder]) -> None:
    torch.manual_seed(1)
    first = built(make(kind)).state_dict()
    torch.manual_seed(2)  # what the layers draw for themselves is drawn over
    again, other = built(make(kind)).state_dict(), built(make(kind), seed=1).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


@EVERY
def test_every_weight_gets_a_finite_gradient(kind: type[Encoder]) -> None:
    encoder = make(kind)
    module = built(encoder)
    embeddings = encoder.embed(module, images(6))
    (embeddings * images(6)[:, 0].flatten(1)).sum().backward()
    gradients = [weight.grad for weight in module.parameters()]
    assert all(gradient is not None and bool(gradient.isfinite().all()) for gradient in gradients)
    assert sum(bool(gradient.any()) for gradient in gradients if gradient is not None) > len(gradients) / 2


@EVERY
def test_an_embedding_does_not_depend_on_the_company(kind: type[Encoder]) -> None:
    encoder = make(kind)
    module = built(encoder)
    encoder.embed(module, images(30))  # running statistics that are not the first ones
    module.eval()
    together = encoder.embed(module, images(30))
    alone = torch.cat([encoder.embed(module, image) for image in images(30).split(1)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@EVERY
def test_different_images_have_different_embeddings(kind: type[Encoder]) -> None:
    encoder = make(kind)
    embeddings = encoder.embed(built(encoder).eval(), images(5))
    assert all(not torch.allclose(first, second) for first, second in pairwise(embeddings))


@EVERY
def test_an_activation_at_the_end_leaves_one_corner_of_the_space(kind: type[Encoder]) -> None:
    images = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    plain, cut = (make(kind, activation=name, normalise=False) for name in ("none", "relu"))
    module = plain.build(8, 8, torch.Generator().manual_seed(0)).eval()
    assert (plain.embed(module, images) < 0).any()
    assert torch.equal(cut.embed(module, images), plain.embed(module, images).clamp_min(0))
