"""The runs of a comparison that have something to show, by strategy and seed: what its figures are made of, and what
tells whether they are still as they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.comparison.record import Comparison
from core.experiment.experiment import Experiment, differences
from core.records.snapshot_record import SnapshotRecord
from core.runs.run_folder import Run
from dashboard.figures.strategy_looks import Look, looks_of
from dashboard.lookups import runs
from dashboard.palette import Theme


class SeedRuns(NamedTuple):
    """One seed of a strategy: its runs, one for each fold, with the number of their snapshots."""

    seed: int
    is_finished: bool
    runs: tuple[tuple[str, int], ...]

    def snapshots(self) -> list[tuple[Run, list[SnapshotRecord]]]:
        """Each run with its snapshots as they were when this was made."""
        found = ((runs.run_of(name), count) for name, count in self.runs)
        return [(run, list(run.snapshots()[:count])) for run, count in found]


Seeds = tuple[SeedRuns, ...]


def begun(comparison: Comparison) -> dict[str, Seeds]:
    """By strategy, the seeds that have begun: there is a snapshot of each of their folds; a run that is gone, or that
    who asks may not see, has none."""
    found: dict[str, Seeds] = {}
    for strategy in comparison.strategies:
        by_seed: dict[int, list[str]] = {}
        for run_id in comparison.runs_of(strategy):
            by_seed.setdefault(int(comparison.members[run_id][1]), []).append(run_id)
        seeds = [one for seed, names in by_seed.items() if (one := _seed_runs(seed, names))]
        if seeds:
            found[strategy] = tuple(seeds)
    return found


def counted(seeds: Seeds) -> Seeds:
    """Those that are finished: a seed that has just begun would take from a mean what was known, and one that failed
    its end. Before any is finished, all that have begun."""
    return tuple(one for one in seeds if one.is_finished) or seeds


def paired(seeds: Seeds, baseline: Seeds) -> list[int]:
    """The seeds whose differences count: that both have and that are finished; before there is one, all that both have
    begun."""
    whole, begun_too = ({one.seed for one in of} for of in (counted(baseline), baseline))
    both = [one.seed for one in counted(seeds) if one.seed in whole]
    return both or sorted(begun_too & {one.seed for one in seeds})


def of_seed(seeds: Seeds, seed: int | None) -> Seeds:
    """That seed alone; those that count where it is None."""
    return counted(seeds) if seed is None else tuple(one for one in seeds if one.seed == seed)


def differing_settings(comparison: Comparison, strategies: Sequence[str]) -> dict[str, list[Any]]:
    """The settings in which strategies differ, as `differences` has them, of their trainings from one seed. Raises
    ValueError where settings of a run cannot be read any more."""
    return differences([_experiment(comparison.runs_of(name)[0]) for name in strategies])


def looks_of_runs(comparison: Comparison | None, names: Sequence[str], theme: Theme) -> tuple[Look, ...]:
    """The looks of the strategies of these runs; none where one is not of the comparison, or two are of one
    strategy."""
    members = comparison.members if comparison else {}
    strategies = [str(members[name][0]) for name in names if name in members]
    if comparison is None or len(set(strategies)) < len(names):
        return ()
    looks = looks_of(comparison.strategies, theme)
    return tuple(looks[name] for name in strategies)


def _experiment(run_id: str) -> Experiment:
    if (run := runs.find_run(run_id)) is not None:
        return run.experiment()
    if (row := runs.row_of(run_id)) is None:
        raise ValueError(f"the run must be one that is kept here, got {run_id!r}. Restore it in the list of runs.")
    return Experiment.from_described(row.experiment)


def _seed_runs(seed: int, names: Sequence[str]) -> SeedRuns | None:
    rows = [row for name in names if (row := runs.row_of(name)) and not row.entry.deleted_at]
    counts = [len(run.snapshots()) if (run := runs.find_run(row.id)) else 0 for row in rows]
    if len(rows) < len(names) or not all(counts):
        return None
    return SeedRuns(seed, all(row.state == "finished" for row in rows), tuple(zip(names, counts, strict=True)))
