from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

from core.datasets import Digits
from core.experiment.splits import BySample
from core.statistics.baselines import (
    COSINE,
    FROZEN,
    FROZEN_COSINE,
    VECTORS,
    baselines,
    frozen_baselines,
    pixel_distances,
    principal_axes,
    unit_vectors,
    vector_baselines,
)
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import pair_distances
from core.statistics.retrieval import retrieval
from core.statistics.roc import auc
from core.statistics.scatter import lda, wccn
from tests.core.heads import vectors


@pytest.fixture(scope="module")
def digits() -> dict[str, dict[str, float]]:
    images = Digits().load()
    split = BySample(evaluation_share=0.4, seed=0).split(images.labels)
    probe, training = images.pixels[split.evaluation_rows], images.pixels[split.training_rows]
    untrained = np.random.default_rng(0).normal(size=(len(probe), 8)).astype(np.float32)
    return baselines(probe, images.labels[split.evaluation_rows], training, 16, untrained)


def test_raw_pixels_of_digits_are_already_good(digits: dict[str, dict[str, float]]) -> None:
    assert list(digits) == ["raw pixels", "PCA", "untrained encoder"]
    assert all(list(row) == ["recall_at_1", "map_at_r", "auc"] for row in digits.values())
    assert 0.97 < digits["raw pixels"]["recall_at_1"] < 0.995
    assert 0.51 < digits["raw pixels"]["map_at_r"] < 0.59
    assert 0.84 < digits["raw pixels"]["auc"] < 0.9


def test_sixteen_components_are_nearly_as_good_as_all_pixels(digits: dict[str, dict[str, float]]) -> None:
    for name, value in digits["raw pixels"].items():
        assert digits["PCA"][name] == pytest.approx(value, abs=0.05)


def test_noise_is_no_better_than_chance(digits: dict[str, dict[str, float]]) -> None:
    noise = digits["untrained encoder"]
    assert noise["recall_at_1"] < 0.2 and noise["auc"] == pytest.approx(0.5, abs=0.02)


def test_raw_pixels_are_compared_as_they_are(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, size=(40, 5, 4), dtype=np.uint8)
    labels = np.arange(40) % 4
    row = baselines(pixels, labels, pixels, 20, rng.normal(size=(40, 3)))["raw pixels"]
    flat = pixels.reshape(40, 20).astype(np.float64)  # dividing all by 255 changes no order
    assert row["recall_at_1"] == pytest.approx(retrieval(flat, labels).recall_at_1)
    assert row["auc"] == pytest.approx(auc(pair_distances(flat, labels)))


def test_pixel_distances_are_those_of_direct_differences(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, size=(60, 9, 7), dtype=np.uint8)
    pixels[7] = pixels[3]
    distances = pixel_distances(pixels)
    np.testing.assert_allclose(distances, distance_matrix(pixels.reshape(60, -1) / 255), rtol=1e-14)
    assert distances[3, 7] == 0 and np.array_equal(distances[3], distances[7])


def test_all_three_colours_are_compared(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, size=(30, 4, 3, 3), dtype=np.uint8)
    flat = pixels.reshape(30, 36).astype(np.float64)
    np.testing.assert_allclose(pixel_distances(pixels), distance_matrix(flat / 255), rtol=1e-14)
    labels = np.arange(30) % 3
    rows = baselines(pixels, labels, pixels, 64, rng.normal(size=(30, 3)))
    assert rows["raw pixels"]["auc"] == pytest.approx(auc(pair_distances(flat, labels)))
    assert rows["PCA"] == pytest.approx(rows["raw pixels"])


def test_all_components_keep_all_distances(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, size=(40, 5, 4), dtype=np.uint8)
    rows = baselines(pixels, np.arange(40) % 4, pixels[:30], 128, rng.normal(size=(40, 3)))
    assert rows["PCA"] == pytest.approx(rows["raw pixels"])


def test_the_axes_are_the_singular_vectors_of_the_centred_points(rng: np.random.Generator) -> None:
    points = rng.normal(size=(200, 6)) * np.arange(6, 0, -1) + 5
    expected = np.linalg.svd(points - points.mean(axis=0))[2][:3]
    cosines = np.abs(np.einsum("ij,ij->i", principal_axes(points, 3), expected))
    np.testing.assert_allclose(cosines, 1.0, atol=1e-8)


@pytest.mark.parametrize("points", [60, 120], ids=["few", "many"])
@pytest.mark.parametrize("dimension", [5, 200])
def test_the_axes_of_many_values_are_those_of_few(
    points: int, dimension: int, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = rng.normal(size=(points, 100)) * np.linspace(3, 1, 100) + 5
    expected = principal_axes(cloud, dimension)[: min(dimension, points - 1)]
    monkeypatch.setattr("core.statistics.baselines.MOST_VALUES", 99)
    axes = principal_axes(cloud, dimension)
    assert len(axes) == min(points, 100, dimension)
    cosines = np.abs((axes[: len(expected)] * expected).sum(axis=1))
    np.testing.assert_allclose(cosines, 1.0, atol=1e-6)


def test_the_axes_come_from_the_training_images_alone(rng: np.random.Generator) -> None:
    training = np.zeros((50, 2, 2), np.uint8)
    training[:, 0, 0] = np.arange(50)  # the only direction that training knows
    probe = rng.integers(0, 256, size=(40, 2, 2), dtype=np.uint8)
    labels = np.arange(40) % 2
    row = baselines(probe, labels, training, 1, rng.normal(size=(40, 3)))["PCA"]
    first_pixel = probe[:, 0, 0].astype(np.float64)[:, None]
    assert row["auc"] == pytest.approx(auc(pair_distances(first_pixel, labels)), abs=1e-3)  # float32 parts few ties


def test_one_class_has_no_baseline(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, size=(6, 2, 2), dtype=np.uint8)
    with pytest.raises(ValueError, match="labels must name at least two classes"):
        baselines(pixels, np.zeros(6, np.int64), pixels, 2, rng.normal(size=(6, 3)))


def of_vectors(scale: float = 1.0, *, is_unit: bool = False, dimension: int = 12) -> dict[str, dict[str, float]]:
    """Beside the last eight of sixteen identities, what the first eight teach without a training."""
    samples = vectors()
    values = scale * (unit_vectors(samples.values) if is_unit else samples.values)
    held = samples.labels >= 8
    labels = samples.labels
    return vector_baselines(values[held], labels[held], values[~held], labels[~held], dimension, values[held])


def test_beside_vectors_stand_linear_maps_that_need_no_training() -> None:
    found = of_vectors()
    learned = ["LDA", "LDA, cosine", "WCCN", "WCCN, cosine"]
    names = ["vectors", "vectors, cosine", "PCA whitening", *learned, "untrained encoder"]
    assert list(found) == names and all(list(row) == ["recall_at_1", "map_at_r", "auc"] for row in found.values())
    assert found["vectors"] == found["untrained encoder"]
    # Half of the numbers scatter widely and say nothing: what knows the labels sees that.
    for name in learned:
        assert found[name]["map_at_r"] > found["vectors"]["map_at_r"] + 0.1


def test_vectors_of_unit_length_have_no_second_row_for_cosine() -> None:
    assert "vectors, cosine" not in of_vectors(is_unit=True)


@pytest.mark.parametrize("name", ["LDA, cosine", "WCCN, cosine"])
def test_learned_maps_are_compared_by_the_angle_too(name: str) -> None:
    samples = vectors()
    held = samples.labels >= 8
    training, probe, labels = samples.values[~held], samples.values[held], samples.labels[held]
    rows = lda(training, samples.labels[~held], 12) if name.startswith("LDA") else wccn(training, samples.labels[~held])
    mapped = (probe - training.mean(axis=0)) @ rows.T
    similarity = cosine_similarity(mapped)
    np.fill_diagonal(similarity, -np.inf)
    found = of_vectors()[name]
    assert found["recall_at_1"] == pytest.approx((labels[similarity.argmax(axis=1)] == labels).mean())
    first, second = np.triu_indices(len(labels), 1)
    expected = roc_auc_score(labels[first] == labels[second], similarity[first, second])
    assert found["auc"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["vectors", "vectors, cosine", "PCA whitening", "LDA", "WCCN"])
def test_the_scale_of_vectors_does_not_matter(name: str) -> None:
    assert of_vectors(scale=1000.0)[name] == pytest.approx(of_vectors()[name], abs=1e-3)


def test_a_zero_vector_has_no_direction_and_stays() -> None:
    assert np.array_equal(unit_vectors(np.array([[0.0, 0.0], [3.0, 4.0]])), [[0, 0], [0.6, 0.8]])


def test_single_samples_leave_out_what_needs_pairs_of_a_class(rng: np.random.Generator) -> None:
    probe, training = rng.normal(size=(6, 3)).astype(np.float32), rng.normal(size=(5, 3)).astype(np.float32)
    found = vector_baselines(probe, np.repeat([0, 1], 3), training, np.arange(5), 2, probe)
    assert list(found) == ["vectors", "vectors, cosine", "PCA whitening", "untrained encoder"]


def test_a_frozen_network_is_judged_as_vectors_are(rng: np.random.Generator) -> None:
    features, labels = rng.normal(size=(40, 6)).astype(np.float32) * 3, np.arange(40) % 4
    found = frozen_baselines(features, labels)
    beside = vector_baselines(features, labels, features, labels, 4, features)
    assert list(found) == [FROZEN, FROZEN_COSINE]
    assert found[FROZEN] == beside[VECTORS] != found[FROZEN_COSINE] == beside[COSINE]
    unit = unit_vectors(features)
    assert frozen_baselines(unit, labels) == {FROZEN: vector_baselines(unit, labels, unit, labels, 4, unit)[VECTORS]}


def test_features_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="embeddings must be finite"):
        frozen_baselines(np.full((4, 2), np.nan), np.arange(4) % 2)
