"""What each split of a set would have on both of its sides: identities, groups, sessions and copies.

An identity that is trained on is no stranger, a group or session on both sides lends its look to both, and a near
duplicate across the split is one sample measured on itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.admission.copies import Copies
from core.datasets.samples import Samples
from core.experiment.splits import SPLITS


def leakage(samples: Samples, copies: Copies) -> dict[str, dict[str, Any]]:
    """By the name of each split that the set allows, with its defaults: how many samples either side has, how many
    identities, groups and sessions are on both, and how many held-out samples equal or nearly equal one to train on."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in SPLITS.items():
        split = kind()
        if split.lack(samples.known):
            continue
        try:
            sides = split.split(samples.labels, samples.known)
        except ValueError:  # the set is too small for it
            continue
        training, evaluation = sides.training_rows, sides.evaluation_rows
        found[name] = {"training": len(training), "evaluation": len(evaluation)}
        found[name]["identity"] = _on_both(samples.labels, training, evaluation)
        for column in ("group", "session"):
            if column in samples.known:
                found[name][column] = _on_both(samples.known[column], training, evaluation)
        found[name]["copies"] = copies_across(copies, training, evaluation)
    return found


def copies_across(copies: Copies, training: np.ndarray, evaluation: np.ndarray) -> int:
    """Rows to evaluate on (E,) that equal or nearly equal one of those to train on (T,)."""
    equal = np.zeros(len(copies.first), bool)  # by the first of all that are equal
    equal[copies.first[training]] = True
    leaks = equal[copies.first]
    for one, other in (copies.near.T, copies.near.T[::-1]):  # of equal ones the first stands for all
        near = np.zeros(len(copies.first), bool)
        near[one[equal[other]]] = True
        leaks |= near[copies.first]
    return int(leaks[evaluation].sum())


def _on_both(keys: np.ndarray, training: np.ndarray, evaluation: np.ndarray) -> int:
    return len(np.intersect1d(keys[training], keys[evaluation]))
