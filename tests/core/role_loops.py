"""Roles by the definition, one point and one pair at a time, for the tests to compare with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.reidentification.roles import ROLES

ASKS = {"query", "both"}
STANDS = {"gallery", "both", "distractor"}
NAMES = tuple("abcdefghijklmnopqrstuvwxyz")


def tied(seed: int, count: int = 48) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points on a lattice, with ties and copies, their labels, roles and groups; one label has a single point."""
    generator = np.random.default_rng(seed)
    points = generator.integers(0, 3, (count, 3)).astype(np.float32)
    labels = np.where(points[:, 0] == 0, 0, generator.integers(0, 4, count))
    roles = generator.choice(len(ROLES), count, p=[0.25, 0.35, 0.2, 0.1, 0.1])
    labels[7], roles[7] = 4, 0
    return points, labels, roles, generator.integers(0, 2, count)


@dataclass
class ByHand:
    """What the protocol says of points with labels, roles and, where they are to be crossed, groups."""

    labels: list[Any]
    roles: list[str]
    groups: list[Any] | None
    apart: Callable[[int, int], float]
    pairs: dict[tuple[int, int], tuple[float, bool]] = field(default_factory=dict)

    def is_positive(self, query: int, other: int) -> bool:
        return self.roles[other] != "distractor" and self.labels[query] == self.labels[other]

    def found_by(self, query: int) -> list[int]:
        """Rows of the gallery that this query is ranked against, nearest first, equally near ones by row."""
        rows = []
        for other in range(len(self.labels)):
            if other == query or self.roles[other] not in STANDS:
                continue
            if self.groups and self.is_positive(query, other) and self.groups[query] == self.groups[other]:
                continue
            rows.append(other)
        return sorted(rows, key=lambda other: (self.apart(query, other), other))

    def numbers(self, margin: float) -> dict[str, float]:
        ranks, shares, averages, whole, alone = [], [], [], [], 0
        hard = semi_hard = easy = 0
        for query in range(len(self.labels)):
            if self.roles[query] not in ASKS:
                continue
            found = self.found_by(query)
            matches = [self.is_positive(query, other) for other in found]
            for other, match in zip(found, matches, strict=True):
                self.pairs[min(query, other), max(query, other)] = (self.apart(query, other), match)
            relevant = sum(matches)
            if not relevant:
                alone += 1
                continue
            precisions = [sum(matches[: place + 1]) / (place + 1) for place in range(len(matches))]
            ranks.append(1 + matches.index(True))
            shares.append(sum(matches[:relevant]) / relevant)
            averages.append(sum(p for p, m in zip(precisions[:relevant], matches, strict=False) if m) / relevant)
            whole.append(sum(p for p, m in zip(precisions, matches, strict=True) if m) / relevant)
            for positive, is_match in zip(found, matches, strict=True):
                for negative, is_other in zip(found, matches, strict=True):
                    if is_match and not is_other:
                        to_positive, to_negative = self.apart(query, positive), self.apart(query, negative)
                        hard += to_negative < to_positive
                        semi_hard += to_positive <= to_negative < to_positive + margin
                        easy += to_negative >= to_positive + margin
        positives = [distance for distance, match in self.pairs.values() if match]
        negatives = [distance for distance, match in self.pairs.values() if not match]
        wins = sum((p < n) + (p == n) / 2 for p in positives for n in negatives)
        return {
            "hard": hard,
            "semi_hard": semi_hard,
            "easy": easy,
            **{f"recall_at_{k}": float(np.mean([rank <= k for rank in ranks])) for k in (1, 5, 10)},
            "r_precision": float(np.mean(shares)),
            "map_at_r": float(np.mean(averages)),
            "mean_average_precision": float(np.mean(whole)),
            "positive_pairs": len(positives),
            "negative_pairs": len(negatives),
            "auc": wins / (len(positives) * len(negatives)),
            "mean_positive_distance": float(np.mean(positives)),
            "mean_negative_distance": float(np.mean(negatives)),
            "points": sum(role != "junk" for role in self.roles),
            "queries": len(ranks),
            "queries_without_positive": alone,
            "gallery": sum(role in STANDS for role in self.roles),
            "distractors": self.roles.count("distractor"),
            "junk": self.roles.count("junk"),
        }
