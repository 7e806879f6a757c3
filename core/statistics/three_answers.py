"""How well one space answers three questions: which is nearest (ranking), is it the same class (rejection), and which
belong together (clustering). three_questions.py measures it; numpy alone, so that a page can read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.statistics.criterion_ladder import Ladder
from core.statistics.partitions import Agreement, crosstab

SHARES = 10  # bars of the ranking
OTHERS = -1  # the group that small ones are put together in


@dataclass(frozen=True)
class QuestionNumbers:
    """One number or two for each question, by the keys that tasks name: ranking by Recall@1 and MAP@R, rejection by the
    equal error rate and by the smallest share of genuine pairs that is refused where at most 1 % of the impostor pairs
    get in, clustering by adjusted mutual information and BCubed F of the groups at the threshold of the equal error
    rate."""

    recall_at_1: float
    map_at_r: float
    eer: float
    frr_at_far_1_percent: float
    ami: float
    bcubed_f: float


@dataclass(frozen=True)
class ThreeAnswers:
    """Of points with these `rows` of a snapshot (P,), `is_same_share` of each class or some classes.

    Ranking: `right` (SHARES,) counts the queries by the share of the R others of their class that stands among their R
    nearest, the last bar holding 1. Rejection: counts of pairs (B,) between `edges` (B + 1,), the equal error rate with
    its threshold, and the largest distance of a pair that a threshold may accept for a FAR of 1 %, NaN for none.
    Clustering: groups (P,) `at_threshold`, and as many as there are classes `at_count`, with how far they agree with
    the classes.
    """

    rows: np.ndarray
    is_same_share: bool
    classes: int
    numbers: QuestionNumbers
    right: np.ndarray
    edges: np.ndarray
    positive_counts: np.ndarray
    negative_counts: np.ndarray
    eer_threshold: float
    far_threshold: float
    groups_at_threshold: np.ndarray
    groups_at_count: np.ndarray
    at_threshold: Agreement
    at_count: Agreement
    ladder: Ladder

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` takes."""
        kept = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        values = [self.is_same_share, self.classes, self.eer_threshold, self.far_threshold]
        return kept | {
            "values": np.array(values, np.float64),
            "numbers": np.array(list(vars(self.numbers).values()), np.float64),
            "at_threshold": self.at_threshold.array(),
            "at_count": self.at_count.array(),
            "ladder": np.array(self.ladder, np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> ThreeAnswers:
        """Out of what `arrays` gave."""
        is_same_share, classes, eer_threshold, far_threshold = arrays["values"].tolist()
        anchors, nearest, whole, shared, threshold = arrays["ladder"].tolist()
        return cls(
            rows=arrays["rows"],
            is_same_share=bool(is_same_share),
            classes=int(classes),
            numbers=QuestionNumbers(*arrays["numbers"].tolist()),
            right=arrays["right"],
            edges=arrays["edges"],
            positive_counts=arrays["positive_counts"],
            negative_counts=arrays["negative_counts"],
            eer_threshold=eer_threshold,
            far_threshold=far_threshold,
            groups_at_threshold=arrays["groups_at_threshold"],
            groups_at_count=arrays["groups_at_count"],
            at_threshold=Agreement.from_array(arrays["at_threshold"]),
            at_count=Agreement.from_array(arrays["at_count"]),
            ladder=Ladder(int(anchors), int(nearest), int(whole), int(shared), threshold),
        )


class GroupTable(NamedTuple):
    """How many points each of C classes has in each of G groups, (C, G): the `classes` (C,) by their labels, and the
    `groups` (G,) by their numbers; the last may be OTHERS."""

    classes: np.ndarray
    groups: np.ndarray
    counts: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """The share of each class that each group holds (C, G)."""
        return self.counts / self.counts.sum(axis=1, keepdims=True)


def group_table(labels: np.ndarray, groups: np.ndarray, most_classes: int, most_groups: int) -> GroupTable:
    """(P,) labels, (P,) groups from 0 on -> what the largest classes have in the largest groups.

    Of equally large ones the lower number is kept; the other groups are put together in OTHERS, which stands last, and
    the other classes are left out. Classes stand in order of their labels, groups by the class that they hold most of,
    of equal ones the first, and then by how many of it, most first."""
    sizes = np.bincount(groups)
    if len(sizes) > most_groups:
        largest = np.argsort(-sizes, kind="stable")[: most_groups - 1]
        groups = np.where(np.isin(groups, largest), groups, OTHERS)
    (classes, of_classes), numbers = np.unique(labels, return_counts=True), np.unique(groups)
    kept = np.sort(np.argsort(-of_classes, kind="stable")[:most_classes])
    counts = crosstab(labels, groups)[kept]
    order = np.lexsort([-counts.max(axis=0), counts.argmax(axis=0), numbers == OTHERS])
    return GroupTable(classes[kept], numbers[order], counts[:, order])
