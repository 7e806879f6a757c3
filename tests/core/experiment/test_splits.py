from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment.splits import (
    SPLITS,
    ByGroup,
    ByIdentity,
    BySample,
    ByTime,
    Split,
    Splitter,
    cuts_pairs,
    probe_rows,
)
from core.params import build

KINDS = pytest.mark.parametrize("kind", [BySample, ByIdentity])
sizes = st.lists(st.integers(2, 12), min_size=6, max_size=15)  # of five, seven tenths leave one identity to train
shares = st.floats(0.3, 0.7)
seeds = st.integers(0, 2**31 - 1)


def shuffled_labels(sizes: list[int], seed: int) -> np.ndarray:
    """Labels with gaps in their numbers, mixed."""
    labels = np.repeat(np.arange(len(sizes)) * 3 + 1, sizes)
    return np.random.default_rng(seed).permutation(labels)


@KINDS
@given(sizes=sizes, share=shares, seed=seeds)
def test_the_two_sides_share_nothing_and_leave_nothing_out(
    kind: type[BySample] | type[ByIdentity], sizes: list[int], share: float, seed: int
) -> None:
    labels = shuffled_labels(sizes, seed)
    split = kind(evaluation_share=share, seed=seed).split(labels)
    together = np.concatenate([split.training_rows, split.evaluation_rows])
    assert sorted(together) == list(range(len(labels)))
    assert all(np.all(np.diff(rows) > 0) for rows in split[:2])


@KINDS
@given(sizes=sizes, seed=seeds)
def test_the_same_seed_gives_the_same_split(
    kind: type[BySample] | type[ByIdentity], sizes: list[int], seed: int
) -> None:
    labels = shuffled_labels(sizes, seed)
    first, second = (kind(seed=seed).split(labels.copy()) for _ in range(2))
    assert np.array_equal(first.evaluation_rows, second.evaluation_rows)
    rebuilt = build("split", SPLITS, dict(reversed(kind(seed=seed).described().items())))
    assert np.array_equal(first.evaluation_rows, rebuilt.split(labels).evaluation_rows)


@KINDS
def test_another_seed_gives_another_split(kind: type[BySample] | type[ByIdentity]) -> None:
    labels = np.repeat(np.arange(20), 10)
    assert not np.array_equal(kind(seed=0).split(labels).training_rows, kind(seed=1).split(labels).training_rows)


@given(sizes=sizes, share=shares, seed=seeds)
def test_by_sample_keeps_the_share_in_every_class(sizes: list[int], share: float, seed: int) -> None:
    labels = shuffled_labels(sizes, seed)
    split = BySample(evaluation_share=share, seed=seed).split(labels)
    assert split.protocol == "closed-set, by sample"
    for label, size in zip(*np.unique(labels, return_counts=True), strict=True):
        evaluating = np.count_nonzero(labels[split.evaluation_rows] == label)
        assert 1 <= evaluating <= size - 1
        assert abs(evaluating - share * size) <= max(0.5, 1 - share * size) + 1e-9


@given(sizes=sizes, share=shares, seed=seeds)
def test_by_identity_keeps_identities_apart(sizes: list[int], share: float, seed: int) -> None:
    labels = shuffled_labels(sizes, seed)
    split = ByIdentity(evaluation_share=share, seed=seed).split(labels)
    training, evaluating = (set(labels[rows]) for rows in split[:2])
    assert split.protocol == "open-set, by identity"
    assert training.isdisjoint(evaluating)
    assert len(training) >= 2 and len(evaluating) >= 2
    assert abs(len(evaluating) - share * len(sizes)) <= 0.5 + 1e-9


def test_by_sample_needs_two_classes() -> None:
    with pytest.raises(ValueError, match="by-sample must have at least 2 classes, got 1"):
        BySample().split(np.zeros(10, dtype=np.int64))


def test_by_sample_needs_two_samples_of_each_class() -> None:
    with pytest.raises(ValueError, match="at least 2 samples of each class, got 1 of class 7"):
        BySample().split(np.array([0, 0, 7, 3, 3]))


@pytest.mark.parametrize("identities, share, got", [(3, 0.5, "1 to train and 2"), (10, 0.1, "9 to train and 1")])
def test_by_identity_needs_two_identities_on_either_side(identities: int, share: float, got: str) -> None:
    with pytest.raises(ValueError, match=f"at least 2 identities on either side, got {got} to evaluate"):
        ByIdentity(evaluation_share=share).split(np.repeat(np.arange(identities), 4))


@KINDS
@pytest.mark.parametrize("labels", [np.zeros(4), np.zeros((2, 2), dtype=np.int64)])
def test_labels_must_be_a_row_of_whole_numbers(kind: type[BySample] | type[ByIdentity], labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"labels must be \(N,\) whole numbers"):
        kind().split(labels)


@KINDS
def test_no_labels_are_refused(kind: type[BySample] | type[ByIdentity]) -> None:
    with pytest.raises(ValueError, match="must have at least 2 .*got 0"):
        kind().split(np.zeros(0, dtype=np.int64))


def rank_by_rank(labels: np.ndarray, rows: np.ndarray, points: int, seed: int) -> np.ndarray:
    """The choice as it was: one row of every class before any gets a second."""
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.random(len(rows)), labels[rows]))
    rank = np.empty(len(rows), dtype=np.int64)
    ordered = labels[rows][order]
    rank[order] = np.arange(len(rows)) - np.searchsorted(ordered, ordered)
    return np.sort(rows[np.lexsort((generator.random(len(rows)), rank))[:points]])


def counted(labels: np.ndarray, *choices: np.ndarray) -> list[np.ndarray]:
    return [np.bincount(labels[some], minlength=labels.max() + 1) for some in choices]


@given(sizes=st.lists(st.integers(1, 12), min_size=6, max_size=15), points=st.integers(2, 100), seed=seeds)
def test_probe_rows_are_a_balanced_choice_of_the_given_rows(sizes: list[int], points: int, seed: int) -> None:
    labels = shuffled_labels(sizes, seed)
    rows = np.flatnonzero(np.random.default_rng(seed).random(len(labels)) < 0.8)
    probe = probe_rows(labels, rows, points, seed)
    assert min(points, len(rows)) - 1 <= len(probe) <= min(points, len(rows))
    assert np.all(np.diff(probe) > 0) and np.isin(probe, rows).all()
    assert np.array_equal(probe, probe_rows(labels, rows, points, seed))
    assert np.isin(probe, probe_rows(labels, rows, points + 1, seed)).all(), "more points contain fewer"
    there, taken = counted(labels, rows, probe)
    assert np.all((taken != 1) | (there == 1)), "two rows of a class, or its only one"
    if cuts_pairs(there[there > 0], points):
        assert taken.max(initial=0) <= 2
        assert not np.any(taken[there == 1]) or np.all(taken[there > 1] == 2), "single rows come last"
        return
    assert len(probe) == min(points, len(rows))
    assert np.array_equal(probe, rank_by_rank(labels, rows, points, seed)), "as it was before pairs came first"
    not_exhausted = taken[taken < there]
    if len(not_exhausted):
        assert taken.max() - not_exhausted.min() <= 1


def test_many_classes_and_few_points_show_two_samples_of_fewer_classes() -> None:
    """300 classes of two held-out samples, 200 points: once one sample of each of 200 classes, in which no pair is of
    one class and nothing can be measured."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(300), 2))
    rows = np.arange(600)
    assert counted(labels, rank_by_rank(labels, rows, 200, 0))[0].max() == 1
    for points, classes in ((200, 100), (201, 100), (2, 1), (3, 1), (599, 299), (600, 300)):
        (taken,) = counted(labels, probe_rows(labels, rows, points, 0))
        assert sorted(taken.tolist()) == [0] * (300 - classes) + [2] * classes


def test_which_classes_are_shown_is_left_to_chance() -> None:
    labels = np.repeat(np.arange(300), 2)
    shown = [frozenset(labels[probe_rows(labels, np.arange(600), 200, seed)].tolist()) for seed in range(3)]
    assert len(set(shown)) == 3
    often = np.zeros(300)
    for seed in range(300):
        often[labels[probe_rows(labels, np.arange(600), 200, seed)]] += 1
    assert abs(often.mean() - 100) < 1e-9 and often.min() > 60 and often.max() < 140  # a third of 300, sd 8


@pytest.mark.parametrize("points", [-1, 0, 1])
def test_probe_rows_need_a_pair(points: int) -> None:
    with pytest.raises(ValueError, match=f"points must be at least 2, a pair, got {points}. Ask for"):
        probe_rows(np.array([0, 1]), np.array([0, 1]), points=points, seed=0)


def sides_of(split: Split, column: np.ndarray) -> list[set[float]]:
    return [set(column[rows].tolist()) for rows in split[:2]]


@given(groups=st.lists(st.integers(0, 6), min_size=10, max_size=40), share=shares, seed=seeds)
def test_by_group_keeps_groups_apart(groups: list[int], share: float, seed: int) -> None:
    column, labels = np.array([*groups, 0, 6]), np.arange(len(groups) + 2) % 5
    split = ByGroup(evaluation_share=share, seed=seed).split(labels, {"group": column})
    training, evaluating = sides_of(split, column)
    assert training.isdisjoint(evaluating) and training and evaluating
    assert abs(len(evaluating) - share * len(set(column.tolist()))) <= 1
    assert sorted(np.concatenate(split[:2])) == list(range(len(column))) and split.protocol == "new groups, by group"


def test_by_group_may_hold_out_sessions_and_leaves_one_group_to_train() -> None:
    labels, sessions = np.arange(8) % 2, np.arange(8) // 4
    split = ByGroup(column="session", evaluation_share=0.95).split(labels, {"session": sessions})
    assert [len(rows) for rows in split[:2]] == [4, 4]
    with pytest.raises(ValueError, match="by-group must have at least 2 sessions, got 1"):
        ByGroup(column="session").split(labels, {"session": np.zeros(8)})


@given(
    times=st.lists(st.floats(-1e9, 1e9, allow_nan=False) | st.integers(0, 5).map(float), min_size=2, max_size=40),
    share=shares,
)
def test_by_time_trains_on_what_came_before_a_moment(times: list[float], share: float) -> None:
    column = np.array([*times, min(times) - 1e6])
    split = ByTime(evaluation_share=share).split(np.arange(len(column)) % 3, {"time": column})
    assert column[split.training_rows].max() < column[split.evaluation_rows].min()
    found = len(split.evaluation_rows) / len(column)
    others = [float((column > moment).mean()) for moment in sorted(set(column.tolist()))[:-1]]
    assert abs(found - share) <= min(abs(other - share) for other in others) + 1e-12


def test_samples_of_one_moment_stay_together() -> None:
    column = np.array([1.0, 2, 2, 2, 2, 3])
    split = ByTime(evaluation_share=0.5).split(np.zeros(6, np.int64), {"time": column})
    assert split.training_rows.tolist() == [0]  # .83 and .17 are as near to a half: the earlier moment
    with pytest.raises(ValueError, match="by-time must have samples of at least 2 moments, got 1"):
        ByTime().split(np.zeros(3, np.int64), {"time": np.ones(3)})


@pytest.mark.parametrize("split", [ByGroup(), ByGroup(column="session"), ByTime()])
def test_data_without_the_column_are_told(split: ByGroup | ByTime) -> None:
    assert split.lack({split.needs: 1}) == ""
    with pytest.raises(ValueError, match=f"{split.name} must have the {split.needs} of each sample, got data that do"):
        split.split(np.arange(4) % 2, {"names": np.arange(4)})


def test_splits_that_draw_have_a_seed_and_others_have_none() -> None:
    share = {"evaluation_share": 0.4, "validation_share": 0.0}
    assert BySample().described() == {"kind": "by-sample", **share, "seed": 0}
    assert ByIdentity(seed=3).described() == {"kind": "by-identity", **share, "seed": 3, "folds": 0, "fold": 0}
    assert ByTime().described() == {"kind": "by-time", **share}
    assert list(SPLITS) == ["by-sample", "by-identity", "by-group", "by-time"]


def test_a_data_set_is_split_by_what_it_knows() -> None:
    from core.datasets import Digits
    from core.datasets.pictograms import Pictograms

    images = Pictograms(identities=40)
    split = ByGroup().split_of(images)
    groups = images.load().groups
    assert groups is not None
    training, evaluating = sides_of(split, groups)
    assert training.isdisjoint(evaluating) and len(training | evaluating) >= 4
    assert np.array_equal(ByIdentity().split_of(Digits())[0], ByIdentity().split(Digits().labels())[0])


@pytest.mark.parametrize("kind", [BySample(), ByIdentity(), ByIdentity(folds=4, fold=1), ByGroup(), ByTime()])
def test_a_validation_never_looks_at_what_is_kept(kind: Splitter) -> None:
    labels = np.repeat(np.arange(20), 10)
    known = {"group": np.arange(200) % 5, "time": np.arange(200.0)}
    whole, tried = kind.split(labels, known), replace(kind, validation_share=0.25).split(labels, known)
    together = np.sort(np.concatenate([tried.training_rows, tried.evaluation_rows]))
    assert np.array_equal(together, whole.training_rows) and len(tried.evaluation_rows)
    assert tried.protocol == f"{kind.protocol}, validation"
    if isinstance(kind, ByIdentity):
        assert not set(labels[tried.training_rows]) & set(labels[tried.evaluation_rows])


def test_folds_part_the_identities() -> None:
    labels = np.repeat(np.arange(23), 3)
    folds = [ByIdentity(folds=5, fold=fold, seed=7).split(labels) for fold in range(5)]
    held = [np.unique(labels[fold.evaluation_rows]) for fold in folds]
    assert sorted(np.concatenate(held)) == list(range(23)) and sorted(map(len, held)) == [4, 4, 5, 5, 5]
    assert all(len(fold.training_rows) + len(fold.evaluation_rows) == 69 for fold in folds)


@pytest.mark.parametrize("split", [ByIdentity(folds=5, fold=5), ByIdentity(folds=12), ByIdentity(folds=1)])
def test_folds_that_there_are_not_are_refused(split: ByIdentity) -> None:
    with pytest.raises(ValueError, match="by-identity must have 2 to 11 folds of 23 identities"):
        split.split(np.repeat(np.arange(23), 3))
