"""The chosen threshold against a search through all distances of all pairs, for every goal and protocol."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, Cosine, DotProduct, Hamming
from core.distances.base import Distance
from core.evidence.appraisal import Appraisal, appraise
from core.evidence.appraisal_of_scores import appraise_scores
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import PairDistances
from core.statistics.roc import Curve, exact_curve
from core.statistics.threshold_grid import threshold_grid
from core.thresholds import looking_up
from core.thresholds.outcome import Outcome, outcome
from core.verification import near_pairs
from core.verification.exact_choice import merged, pairs_within, sharpened, spans_of
from core.verification.goals import GOALS, Cost, Far, FBeta, Frr, Goal, Hand
from core.verification.near_pairs import ListedPairs, PointPairs
from core.verification.protocols import FOLD_COUNT, FOLDS, OTHERS, SAME, parts
from core.verification.scored_pairs import ScoredPairs

VARIANTS: list[Goal] = [kind() for kind in GOALS.values()] + [
    Far(0.0),
    Far(0.003),
    Far(0.1),
    Frr(0.0),
    Frr(0.07),
    FBeta(0.5),
    FBeta(3.0),
    Cost(100.0, 1.0, 0.5),
    Hand(0.7),
]
EVERY_GOAL = pytest.mark.parametrize("goal", VARIANTS, ids=str)


def cone(generator: np.random.Generator, count: int) -> np.ndarray:
    """Unit vectors in a narrow cone, as encoders of text give them."""
    points = np.ones(6) + 0.02 * generator.normal(size=(40, 6))
    points = np.repeat(points, count // 40, axis=0) + 0.006 * generator.normal(size=(count, 6))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def clouds(generator: np.random.Generator, count: int) -> np.ndarray:
    points = np.repeat(generator.normal(size=(40, 5)), count // 40, axis=0)
    return points + 0.7 * generator.standard_t(2.5, size=points.shape)


SETS = {
    "narrow": (cone, Cosine()),
    "heavy tails": (clouds, EUCLIDEAN),
    "products": (clouds, DotProduct()),
    "tied": (clouds, Hamming()),
    "tied places": (lambda generator, count: np.rint(clouds(generator, count)), EUCLIDEAN),
}
Case = tuple[np.ndarray, np.ndarray, Distance]
Made = tuple[np.ndarray, np.ndarray, np.ndarray, Distance]


@pytest.fixture(scope="module", params=SETS, ids=SETS)
def made(request: pytest.FixtureRequest) -> Made:
    """Embeddings of 40 identities with 6 samples each, what the distance compares of them, labels and distance."""
    make, distance = SETS[request.param]
    embeddings = make(np.random.default_rng(3), 240)
    return embeddings, distance.prepared(embeddings), np.repeat(np.arange(40), 6), distance


@pytest.fixture(scope="module")
def case(made: Made) -> Case:
    return made[1:]


@pytest.fixture(scope="module")
def distances(case: Case) -> np.ndarray:
    """(N, N), each from its two points alone."""
    return distance_matrix(case[0], case[2])


@pytest.fixture(scope="module")
def appraised(made: Made) -> Appraisal:
    """On a grid of few thresholds, so that nearly every choice lies between two of them."""
    embeddings, points, labels, distance = made
    found = ListedPairs(listed(points, labels, distance)).pairs
    grid = threshold_grid(found)
    few = np.concatenate([grid[:2], grid[2:-1:90], grid[-1:]])
    return appraise(embeddings, labels, few, distance=distance, with_folds=True)


@pytest.fixture(scope="module")
def both_appraised(made: Made) -> tuple[ScoredPairs, Appraisal, Appraisal]:
    """The list of the pairs, what is known of the points, and what is known of the list, on the same grid."""
    embeddings, points, labels, distance = made
    pairs = listed(points, labels, distance)
    grid = threshold_grid(pairs)
    of_points = appraise(embeddings, labels, grid, distance=distance, with_folds=True)
    return pairs, of_points, appraise_scores(pairs, grid)


@pytest.fixture(params=["one look", "two looks"])
def looks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In two, pairs are counted at some more thresholds before they are listed."""
    if request.param == "two looks":
        monkeypatch.setattr(looking_up, "MOST_LISTED", 40)
        monkeypatch.setattr(near_pairs, "SAMPLE", 80)


def listed(points: np.ndarray, labels: np.ndarray, distance: Distance) -> ScoredPairs:
    first, second = np.triu_indices(len(points), 1)
    apart = distance_matrix(points, distance)[first, second]
    return ScoredPairs(
        apart, labels[first] == labels[second], labels[first], labels[second], tuple(f"{c:02d}" for c in range(40))
    )


def pairs_among(distances: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> PairDistances:
    first, second = np.triu_indices(int(rows.sum()), 1)
    apart, own = distances[np.ix_(rows, rows)][first, second], labels[rows]
    return PairDistances(*(np.sort(apart[(own[first] == own[second]) == same]) for same in (True, False)))


def with_nobody(curve: Curve) -> Curve:
    below = curve.thresholds[0] - 1
    counts = (np.append(0, of) for of in (curve.false_accepts, curve.true_accepts))
    return Curve(np.append(below, curve.thresholds), *counts, curve.negative_count, curve.positive_count)


def best(goal: Goal, pairs: PairDistances) -> tuple[int, int]:
    """False and true accepts at the goal's own choice among every distance and refusing everybody."""
    curve = with_nobody(exact_curve(pairs))
    return counts_at(pairs, goal.threshold(curve))


def counts_at(pairs: PairDistances, threshold: float) -> tuple[int, int]:
    return int((pairs.negative <= threshold).sum()), int((pairs.positive <= threshold).sum())


@EVERY_GOAL
@pytest.mark.usefixtures("looks")
def test_the_choice_on_the_same_pairs_is_the_best_of_all_distances(
    case: Case, distances: np.ndarray, appraised: Appraisal, goal: Goal
) -> None:
    points, labels, distance = case
    told = outcome(appraised, goal, SAME, PointPairs(points, labels, distance))
    pairs = pairs_among(distances, labels, np.ones(len(labels), bool))
    assert (told.verdict.false_accepts, told.verdict.true_accepts) == best(goal, pairs)
    assert told.bound == (0, 0) and told.threshold in told.reported.curve.thresholds
    assert_elsewhere_decides_alike(told, pairs)


@EVERY_GOAL
@pytest.mark.usefixtures("looks")
def test_one_half_chooses_exactly_and_the_other_is_counted_exactly(
    case: Case, distances: np.ndarray, appraised: Appraisal, goal: Goal
) -> None:
    points, labels, distance = case
    told = outcome(appraised, goal, OTHERS, PointPairs(points, labels, distance))
    choosing, reporting = (pairs_among(distances, labels, parts(labels, 2) == side) for side in (0, 1))
    assert counts_at(choosing, told.threshold) == best(goal, choosing)
    expected = counts_at(reporting, told.threshold)
    assert (told.verdict.false_accepts, told.verdict.true_accepts) == expected
    assert_elsewhere_decides_alike(told, pairs_among(distances, labels, np.ones(len(labels), bool)))


@EVERY_GOAL
@pytest.mark.usefixtures("looks")
def test_every_fold_is_judged_by_the_exact_choice_of_the_others(
    case: Case, distances: np.ndarray, appraised: Appraisal, goal: Goal
) -> None:
    points, labels, distance = case
    told, fold_of = outcome(appraised, goal, FOLDS, PointPairs(points, labels, distance)), parts(labels, FOLD_COUNT)
    for fold, verdict in enumerate(told.folds):
        choosing, own = (pairs_among(distances, labels, rows) for rows in (fold_of != fold, fold_of == fold))
        assert counts_at(choosing, verdict.threshold) == best(goal, choosing)
        assert (verdict.false_accepts, verdict.true_accepts) == counts_at(own, verdict.threshold)
    assert told.verdict.false_accepts == sum(verdict.false_accepts for verdict in told.folds)
    assert told.accuracy == pytest.approx(np.mean([verdict.accuracy for verdict in told.folds]))


@EVERY_GOAL
@pytest.mark.parametrize("protocol", [SAME, OTHERS, FOLDS])
def test_points_and_the_list_of_their_pairs_give_the_same(
    case: Case, both_appraised: tuple[ScoredPairs, Appraisal, Appraisal], goal: Goal, protocol: str
) -> None:
    pairs, points_appraised, pairs_appraised = both_appraised
    of_points = outcome(points_appraised, goal, protocol, PointPairs(*case))
    of_pairs = outcome(pairs_appraised, goal, protocol, ListedPairs(pairs))
    assert of_points.verdict == of_pairs.verdict and of_points.elsewhere == of_pairs.elsewhere
    for name in ("folds", "accuracy", "bound"):
        assert getattr(of_points, name) == getattr(of_pairs, name), name
    for name in ("false_accept", "false_reject"):  # whose ends are sums over identities in another order
        assert getattr(of_points, name) == pytest.approx(getattr(of_pairs, name), rel=1e-3), name
    assert (of_points.threshold_interval is None) == (of_pairs.threshold_interval is None)
    if of_points.threshold_interval and of_pairs.threshold_interval:
        assert of_points.threshold_interval == pytest.approx(of_pairs.threshold_interval, rel=1e-3)


def assert_elsewhere_decides_alike(told: Outcome, pairs: PairDistances) -> None:
    assert counts_at(pairs, told.elsewhere) == counts_at(pairs, told.threshold)
    beyond = np.concatenate([pairs.positive, pairs.negative])
    beyond = beyond[beyond > told.threshold]
    if told.goal.name != "hand" and len(beyond):
        middle = told.threshold + (beyond.min() - told.threshold) / 2
        assert told.elsewhere == (middle if middle < beyond.min() else told.threshold)


def test_without_the_pairs_the_bound_holds_what_the_best_is_better(made: Made, distances: np.ndarray) -> None:
    embeddings, points, labels, distance = made
    grid = threshold_grid(listed(points, labels, distance))
    found = appraise(embeddings, labels, np.concatenate([grid[:2], grid[2:-1:25], grid[-1:]]), distance=distance)
    curve = with_nobody(exact_curve(pairs_among(distances, labels, np.ones(len(labels), bool))))
    off = []
    for goal in (Far(limit) for limit in np.geomspace(1e-4, 0.5, 40)):
        told, far, frr = outcome(found, goal, SAME), *rates(curve, goal)
        better = far - told.false_accept.share, told.false_reject.share - frr
        assert all(np.array(better) <= np.array(told.bound) + 1e-12)
        off.append(told.false_reject.share - frr)
    assert max(off) > 0 or isinstance(distance, Hamming), "the grid must be too coarse for some goal"


def rates(curve: Curve, goal: Goal) -> tuple[float, float]:
    place = np.flatnonzero(curve.thresholds == goal.threshold(curve))[0]
    return curve.false_accept_rate[place], curve.false_reject_rate[place]


def test_spans_that_meet_or_overlap_are_one() -> None:
    found = merged([np.array([[0.0, 1.0], [4.0, 5.0]]), np.array([[1.0, 2.0], [4.5, 4.6]]), np.empty((0, 2))])
    assert found.tolist() == [[0.0, 2.0], [4.0, 5.0]] and merged([]).shape == (0, 2)


def test_open_bins_reach_from_the_threshold_before_to_their_own() -> None:
    curve = Curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]), 3, 4)
    assert spans_of(curve, np.array([True, False, True, True])).tolist() == [[-np.inf, 1.0], [2.0, 4.0]]


def test_spans_hold_as_many_pairs_as_are_accepted_between_their_ends() -> None:
    curve = Curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]), 3, 4)
    assert pairs_within(curve, np.array([[-np.inf, 1.0], [2.0, 4.0]])) == 5
    assert pairs_within(curve, np.empty((0, 2))) == 0


def test_a_sharpened_curve_is_the_exact_one_where_everything_was_found() -> None:
    pairs = listed(*[SETS["heavy tails"][0](np.random.default_rng(0), 80), np.repeat(np.arange(40), 2), EUCLIDEAN])
    exact = exact_curve(pairs)
    few = (of[::50] for of in (exact.thresholds, exact.false_accepts, exact.true_accepts))
    rough = Curve(*few, exact.negative_count, exact.positive_count)
    whole = replace(
        rough,
        thresholds=np.append(rough.thresholds, exact.thresholds[-1]),
        false_accepts=np.append(rough.false_accepts, exact.negative_count),
        true_accepts=np.append(rough.true_accepts, exact.positive_count),
    )
    found = sharpened(whole, ListedPairs(pairs).within(np.array([[-np.inf, np.inf]]), SAME))
    for name in ("thresholds", "false_accepts", "true_accepts"):
        assert_array_equal(getattr(found, name), getattr(exact, name))
