import numpy as np
import pytest

from core.distances import DISTANCES
from core.distances.base import Distance
from core.statistics.anchor_census import census_of_anchor, distances_from
from core.statistics.distance_blocks import distance_matrix
from core.statistics.triplet_census import census_curve


@pytest.fixture
def lattice() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.integers(0, 4, size=(40, 3)).astype(np.float32), generator.integers(0, 4, size=40)


def test_distances_are_a_row_of_the_matrix(lattice: tuple[np.ndarray, np.ndarray]) -> None:
    embeddings = lattice[0] * np.float32(0.1)
    for kind in DISTANCES.values():
        expected = distance_matrix(kind().prepared(embeddings), kind())[7]
        assert (distances_from(embeddings, 7, kind()) == expected).all(), kind.name


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=DISTANCES)
def test_anchors_add_up_to_the_census(lattice: tuple[np.ndarray, np.ndarray], distance: Distance) -> None:
    embeddings, labels = lattice[0] - 2, lattice[1]
    margins = np.array([0.0, 0.2, 0.5, 3.7])
    whole = census_curve(embeddings, labels, margins, distance=distance)
    each = [census_of_anchor(distances_from(embeddings, a, distance), labels, a, margins) for a in range(40)]
    assert sum(one.total for one in each) == whole.total
    assert sum(one.hard for one in each) == whole.hard > 0
    assert sum(one.semi_hard for one in each).tolist() == whole.semi_hard.tolist()
    assert sum(one.easy for one in each).tolist() == whole.easy.tolist()


def test_positives_and_negatives_come_nearest_first_without_the_anchor(
    lattice: tuple[np.ndarray, np.ndarray],
) -> None:
    embeddings, labels = lattice
    found = census_of_anchor(distances_from(embeddings, 3), labels, 3, np.array([0.2]))
    assert set(found.positives) == set(np.flatnonzero(labels == labels[3])) - {3}
    assert set(found.negatives) == set(np.flatnonzero(labels != labels[3]))
    for rows, distances in ((found.positives, found.to_positives), (found.negatives, found.to_negatives)):
        assert list(zip(distances, rows, strict=True)) == sorted(zip(distances, rows, strict=True))
