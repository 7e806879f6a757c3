from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augmentations import CropsAndColour
from core.batch.mined import Pairs, Triplets, as_consumed
from core.batch.triplet_sums import hardness_shares
from core.datasets import Images
from core.datasets.vectors import Vectors
from core.distances import Euclidean, SquaredEuclidean
from core.distances.base import Distance
from core.encoders import ENCODERS, Backbone, BroughtNetwork, Linear, Mlp
from core.encoders.backbone import EVERYTHING, FROM_IMAGENET
from core.encoders.base import Encoder
from core.experiment.prepared_data import prepare
from core.losses import Contrastive, Triplet
from core.miners import MINERS, All, BatchHard, DistanceWeighted, SemiHard
from core.training.learner import Learner
from tests.core.heads import brought, head, vectors
from tests.core.hub import cached_weights, without_network
from tests.core.loops import (
    all_pairs,
    all_triplets,
    batch,
    candidates,
    distance_table,
    evaluated,
    rows_of,
    tied_batch,
    triplet_rows,
)
from tests.core.trainings import NETWORK, SMALL, material, plain


def shares_by_loop(distances: torch.Tensor, labels: torch.Tensor, margin: float) -> tuple[float, float, float]:
    """Hard d_an < d_ap; semi-hard d_ap <= d_an < d_ap + margin; easy from there on."""
    easy = semi_hard = hard = 0
    for a, p, n in triplet_rows(labels):
        d_ap, d_an = float(distances[a, p]), float(distances[a, n])
        if d_an < d_ap:
            hard += 1
        elif d_an < d_ap + margin:
            semi_hard += 1
        else:
            easy += 1
    total = max(easy + semi_hard + hard, 1)
    return easy / total, semi_hard / total, hard / total


@pytest.mark.parametrize("margin", [0.0, 1.0, 2.0, 3.5])
@pytest.mark.parametrize("seed", range(3))
def test_hardness_is_counted_as_defined_ties_included(seed: int, margin: float) -> None:
    points, labels = tied_batch(seed)
    distances = distance_table(points)
    expected = shares_by_loop(distances, labels, margin)
    assert expected[0] > 0 and expected[2] > 0 and bool(expected[1]) == bool(margin)
    assert hardness_shares(distances, labels, margin) == expected


@settings(max_examples=30)
@given(
    labels=st.lists(st.integers(0, 2), max_size=8),
    places=st.lists(st.integers(0, 5), min_size=8, max_size=8),
    margin=st.integers(0, 3),
)
def test_hardness_of_any_small_batch_equals_the_loop(labels: list[int], places: list[int], margin: int) -> None:
    numbers = torch.tensor(labels, dtype=torch.int64)
    distances = torch.tensor([[abs(a - b) for b in places] for a in places], dtype=torch.float64)
    distances = distances[: len(labels), : len(labels)]
    assert hardness_shares(distances, numbers, float(margin)) == shares_by_loop(distances, numbers, float(margin))


def test_a_batch_without_a_triplet_has_no_shares() -> None:
    points, _ = batch()
    for labels in (torch.zeros(12, dtype=torch.int64), torch.arange(12)):
        assert hardness_shares(distance_table(points), labels, 0.2) == (0.0, 0.0, 0.0)


def learner(**changes: object) -> Learner:
    experiment = replace(SMALL, **changes)
    return Learner(experiment, material(experiment), "cpu")


def weights(learner: Learner) -> dict[str, object]:
    return plain(learner.state()["encoder"])


BATCH = torch.arange(40)


@pytest.mark.parametrize("mean_over", ["active", "all"])
@pytest.mark.parametrize("kind, miner", [(Triplet, All()), (Contrastive, All())], ids=["triplet", "contrastive"])
def test_the_step_follows_the_mean_over_the_active_or_over_all(kind: type, miner: All, mean_over: str) -> None:
    one = learner(loss=kind(mean_over=mean_over), miner=miner)
    embeddings = SMALL.encoder.embed(one.encoder, one.training_images[BATCH])
    labels = one.labels[BATCH]
    triplets = kind().consumes is Triplets
    rows = all_triplets(labels) if triplets else all_pairs(labels)
    terms = evaluated(replace(one.experiment.loss, mean_over="all"), embeddings, labels, rows)
    assert 0 < terms.active < terms.count
    mean = terms.total / (terms.active if mean_over == "active" else terms.count)
    gradients = torch.autograd.grad(mean, list(one.encoder.parameters()))
    expected = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    done = one.update(BATCH, 1, 0.1, 0.001)
    assert done.gradient_norm == pytest.approx(float(expected), rel=1e-4)
    assert done.terms == terms.count
    assert done.active_share == terms.active / terms.count
    assert done.loss == pytest.approx(terms.total.item() / terms.count, rel=1e-5)


@pytest.mark.parametrize("distance", [Euclidean(), SquaredEuclidean()], ids=lambda kind: kind.name)
def test_triplets_are_mined_and_judged_in_the_distance_of_the_run_with_the_margin_of_the_loss(
    distance: Distance,
) -> None:
    one = learner(distance=distance, loss=Triplet(margin=0.5), miner=SemiHard())
    embeddings = SMALL.encoder.embed(one.encoder, one.training_images[BATCH]).detach()
    distances, labels = distance.matrix(embeddings), one.labels[BATCH]
    expected = shares_by_loop(distances, labels, 0.5)
    done = one.update(BATCH, 1, 0.1, 0.001)
    assert (done.easy, done.semi_hard, done.hard) == expected
    assert done.terms == round(expected[1] * len(rows_of(all_triplets(labels)))) > 0


def test_a_loss_of_pairs_learns_from_the_pairs_in_the_mined_triplets() -> None:
    one = learner(loss=Contrastive(), miner=BatchHard())
    points, labels = batch()
    distances = distance_table(points)
    triplets = BatchHard()(candidates(distances, labels))
    assert isinstance(triplets, Triplets)
    mined = as_consumed(one.taken(distances, labels), Pairs, distances, labels)
    assert isinstance(mined, Pairs)
    assert set(map(tuple, mined.positive.nonzero().tolist())) == {(a, p) for a, p, _ in rows_of(triplets)}
    assert set(map(tuple, mined.negative.nonzero().tolist())) == {(a, n) for a, _, n in rows_of(triplets)}


def test_a_step_says_among_how_many_negatives_a_miner_that_draws_chose() -> None:
    drawing, taking = learner(miner=DistanceWeighted()), learner(miner=BatchHard())
    assert taking.update(BATCH, 1, 0.1, 0.001).effective_negatives == 0
    effective = drawing.update(BATCH, 1, 0.1, 0.001).effective_negatives
    assert 1 <= effective < len(BATCH)


def test_nothing_mined_does_not_step() -> None:
    one = learner(miner=SemiHard())
    of_one_class = (one.labels == 3).nonzero().flatten()
    one.update(BATCH, 1, 0.1, 0.001)  # the optimiser has momentum now
    before = weights(one)
    done = one.update(of_one_class, 2, 0.2, 0.001)
    assert (done.loss, done.active_share, done.active_mean, done.terms, done.gradient_norm) == (0, 0, 0, 0, 0)
    assert weights(one) == before


def test_an_update_moves_the_weights_by_its_rate() -> None:
    small, large = learner(), learner()
    start = torch.cat([weight.detach().flatten().clone() for weight in small.encoder.parameters()])
    for one, rate in ((small, 0.001), (large, 0.01)):
        one.update(BATCH, 1, 0.1, rate)
    moved = [
        (torch.cat([weight.detach().flatten() for weight in one.encoder.parameters()]) - start).abs().max()
        for one in (small, large)
    ]
    torch.testing.assert_close(moved[0], torch.tensor(0.001), rtol=0.01, atol=0)  # Adam's first step is its rate
    torch.testing.assert_close(moved[1], torch.tensor(0.01), rtol=0.01, atol=0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("miner", [kind() for kind in MINERS.values()], ids=MINERS)
def test_numbers_that_broke_stop_the_training_and_name_the_learning_rate(value: float, miner: object) -> None:
    """A band of broken distances is empty: without a look at the distances the loss would be a contented 0."""
    one = learner(miner=miner, encoder=Mlp(width=16, dimension=2, normalise=False))
    with torch.no_grad():
        one.encoder[-1].weight.fill_(value)
    with pytest.raises(
        ValueError, match=r"must keep distances, loss and gradient finite.*learning rate \(now 0\.001\)"
    ):
        one.update(BATCH, 7, 0.1, 0.001)


def test_looking_at_the_probe_leaves_no_trace() -> None:
    one = learner()
    before = plain(one.state())
    first = one.embed_probe()
    assert first.shape == (60, 2) and first.dtype == np.float32
    assert np.array_equal(one.embed_probe(), first)
    assert plain(one.state()) == before and one.encoder.training


def test_pixels_have_mean_zero_and_deviation_one_over_the_training_set() -> None:
    images = learner().training_images
    assert images.mean().item() == pytest.approx(0, abs=1e-5) and images.std().item() == pytest.approx(1, abs=1e-5)


def test_images_move_by_whole_pixels_and_repeat_their_border() -> None:
    one = learner(schedule=replace(SMALL.schedule, shift=1))
    images = one.training_images[:30]
    padded = torch.nn.functional.pad(images, (1, 1, 1, 1), mode="replicate")
    seen = set()
    for image, moved in zip(padded, one.varied(images), strict=True):
        places = [(y, x) for y in range(3) for x in range(3) if torch.equal(image[:, y : y + 8, x : x + 8], moved)]
        assert places
        seen.update(places)
    assert len(seen) == 9


def test_half_of_the_images_are_mirrored_left_for_right() -> None:
    one = learner(schedule=replace(SMALL.schedule, mirror=True))
    images = one.training_images
    varied = one.varied(images)
    mirrored = [torch.equal(image.flip(2), after) for image, after in zip(images, varied, strict=True)]
    kept = [torch.equal(image, after) for image, after in zip(images, varied, strict=True)]
    assert all(a or b for a, b in zip(mirrored, kept, strict=True))
    assert 30 < sum(mirrored) < 60


def in_colour(**changes: object) -> Learner:
    """On digits whose colours differ in brightness, contrast and noise; one is everywhere the same."""
    experiment = replace(SMALL, **changes)
    grey = material(experiment)
    pixels = grey.images.pixels.astype(np.int64)
    colours = np.stack([pixels, 255 - pixels // 3, np.full_like(pixels, 200)], axis=3).astype(np.uint8)
    images = Images(colours, grey.images.labels, grey.images.class_names)
    return Learner(experiment, replace(grey, samples=images), "cpu")


def test_every_colour_has_mean_zero_and_deviation_one_over_the_training_set() -> None:
    one = in_colour()
    images = one.training_images
    assert images.shape == (90, 3, 8, 8) and one.probe_images.shape == (60, 3, 8, 8)
    torch.testing.assert_close(images.mean(dim=(0, 2, 3)), torch.zeros(3), rtol=0, atol=1e-5)
    torch.testing.assert_close(images.std(dim=(0, 2, 3)), torch.tensor([1.0, 1.0, 0.0]), rtol=0, atol=1e-5)
    torch.testing.assert_close(images[:, :1], learner().training_images)


KINDS = {name: kind for name, kind in ENCODERS.items() if kind is not BroughtNetwork}  # whose weights lie in a file
EVERY = [replace(NETWORK, trained=EVERYTHING) if kind is Backbone else kind(dimension=2) for kind in KINDS.values()]


@pytest.mark.parametrize("encoder", EVERY, ids=KINDS)
def test_colours_move_and_mirror_together_and_are_learned_from(encoder: Encoder) -> None:
    one = in_colour(encoder=encoder, schedule=replace(SMALL.schedule, shift=1, mirror=True))
    grey = learner(encoder=encoder, schedule=replace(SMALL.schedule, shift=1, mirror=True))
    one.generator.manual_seed(5)
    grey.generator.manual_seed(5)
    varied = one.varied(one.training_images[:30])
    torch.testing.assert_close(varied[:, :1], grey.varied(grey.training_images[:30]))
    assert not torch.equal(varied, one.training_images[:30])
    before = weights(one)
    assert one.update(BATCH, 1, 0.1, 0.001).gradient_norm > 0 and weights(one) != before


def test_a_frozen_network_sees_each_image_once_and_the_step_is_that_of_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = learner(encoder=NETWORK)
    seen: list[int] = []
    one.encoder[0].register_forward_hook(lambda module, given, made: seen.append(len(given[0])))
    embeddings = NETWORK.embed(one.encoder, one.training_images[BATCH])
    expected = float(all_of_the_gradient(one, embeddings))
    seen.clear()
    first = one.update(BATCH, 1, 0.1, 0.001)
    assert first.gradient_norm == pytest.approx(expected, rel=1e-3) and expected > 0
    before = one.embed_probe()
    one.update(BATCH, 2, 0.2, 0.001)
    assert sum(seen) == 90 + 60, "every training and probe image once"
    assert not np.array_equal(before, one.embed_probe())
    with torch.no_grad():
        whole = NETWORK.embed(one.encoder.eval(), one.probe_images)
    np.testing.assert_allclose(one.embed_probe(), whole.numpy(), atol=1e-5)


def all_of_the_gradient(one: Learner, embeddings: torch.Tensor) -> torch.Tensor:
    """The length of the gradient of the learner's loss by the weights that learn."""
    distances = one.experiment.distance.matrix(embeddings)
    mined = one.taken(distances.detach(), one.labels[BATCH])
    assert mined is not None
    terms = evaluated(one.experiment.loss, embeddings, one.labels[BATCH], mined)
    learning = [weight for weight in one.encoder.parameters() if weight.requires_grad]
    gradients = torch.autograd.grad(terms.objective, learning)
    return torch.cat([gradient.flatten() for gradient in gradients]).norm()


@pytest.mark.parametrize(
    "varied", [{"schedule": replace(SMALL.schedule, mirror=True)}, {"augmentation": CropsAndColour()}], ids=list
)
def test_images_that_vary_go_through_the_frozen_network_every_time(varied: dict[str, Any]) -> None:
    one = learner(encoder=NETWORK, **varied)
    seen: list[int] = []
    one.encoder[0].register_forward_hook(lambda module, given, made: seen.append(len(given[0])))
    frozen = plain(one.encoder[1].state_dict())
    for step in (1, 2):
        one.update(BATCH, step, 0.1, 0.001)
    assert seen == [40, 40] and plain(one.encoder[1].state_dict()) == frozen


@pytest.mark.parametrize("varied", [{}, {"schedule": replace(SMALL.schedule, mirror=True)}], ids=["calm", "varied"])
def test_the_frozen_network_alone_is_what_its_head_gets(varied: dict[str, Any]) -> None:
    one = learner(encoder=NETWORK, **varied)
    features = one.probe_features()
    fixed = NETWORK.fixed_part(one.encoder)
    assert features is not None and fixed is not None and features.shape == (60, 576)
    with torch.no_grad():
        expected = fixed(one.probe_images).flatten(1)
    np.testing.assert_allclose(features, expected.numpy(), rtol=1e-4, atol=1e-5)
    one.update(BATCH, 1, 0.1, 0.001)
    again = one.probe_features()
    assert again is not None and np.array_equal(again, features)
    assert learner().probe_features() is None
    assert learner(encoder=replace(NETWORK, trained=EVERYTHING)).probe_features() is None


def test_features_are_made_anew_of_weights_that_come_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached_weights(tmp_path, monkeypatch)
    experiment = replace(SMALL, encoder=replace(NETWORK, weights=FROM_IMAGENET))
    one = Learner(experiment, material(experiment), "cpu")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "gone"))
    without_network(monkeypatch)
    blank = Learner(experiment, material(experiment), "cpu", is_blank=True)
    assert not np.allclose(blank.embed_probe(), one.embed_probe(), atol=1e-3)
    blank.restore(one.state())
    np.testing.assert_array_equal(blank.embed_probe(), one.embed_probe())


def test_a_network_moves_at_its_share_of_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    one = learner(encoder=replace(NETWORK, trained=EVERYTHING, network_rate=0.01))
    before = {name: tensor.detach().clone() for name, tensor in one.encoder.named_parameters()}
    assert one.update(BATCH, 1, 0.1, 0.001).gradient_norm > 0
    moved = {
        name: float((tensor.detach() - before[name]).abs().max()) for name, tensor in one.encoder.named_parameters()
    }
    assert moved["3.weight"] == pytest.approx(0.001, rel=1e-2)  # the first step of Adam is as long as its rate
    network = max(length for name, length in moved.items() if name.startswith("1."))
    assert network == pytest.approx(0.00001, rel=0.1)


def test_images_stay_as_they_are_unless_asked() -> None:
    one = learner()
    generator = one.generator.get_state()
    assert one.varied(one.training_images) is one.training_images
    assert torch.equal(one.generator.get_state(), generator)


def of_vectors(encoder: Encoder | None = None) -> Learner:
    experiment = head(brought(vectors()))
    experiment = replace(experiment, encoder=encoder or experiment.encoder)
    return Learner(experiment, prepare(experiment), "cpu")


def test_vectors_keep_which_of_them_are_near_to_each_other() -> None:
    """One scale for all numbers: distances of what comes to the encoder are those of the vectors, but for size."""
    learner = of_vectors()
    given = prepare(learner.experiment)
    values = given.samples.values[given.training_rows].astype(np.float64)
    come = learner.training_images.flatten(1).double().numpy()
    assert come.shape == (64, 12) and learner.training_images.shape == (64, 12, 1, 1)
    np.testing.assert_allclose(come.mean(0), 0, atol=1e-6)
    assert (come**2).mean() == pytest.approx(1, rel=1e-5)
    ratio = np.linalg.norm(values - values[0], axis=1)[1:] / np.linalg.norm(come - come[0], axis=1)[1:]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-5)


def test_a_linear_head_of_all_principal_axes_begins_at_the_vectors_themselves() -> None:
    learner = of_vectors(Linear(dimension=16, normalise=False, begins="principal axes"))
    given = prepare(learner.experiment)
    values = given.samples.values[given.probe_rows].astype(np.float64)
    found, expected = (Euclidean().between(one, one) for one in (learner.embed_probe().astype(np.float64), values))
    np.testing.assert_allclose(found * float(learner.deviation), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("encoder", [Linear(dimension=16), Linear(dimension=2), Mlp(dimension=2, width=16)], ids=str)
def test_heads_learn_from_vectors(encoder: Encoder) -> None:
    learner = of_vectors(encoder)
    before = learner.embed_probe()
    step = learner.update(torch.arange(64), 1, 1.0, 0.01)
    assert step.terms > 0 and step.gradient_norm > 0
    assert not np.array_equal(learner.embed_probe(), before)


def test_the_linear_map_is_of_samples_as_the_data_set_has_them() -> None:
    learner = of_vectors(Linear(dimension=16, normalise=False))
    linear_map = learner.linear_map()
    given = prepare(learner.experiment)
    values = given.samples.values[given.probe_rows]
    assert linear_map is not None and linear_map.shape == (16, 12)
    moved = values @ linear_map.T - learner.embed_probe()
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0], moved.shape), atol=1e-3)  # but for the mean
    assert of_vectors(Mlp(dimension=2)).linear_map() is None


def test_the_linear_map_of_pixels_is_of_pixels_and_of_many_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = replace(SMALL, encoder=Linear(dimension=2, normalise=False))
    learner = Learner(experiment, material(experiment), "cpu")
    linear_map, pixels = learner.linear_map(), material(experiment).images.pixels[material(experiment).probe_rows]
    assert linear_map is not None and linear_map.shape == (2, 64)
    moved = pixels.reshape(-1, 64) / 255 @ linear_map.T - learner.embed_probe()
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0], moved.shape), atol=1e-3)
    monkeypatch.setattr("core.training.learner.MOST_NUMBERS", 63)
    assert learner.linear_map() is None


def test_equal_vectors_stay_finite() -> None:
    same = Vectors(np.ones((64, 3), np.float32), np.repeat(np.arange(16), 4), tuple(map(str, range(16))))
    experiment = replace(head(brought(same)), encoder=Mlp(dimension=2, width=16))
    learner = Learner(experiment, prepare(experiment), "cpu")
    assert np.isfinite(learner.embed_probe()).all()
