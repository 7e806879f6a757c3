"""What a comparison has found, in one value, for whatever writes it down: levels, differences, and the curve of each
run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.comparison.differences import Comparison, Trainings, compared, level_of
from core.comparison.reached import NUMBERS, Reached, together
from core.evidence.seeded_differences import SeededDifference
from core.records.snapshot_record import SnapshotRecord

OVER = {
    (True, True): "over seeds and identities",
    (True, False): "over seeds alone",
    (False, True): "over identities alone, another seed may differ",
    (False, False): "unknown from one seed",
}
"""Over what an interval holds, by whether it is of several seeds, and whether identities are in it."""


class Training(NamedTuple):
    """One run of a comparison: which it is, its settings as plain values, what its snapshots say."""

    strategy: str
    seed: int
    fold: int | None
    run: str
    settings: Mapping[str, Any]
    snapshots: Sequence[SnapshotRecord]

    @property
    def name(self) -> str:
        """Which of the trainings of its strategy it is, as a path has it."""
        return f"seed {self.seed}" if self.fold is None else f"seed {self.seed}, fold {self.fold}"


@dataclass(frozen=True, kw_only=True)
class Results:
    """`levels` by strategy and number, `differences` by number; `facts` are what a reader is told of how it was made,
    by its title; `command` makes it again and may be empty; `tuned` is what was chosen for each strategy; `asked` are
    all strategies of the comparison, by which each is drawn, also those that have no level."""

    title: str
    created: str
    levels: Mapping[str, Mapping[str, SeededDifference]]
    differences: Mapping[str, Sequence[Comparison]]
    budget: Mapping[str, Any]
    seeds: Sequence[int]
    folds: int
    trainings: Sequence[Training] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    tuned: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""
    asked: Sequence[str] = ()

    @property
    def strategies(self) -> list[str]:
        """The names of those that have levels, in the order in which they were asked for."""
        return list(self.levels)

    def over(self, key: str) -> str:
        """Over what the intervals of the differences in a number hold, in words."""
        return over_what(one.difference for one in self.differences[key])

    @property
    def over_differences(self) -> str:
        """The same of all numbers."""
        return over_each({key: [one.difference for one in pairs] for key, pairs in self.differences.items()})

    @property
    def over_levels(self) -> str:
        """The same of what the strategies reach in all numbers."""
        return over_each({key: [level[key] for level in self.levels.values()] for key in NUMBERS})


def over_what(intervals: Iterable[SeededDifference]) -> str:
    """Over what these intervals hold, in words: what most of them do, and what others."""
    counts = Counter(OVER[of.seeds > 1, of.identities > 0] for of in intervals)
    most, *others = [words for words, _ in counts.most_common()] or [OVER[True, True]]
    return most + "".join(f", some {words}" for words in others)


def over_each(intervals: Mapping[str, Sequence[SeededDifference]]) -> str:
    """The same of several numbers: what most of them do, and by their titles what others."""
    numbers: dict[str, list[str]] = {}
    for key, of in intervals.items():
        numbers.setdefault(over_what(of), []).append(NUMBERS[key].title)
    most, *others = sorted(numbers, key=lambda words: -len(numbers[words]))
    return most + "".join(f"; of {' and '.join(numbers[words])} {words}" for words in others)


def levels_of(strategies: Mapping[str, Trainings]) -> dict[str, dict[str, SeededDifference]]:
    """What each strategy reaches in each number."""
    return {name: {key: level_of(trainings, key) for key in NUMBERS} for name, trainings in strategies.items()}


def differences_of(strategies: Mapping[str, Trainings]) -> dict[str, list[Comparison]]:
    """Every two strategies in each number."""
    return {key: compared(strategies, key) for key in NUMBERS}


def by_strategy(found: Iterable[tuple[str, int, Reached]], folds: int = 0) -> dict[str, Trainings]:
    """What each strategy has reached, by seed, of what each training has, whose strategy and seed stand before it; of
    folds their means, and only where all of a seed are there."""
    parts: dict[str, dict[int, list[Reached]]] = {}
    for strategy, seed, reached in found:
        parts.setdefault(strategy, {}).setdefault(seed, []).append(reached)
    whole = {
        name: {seed: together(of) for seed, of in by_seed.items() if len(of) >= max(folds, 1)}
        for name, by_seed in parts.items()
    }
    return {name: by_seed for name, by_seed in whole.items() if by_seed}


def summary_of(results: Results) -> dict[str, Any]:
    """Levels and differences as plain values, with how they were made; an end that nothing is known of is None."""
    return {
        "strategies": {
            name: {key: interval(level) for key, level in levels.items()} for name, levels in results.levels.items()
        },
        "differences": [
            {
                "number": key,
                "first": one.first,
                "second": one.second,
                **interval(one.difference),
                "verdict": one.verdict,
            }
            for key, pairs in results.differences.items()
            for one in pairs
        ],
        "budget": dict(results.budget),
        "seeds": list(results.seeds),
        "folds": results.folds,
    }


def interval(of: SeededDifference) -> dict[str, Any]:
    """A value with its ends as plain values."""
    ends = {"low": of.low, "high": of.high}
    known = {name: end if abs(end) < float("inf") else None for name, end in ends.items()}
    return {"value": of.value, **known, "confidence": of.confidence, "seeds": of.seeds, "identities": of.identities}
