"""What a comparison might have found, made up in a moment: levels, differences and curves of strategies by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import exp

from core.comparison.differences import Comparison, verdict_of
from core.comparison.reached import NUMBERS
from core.comparison.results import Results, Training
from core.evidence.seeded_differences import SeededDifference
from core.experiment.experiment import Experiment
from core.records.snapshot_record import SnapshotRecord

STEPS = (0, 1, 2, 4, 8, 14, 28, 56, 84)
COMMAND = "python -m core compare --miners a,b --seeds 3 --budget '84 updates' --out comparison"
EVIL = "<script>alert('$x_1$')</script> & \"co\""  # what pages and figures might take for theirs


def found(names: Sequence[str] = ("semi-hard", "batch-hard", "random"), seeds: int = 3, folds: int = 0) -> Results:
    """In every number a strategy reaches 0.1 more than the one before it; neighbours are not distinguishable, others
    are. Of seed S the curve lies 0.02 x S higher."""
    reached = {name: 0.3 + 0.1 * place for place, name in enumerate(names)}
    levels = {
        name: {
            key: SeededDifference(value, value - 0.02, value + 0.03, 0.95, seeds, _identities(key)) for key in NUMBERS
        }
        for name, value in reached.items()
    }
    trainings = [
        Training(name, seed, fold, f"{place:016x}{seed:08x}{fold or 0:08x}", _settings(seed), _snapshots(value, seed))
        for place, (name, value) in enumerate(reached.items())
        for seed in range(seeds)
        for fold in (range(folds) if folds else [None])
    ]
    return Results(
        title=f"{', '.join(names)} · digits · {seeds} seeds",
        created="2026-01-31T12:00:00+00:00",
        levels=levels,
        differences={key: _differences(reached, key, seeds) for key in NUMBERS},
        budget={"updates": 84.0},
        seeds=list(range(seeds)),
        folds=folds,
        trainings=trainings,
        facts={"Data": "digits", "Held out": "open-set, by identity: 90 samples of 9 identities"},
        command=COMMAND,
    )


def _differences(reached: dict[str, float], key: str, seeds: int) -> list[Comparison]:
    pairs = []
    for first, second in combinations(reached, 2):
        value = reached[first] - reached[second]
        difference = SeededDifference(value, value - 0.15, value + 0.15, 0.98, seeds, _identities(key))
        pairs.append(Comparison(first, second, difference, verdict_of(difference, key)))
    return pairs


def _identities(key: str) -> int:
    """Of what describes a space nothing is known identity by identity."""
    return 0 if NUMBERS[key].more_is_better is None else 40


def _settings(seed: int) -> dict[str, dict[str, object]]:
    return Experiment().changed({"schedule": {"seed": seed}}).described()


def _snapshots(value: float, seed: int) -> list[SnapshotRecord]:
    return [
        SnapshotRecord(
            step=step,
            epoch=step / 14,
            seconds=step / 100,
            map="pca",
            map_at_r=value * (1 - exp(-step / 20)) + 0.02 * seed,
            recall_at_1=0.5,
            points=90,
            classes=9,
            auc=0.8,
            eer=0.2,
        )
        for step in STEPS
    ]
