from __future__ import annotations

import numpy as np

from core.admission.copies import copies_in
from core.admission.leakage import copies_across, leakage
from core.datasets.vectors import Vectors
from core.experiment.splits import ByIdentity, BySample, ByTime

IDENTITIES, EACH = 12, 4


def told(*, groups: bool) -> Vectors:
    """Sample 1 equals sample 0, of the same identity; sample 8 nearly equals sample 0, of another one."""
    values = np.random.default_rng(0).normal(size=(IDENTITIES * EACH, 6)).astype(np.float32)
    values[1] = values[0]
    values[8] = values[0] * np.float32(1.5)
    labels = np.repeat(np.arange(IDENTITIES), EACH)
    more = {}
    if groups:
        more = {"groups": np.arange(len(labels)) % 3, "group_names": ("a", "b", "c"), "times": np.arange(48.0)}
    return Vectors(values, labels, tuple(f"p{number}" for number in range(IDENTITIES)), **more)


def test_what_is_on_both_sides_is_counted_as_sets_count_it() -> None:
    samples = told(groups=True)
    copies = copies_in(samples)
    found = leakage(samples, copies)
    assert list(found) == ["by-sample", "by-identity", "by-group", "by-time"]
    assert samples.groups is not None and samples.times is not None
    for name, split in (("by-sample", BySample()), ("by-identity", ByIdentity()), ("by-time", ByTime())):
        training, evaluation, _ = split.split(samples.labels, samples.known)
        assert (found[name]["training"], found[name]["evaluation"]) == (len(training), len(evaluation))
        for key, column in (("identity", samples.labels), ("group", samples.groups)):
            assert found[name][key] == len(set(column[training].tolist()) & set(column[evaluation].tolist()))
    assert found["by-identity"]["identity"] == 0 < found["by-sample"]["identity"]
    assert found["by-group"]["group"] == 0 < found["by-group"]["identity"]


def test_copies_are_those_of_a_loop_over_all_pairs() -> None:
    samples = told(groups=False)
    copies = copies_in(samples)
    assert copies.near.tolist() == [[0, 8]]
    family = {0, 1, 8}
    for seed in range(20):
        split = BySample(seed=seed).split(samples.labels)
        training, evaluation = (set(rows.tolist()) for rows in split[:2])
        expected = sum(bool((family - {row}) & training) for row in family & evaluation)
        assert copies_across(copies, split.training_rows, split.evaluation_rows) == expected
    assert any(copies_across(copies, *BySample(seed=seed).split(samples.labels)[:2]) for seed in range(20))


def test_splits_that_a_set_does_not_allow_are_left_out() -> None:
    samples = told(groups=False)
    assert list(leakage(samples, copies_in(samples))) == ["by-sample", "by-identity"]
    single = Vectors(np.eye(4, dtype=np.float32), np.arange(4), ("a", "b", "c", "d"))
    assert list(leakage(single, copies_in(single))) == ["by-identity"]
    one = Vectors(np.ones((1, 2), np.float32), np.zeros(1, np.int64), ("a",))
    assert leakage(one, copies_in(one)) == {}
