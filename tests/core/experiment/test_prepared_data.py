"""What can be measured at all, told before anything is trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets import Strokes
from core.datasets.images import Dataset, Images
from core.encoders import CompactCnn, Mlp, ResidualCnn
from core.encoders.base import Encoder
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity, BySample
from tests.core.heads import brought, head, vectors


def crowd(points: int, share: float = 0.4) -> Experiment:
    return Experiment(
        dataset=Strokes(identities=30, samples_per_identity=6),
        split=BySample(evaluation_share=share),
        schedule=Schedule(probe_points=points),
    )


def test_a_small_probe_shows_two_samples_of_fewer_classes_and_says_so() -> None:
    """30 classes with two held-out samples each, 20 points."""
    given = prepare(crowd(points=20))
    sizes = np.unique(given.images.labels[given.probe_rows], return_counts=True)[1]
    assert sizes.tolist() == [2] * 10
    assert given.class_counts == {"evaluation_classes": 30, "probe_classes": 10}
    assert given.left_out == (
        "The probe of 20 points shows two samples or more of 10 of the 30 held-out classes, drawn at random; 60 points "
        "would show all."
    )


def test_a_probe_of_all_classes_says_nothing() -> None:
    given = prepare(crowd(points=60))
    assert given.class_counts == {"evaluation_classes": 30, "probe_classes": 30} and given.left_out == ""


def test_one_held_out_sample_of_each_class_is_refused() -> None:
    """0.1 of six samples is one."""
    with pytest.raises(
        ValueError,
        match="by-sample must hold back two classes, and two samples of one of them, to measure anything, got one "
        "sample of each of 20 classes. Raise evaluation_share .now 0.1., or bring",
    ):
        prepare(crowd(points=20, share=0.1))


def test_strangers_with_one_sample_each_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten identities to learn from could all be of one sample, too, but there is nothing to see in the others."""
    labels = np.arange(20)
    images = Images(np.zeros((20, 8, 8), np.uint8), labels, tuple(map(str, labels)))
    monkeypatch.setattr(Dataset, "load", lambda dataset: images)
    with pytest.raises(ValueError, match="by-identity must hold back two classes, .* got one sample of each of 8"):
        prepare(Experiment(split=ByIdentity()))


@pytest.mark.parametrize("dataset", [Strokes(identities=3, samples_per_identity=4), Strokes(identities=2, seed=1)])
def test_labels_without_pixels_are_those_of_the_images(dataset: Dataset) -> None:
    assert np.array_equal(dataset.labels(), dataset.load().labels)


def test_vectors_are_split_as_images_are() -> None:
    given = prepare(head(brought(vectors())))
    assert given.samples.digest == vectors().digest and len(given.probe_rows) == 64
    held = set(given.samples.labels[given.probe_rows])
    assert len(held) == 8 and not held & set(given.samples.labels[given.training_rows])
    with pytest.raises(ValueError, match="the samples must be images, got vectors"):
        _ = given.images


@pytest.mark.parametrize("encoder", [CompactCnn(), ResidualCnn()], ids=lambda encoder: encoder.name)
def test_an_encoder_of_pixels_refuses_vectors(encoder: Encoder) -> None:
    experiment = replace(head(brought(vectors())), encoder=encoder)
    with pytest.raises(
        ValueError,
        match=f"encoder must take vectors for data that are vectors of 12 numbers, got {encoder.name}, .* Choose mlp "
        "or linear.",
    ):
        prepare(experiment)
    prepare(replace(experiment, encoder=Mlp()))


@pytest.mark.parametrize("schedule", [{"shift": 2}, {"mirror": True}], ids=str)
def test_vectors_can_be_neither_moved_nor_mirrored(schedule: dict[str, int]) -> None:
    name = next(iter(schedule))
    with pytest.raises(ValueError, match=f"{name} must be .* for vectors, which have no left and right"):
        prepare(head(brought(vectors()), **schedule))


def test_without_data_the_way_to_them_is_told() -> None:
    with pytest.raises(ValueError, match="brought must be given data of yours"):
        prepare(head(brought(vectors())).changed({"dataset": {"data": ""}}))
