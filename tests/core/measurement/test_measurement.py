"""Blocks of rows have, together, the statistics of the whole set."""

from dataclasses import fields

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import appraise, deepened
from core.measurement.measurement import Block, Measurement
from core.statistics import summary
from core.statistics.pair_histogram import pair_histogram
from core.statistics.roc import at, curve_from_histogram
from core.statistics.summary import Prepared, summarise
from core.verification.protocols import FOLDS


def clusters(count: int, identities: int = 30, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Some on a grid, so that distances tie, some copies; identities of unequal size, one of a single point."""
    generator = np.random.default_rng(seed)
    labels = np.sort(generator.integers(0, identities, size=count)) + 1
    labels[0] = 0
    points = 2 * generator.normal(size=(identities + 1, 4))[labels] + generator.normal(size=(count, 4))
    points[: count // 2] = np.round(points[: count // 2] * 4) / 4
    points[-5:] = points[-6]
    shuffled = generator.permutation(count)
    return points[shuffled].astype(np.float32), labels[shuffled]


def of_many_blocks(embeddings: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> Measurement:
    return Measurement(Prepared(embeddings, labels, 0.2, distance, at_once=1))


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=DISTANCES)
def test_blocks_add_up_to_the_statistics_of_the_whole(distance: Distance, monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, labels = clusters(300)
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", 60 * 300)
    work = of_many_blocks(embeddings, labels, distance)
    assert len(work.prepared.ranges()) >= 4
    whole = work.whole()
    found, expected = work.statistics(whole), summarise(embeddings, labels, margin=0.2, distance=distance)
    fine = curve_from_histogram(work.prepared.fine_edges, whole.counted.positive_counts, whole.counted.negative_counts)
    off = {name: found.numbers[f"{name}_error"] for name in ("auc", "eer", "mean_distance")}
    assert 0 < off["auc"] < 0.2 and 0 <= off["eer"] < 0.3, "wide among so many ties, which one bin hides"
    for name, value in expected.numbers.items():
        if name in ("auc", "eer"):
            assert abs(found.numbers[name] - value) <= off[name] + 1e-12
        elif name.startswith("mean"):
            assert abs(found.numbers[name] - value) <= off["mean_distance"] + 1e-12
        elif name == "eer_threshold":  # anywhere between two distances has the same rates
            rates = [at(fine, threshold).false_accept_rate for threshold in (found.numbers[name], value)]
            assert rates[0] == pytest.approx(rates[1], abs=1e-3)
        else:
            assert found.numbers[name] == pytest.approx(value, rel=1e-12), name
    assert 0 < found.numbers["semi_hard"] and 0 < found.numbers["eer"] < 0.5
    assert_array_equal(found.semi_hard_counts, expected.semi_hard_counts)
    assert found.positive_counts.sum() == expected.positive_counts.sum()
    alone = deepened(
        appraise(embeddings, labels, work.prepared.thresholds, distance=distance),
        embeddings,
        labels,
        work.prepared.thresholds,
        distance=distance,
    )
    for name, array in work.appraisal(whole).arrays().items():
        # What pairs are worth are small differences of large sums, added up in another order.
        rough = {"_effective": 1e-3, "_freedom": 1e-3, "_linear": 1e-3, "_rates": 1e-6}  # shares are kept in float32
        rtol = next((rtol for ending, rtol in rough.items() if name.endswith(ending)), 1e-9)
        assert_allclose(array, alone.arrays()[name], rtol=rtol, atol=1e-12, err_msg=name)
    assert FOLDS in work.appraisal(whole).protocols


def test_blocks_of_many_points_find_what_the_whole_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the size from which distances come from products."""
    embeddings, labels = clusters(2200)
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", 500 * 2200)
    work = of_many_blocks(embeddings, labels)
    found, expected = work.statistics(work.whole(threads=2)), summarise(embeddings, labels, margin=0.2)
    for name in ("hard", "semi_hard", "easy"):
        assert found.numbers[name] == expected.numbers[name] > 0, name
    for name in ("recall_at_1", "r_precision", "map_at_r"):
        assert found.numbers[name] == pytest.approx(expected.numbers[name], abs=1e-12), name
    assert found.numbers["auc"] == pytest.approx(expected.numbers["auc"], abs=1e-5)


@pytest.mark.parametrize("for_thresholds", [False, True])
def test_what_blocks_share_is_made_before_their_threads(for_thresholds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each thread might make it once more: `cached_property` has no lock from Python 3.12 on."""
    embeddings, labels = clusters(300)
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", 60 * 300)
    work, block, made = Measurement(of_many_blocks(embeddings, labels).prepared, for_thresholds), Measurement.block, []

    def noted(self: Measurement, rows: tuple[int, int]) -> Block:
        made.append({**vars(self), **vars(self.prepared), **vars(self.identities)}.keys())
        return block(self, rows)

    monkeypatch.setattr(Measurement, "block", noted)
    work.whole(threads=2)
    needed = {"identities", "bins", "points", "thresholds", "fine_edges"}
    needed |= {"rough_counter"} if for_thresholds else {"scanner", "counter", "margins"}
    assert len(made) >= 4 and all(needed <= names for names in made)
    assert "identities" not in vars(work) and not {"scanner", "counter", "rough_counter"} & vars(work.prepared).keys()


def test_blocks_that_share_products_count_every_pair_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the exact histogram has them, but for pairs near an edge; one identity is counted in pieces of its rows."""
    generator = np.random.default_rng(0)
    labels = generator.permutation(np.concatenate([np.zeros(400, int), 1 + np.arange(1900) % 190]))
    embeddings = generator.normal(size=(191, 16))[labels] + generator.normal(size=(2300, 16))
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", 500 * 2300)
    monkeypatch.setattr("core.statistics.few_positives.COLUMNS_PER_SUM", 0)
    work = Measurement(of_many_blocks(embeddings.astype(np.float32), labels).prepared, is_rough=True)
    assert work.identities.bins.is_rough and len(work.prepared.ranges()) == 5
    assert work.counter.taker() and work.prepared.scanner.taker(work.prepared.ranges()[0])
    exact = pair_histogram(work.prepared.points, labels, work.prepared.fine_edges)
    counted = work.whole(threads=2).counted
    for found, expected in (
        (counted.positive_counts, exact.positive_counts),
        (counted.negative_counts, exact.negative_counts),
    ):
        assert found.sum() == expected.sum() > 0
        assert 0 < np.abs(np.cumsum(found) - np.cumsum(expected)).max() <= 10
    assert counted.error > exact.error == 0
    for rows in work.prepared.ranges():
        block, alone = work.block(rows), work.prepared.scanner.of(rows)
        for name in ("closer", "scores", "local_aucs"):
            assert_array_equal(getattr(block.scanned, name), getattr(alone, name))
        for name, array in work.identities.of(rows).arrays().items():
            assert_array_equal(block.sums.arrays()[name], array)
    kept = [work.from_arrays(rows, work.block(rows).arrays()) for rows in work.prepared.ranges()]
    assert_array_equal(work.together(kept).counted.negative_counts, counted.negative_counts)
    assert work.together(kept).counted.error == counted.error


def test_a_kept_block_comes_back() -> None:
    embeddings, labels = clusters(120)
    work = of_many_blocks(embeddings, labels)
    (rows,) = work.prepared.ranges()
    made = work.block(rows)
    again = of_many_blocks(embeddings, labels).from_arrays(rows, made.arrays())
    assert again.scanned.total == made.scanned.total > 0
    for name, array in made.arrays().items():
        assert_array_equal(again.arrays()[name], array)
    found, expected = work.statistics(again), work.statistics(made)
    assert found.numbers == expected.numbers
    for item in fields(found):
        assert_array_equal(getattr(found, item.name), getattr(expected, item.name))


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [1, 50, 1, 1], [60, 1], [1] * 40 + [2]])
@pytest.mark.parametrize("at_once", [1, 120, 10**9])
def test_ranges_are_whole_identities_that_cover_all_rows(
    sizes: list[int], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", at_once)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    points = np.zeros((len(labels), 2))
    ranges = Prepared(points, labels, 0.2, at_once=1).ranges()
    assert [start for start, _ in ranges] == [0, *[stop for _, stop in ranges[:-1]]] and ranges[-1][1] == len(labels)
    ends, rows = set(np.cumsum(sizes).tolist()), max(at_once // len(labels), 1)
    for start, stop in ranges:
        assert stop in ends
        assert stop - start <= rows or len(set(labels[start:stop].tolist())) == 1, "as many whole identities as fit"


def test_what_numbers_may_be_off_is_little_without_ties() -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(400) % 20
    embeddings = generator.normal(size=(20, 8))[labels] + generator.normal(size=(400, 8))
    work = of_many_blocks(embeddings, labels)
    found, exact = work.statistics(work.whole()).numbers, summarise(embeddings, labels, margin=0.2).numbers
    assert 0 < abs(found["auc"] - exact["auc"]) <= found["auc_error"] < 1e-4
    assert abs(found["eer"] - exact["eer"]) <= found["eer_error"] < 1e-3
    for kind in ("positive", "negative"):
        off = abs(found[f"mean_{kind}_distance"] - exact[f"mean_{kind}_distance"])
        assert 0 < off <= found["mean_distance_error"] < 1e-3
