"""`python -m core compare`: strategies trained from the same seeds and compared, with verdicts that know how many."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.cli.fork_start import add_fork_start, fork_start
from core.comparison.command import AXES, asked_by
from core.comparison.plan import UPDATES, Budget, Member, Plan, Strategy, along, updates_of
from core.comparison.reached import NUMBERS
from core.comparison.record import comparison_of, keep, members_of
from core.comparison.results import summary_of
from core.comparison.searches import RANDOM, SEARCHES
from core.comparison.tuning import TIMES
from core.engine.comparing import Standing, results_of
from core.engine.conducting import TRIALS, check_tuner, conducted
from core.engine.process import cores
from core.experiment.experiment import Experiment
from core.experiment.options import Parser, read_experiment
from core.jobs.comparison_results import TOLD, gathered
from core.jobs.export_comparison import write_files
from core.records.main_numbers import MAP_AT_R
from core.runs.fork import forked, lay_weights
from core.runs.store import Store
from core.system.atomic_files import write_json

SEEDS = 3


def compare_command(words: list[str]) -> int:
    """Train and compare what the words ask for; the exit status."""
    parent, start = fork_start(words) or (None, None)
    experiment, options = read_experiment(words, _parser(), parent.experiment() if parent else None)
    plan = plan_of(experiment, options)
    if parent and start:
        plan = forked(plan, parent, start)
    folder = Path(options.out)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "index.sqlite").exists():
        raise ValueError(f"--out must be a new folder or one of a comparison, got {folder}. Choose another.")
    store = Store(folder)
    _say(
        f"{len(plan.members())} trainings: {len(plan.strategies)} strategies from {len(plan.seeds)} seeds, "
        f"{plan.budget.amount:,g} {plan.budget.kind} each"
    )
    told, how = _Progress(), {"tune": options.tune, "tuner": options.tuner, "halves": options.halve}
    if start:
        lay_weights(store, start, plan.members())
    try:
        done = conducted(plan, store, options.slots, told=told, begins=_begins, **how)
    except KeyboardInterrupt:
        _say("paused: the same command goes on from here")
        return 130
    made = comparison_of(title_of(done.plan), done.plan, done.by_id, done.tuned, done.stopped)
    comparison = replace(made, command=asked_by(words))
    keep(store.root, comparison)
    _say("measuring what each has reached")
    results = gathered(store.root, comparison, results_of(done.by_id, store))
    found = summary_of(results)
    found |= {"tuned": done.tuned, "stopped": done.stopped, "runs": members_of(done.by_id)}
    found |= {"from": plan.origin.written()} if plan.origin else {}
    write_json(folder / TOLD, found)
    _say("writing tables, figures and a report")
    write_files(folder, results)
    print(table_of(found))
    print(json.dumps(found))
    return 0


def _begins(phase: str, members: Sequence[Member], chosen: Mapping[str, Any]) -> None:
    if phase == TRIALS:
        _say(f"tuning each strategy on a validation: {len(members)} trials")


def title_of(plan: Plan) -> str:
    """What a comparison is called: its strategies, on what, and from how many seeds."""
    names = ", ".join(strategy.name for strategy in plan.strategies)
    dataset = plan.strategies[0].experiment.dataset.title
    start = f" · from {plan.origin.title}, epoch {plan.origin.epoch:.4g}" if plan.origin else ""
    return f"{names} · {dataset} · {len(plan.seeds)} seeds{start}"


def plan_of(experiment: Experiment, options: Namespace) -> Plan:
    """What the options ask for. Raises ValueError where they name no strategies, or those of two axes."""
    named = {family: getattr(options, axis) for axis, family in AXES.items() if getattr(options, axis)}
    if options.values:
        named[options.axis or ""] = options.values
    if len(named) != 1 or "" in named or bool(options.axis) != bool(options.values):
        raise ValueError(
            f"one of {', '.join(f'--{axis}' for axis in AXES)}, or --axis with --values, must name what is compared, "
            f"got {len(named)} of them. Give --miners semi-hard,random say."
        )
    ((axis, names),) = named.items()
    if options.tune and axis.partition(".")[2] in TIMES:
        raise ValueError(f"--tune must leave {axis} alone, which is what is compared. Compare it without --tune.")
    if options.tuner != RANDOM and not options.tune:
        raise ValueError(f"--tuner must come with --tune, got {options.tuner} and no trials. Give --tune 6 say.")
    check_tuner(options.tuner)
    strategies = along(experiment, axis, [name.strip() for name in names.split(",")])
    return Plan(strategies, tuple(range(options.seeds)), budget_of(strategies, options), options.folds)


def budget_of(strategies: tuple[Strategy, ...], options: Namespace) -> Budget:
    """What each training may use: what is asked for, or as many updates as the first strategy makes in its epochs."""
    if options.budget:
        amount, _, kind = options.budget.partition(" ") if " " in options.budget else (options.budget, "", UPDATES)
        try:
            return Budget(kind.strip(), float(amount))
        except ValueError:
            raise ValueError(
                f'--budget must be a number and its unit, got {options.budget!r}. Give "500 updates" say.'
            ) from None
    return Budget(UPDATES, updates_of(strategies[0].experiment))


def table_of(told: dict[str, Any], key: str = MAP_AT_R.key) -> str:
    """What is read first: what each strategy reaches in one number, and each difference in words."""
    width = max(map(len, told["strategies"]))
    is_of_one_seed = len(told["seeds"]) == 1
    over = "identities alone, another seed may differ" if is_of_one_seed else "seeds and identities"
    over += ", all from one checkpoint" if "from" in told else ""
    lines = [f"{NUMBERS[key].title}, 95 % over {over}"]
    for name, numbers in told["strategies"].items():
        lines.append(f"  {name:{width}}  {_in_words(numbers[key])}")
    lines.append("differences, first minus second, all of them together 95 %")
    for one in told["differences"]:
        if one["number"] == key:
            lines.append(
                f"  {one['first']:{width}} - {one['second']:{width}}  {_in_words(one, sign='+')}  {one['verdict']}"
            )
    for name, share in told.get("stopped", {}).items():
        lines.append(f"{name} was stopped after {share:.0%} of its updates, as of the worse half by then")
    return "\n".join(lines)


def _in_words(of: dict[str, Any], sign: str = "") -> str:
    if of["low"] is None:
        return f"{of['value']:{sign}z.3f} (no interval from one seed)"
    return f"{of['value']:{sign}z.3f} ({of['low']:{sign}z.3f} to {of['high']:{sign}z.3f})"


class _Progress:
    """One line on stderr, rewritten in place on a terminal, and only where something has changed."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, standing: Standing) -> None:
        all_of_them = standing.finished + standing.running + standing.waiting + standing.failed
        line = f"{standing.finished} of {all_of_them} trained, {standing.running} at work, {standing.share:.0%} done"
        line += f", {standing.failed} failed" if standing.failed else ""
        if line != self._last:
            print(line, file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n", flush=True)
        self._last = line


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _parser() -> Parser:
    parser = Parser(prog="python -m core compare", description="Compare strategies fairly.", allow_abbrev=False)
    for axis, family in AXES.items():
        parser.add_argument(f"--{axis}", metavar="NAMES", help=f"members of the family {family}, with commas between")
    parser.add_argument("--axis", metavar="NAME", help="a parameter that is compared, such as loss.margin")
    parser.add_argument("--values", metavar="VALUES", help="its values, with commas between")
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how many, from 0 (default {SEEDS})")
    parser.add_argument("--folds", type=int, default=0, metavar="COUNT", help="folds by identity (default none)")
    parser.add_argument("--budget", metavar="AMOUNT", help='of each training, as "500 updates" (or passes, or seconds)')
    parser.add_argument(
        "--tune", type=int, default=0, metavar="TRIALS", help="of learning rate and margin (default none)"
    )
    parser.add_argument(
        "--tuner", choices=tuple(SEARCHES), default=RANDOM, help=f"what chooses the trials (default {RANDOM})"
    )
    parser.add_argument(
        "--halve",
        action="store_true",
        help="stop the worse half of the strategies after 25 %% and 50 %% of their updates; may hide a slow learner",
    )
    parser.add_argument("--slots", type=int, default=cores(), help="trainings at a time")
    parser.add_argument(
        "--out", metavar="FOLDER", required=True, help="where all files go; goes on there if it was cut"
    )
    add_fork_start(parser)
    return parser
