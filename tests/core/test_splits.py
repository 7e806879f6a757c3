import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.params import build
from core.splits import SPLITS, ByIdentity, BySample, probe_rows

KINDS = pytest.mark.parametrize("kind", SPLITS.values(), ids=SPLITS)
sizes = st.lists(st.integers(2, 12), min_size=6, max_size=15)  # of five, seven tenths leave one identity to train
shares = st.floats(0.3, 0.7)
seeds = st.integers(0, 2**31 - 1)


def shuffled_labels(sizes, seed):
    """Labels with gaps in their numbers, mixed."""
    labels = np.repeat(np.arange(len(sizes)) * 3 + 1, sizes)
    return np.random.default_rng(seed).permutation(labels)


@KINDS
@given(sizes=sizes, share=shares, seed=seeds)
def test_the_two_sides_share_nothing_and_leave_nothing_out(kind, sizes, share, seed):
    labels = shuffled_labels(sizes, seed)
    split = kind(evaluation_share=share, seed=seed).split(labels)
    together = np.concatenate([split.training_rows, split.evaluation_rows])
    assert sorted(together) == list(range(len(labels)))
    assert all(np.all(np.diff(rows) > 0) for rows in split[:2])


@KINDS
@given(sizes=sizes, seed=seeds)
def test_the_same_seed_gives_the_same_split(kind, sizes, seed):
    labels = shuffled_labels(sizes, seed)
    first, second = (kind(seed=seed).split(labels.copy()) for _ in range(2))
    assert np.array_equal(first.evaluation_rows, second.evaluation_rows)
    rebuilt = build("split", SPLITS, dict(reversed(kind(seed=seed).described().items())))
    assert np.array_equal(first.evaluation_rows, rebuilt.split(labels).evaluation_rows)


@KINDS
def test_another_seed_gives_another_split(kind):
    labels = np.repeat(np.arange(20), 10)
    assert not np.array_equal(kind(seed=0).split(labels).training_rows, kind(seed=1).split(labels).training_rows)


@given(sizes=sizes, share=shares, seed=seeds)
def test_by_sample_keeps_the_share_in_every_class(sizes, share, seed):
    labels = shuffled_labels(sizes, seed)
    split = BySample(evaluation_share=share, seed=seed).split(labels)
    assert split.protocol == "closed-set, by sample"
    for label, size in zip(*np.unique(labels, return_counts=True), strict=True):
        evaluating = np.count_nonzero(labels[split.evaluation_rows] == label)
        assert 1 <= evaluating <= size - 1
        assert abs(evaluating - share * size) <= max(0.5, 1 - share * size) + 1e-9


@given(sizes=sizes, share=shares, seed=seeds)
def test_by_identity_keeps_identities_apart(sizes, share, seed):
    labels = shuffled_labels(sizes, seed)
    split = ByIdentity(evaluation_share=share, seed=seed).split(labels)
    training, evaluating = (set(labels[rows]) for rows in split[:2])
    assert split.protocol == "open-set, by identity"
    assert training.isdisjoint(evaluating)
    assert len(training) >= 2 and len(evaluating) >= 2
    assert abs(len(evaluating) - share * len(sizes)) <= 0.5 + 1e-9


def test_by_sample_needs_two_classes():
    with pytest.raises(ValueError, match="by-sample must have at least 2 classes, got 1"):
        BySample().split(np.zeros(10, dtype=np.int64))


def test_by_sample_needs_two_samples_of_each_class():
    with pytest.raises(ValueError, match="at least 2 samples of each class, got 1 of class 7"):
        BySample().split(np.array([0, 0, 7, 3, 3]))


@pytest.mark.parametrize("identities, share, got", [(3, 0.5, "1 to train and 2"), (10, 0.1, "9 to train and 1")])
def test_by_identity_needs_two_identities_on_either_side(identities, share, got):
    with pytest.raises(ValueError, match=f"at least 2 identities on either side, got {got} to evaluate"):
        ByIdentity(evaluation_share=share).split(np.repeat(np.arange(identities), 4))


@KINDS
@pytest.mark.parametrize("labels", [np.zeros(4), np.zeros((2, 2), dtype=np.int64)])
def test_labels_must_be_a_row_of_whole_numbers(kind, labels):
    with pytest.raises(ValueError, match=r"labels must be \(N,\) whole numbers"):
        kind().split(labels)


@KINDS
def test_no_labels_are_refused(kind):
    with pytest.raises(ValueError, match="must have at least 2 .*got 0"):
        kind().split(np.zeros(0, dtype=np.int64))


@given(sizes=sizes, points=st.integers(1, 100), seed=seeds)
def test_probe_rows_are_a_balanced_choice_of_the_given_rows(sizes, points, seed):
    labels = shuffled_labels(sizes, seed)
    rows = np.flatnonzero(np.random.default_rng(seed).random(len(labels)) < 0.8)
    probe = probe_rows(labels, rows, points, seed)
    assert len(probe) == min(points, len(rows))
    assert np.all(np.diff(probe) > 0) and np.isin(probe, rows).all()
    assert np.array_equal(probe, probe_rows(labels, rows, points, seed))
    assert np.isin(probe, probe_rows(labels, rows, points + 1, seed)).all(), "more points contain fewer"
    there, taken = (np.bincount(labels[some], minlength=labels.max() + 1) for some in (rows, probe))
    not_exhausted = taken[taken < there]
    if len(not_exhausted):
        assert taken.max() - not_exhausted.min() <= 1


def test_probe_rows_need_a_point():
    with pytest.raises(ValueError, match="points must be at least 1, got 0"):
        probe_rows(np.array([0, 1]), np.array([0, 1]), points=0, seed=0)
