"""How samplers and miners compare on three sets: tables of docs/RESULTS.md, with intervals and verdicts.

`python -m core.makers.sweeps docs/RESULTS.md` runs the commands of `COMMANDS`, keeps what they found in
assets/sweeps.json and writes the tables. All runs stand in one store, .metric-lab-sweeps by default, so that it goes on
where it was cut. With --table it only writes the tables again; with --set it runs one set alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.comparison.reached import NUMBERS
from core.makers.marked_text import write_marked
from core.records.fields import JsonObject
from core.records.main_numbers import MAP_AT_R
from core.runs.store import Store
from core.system.locations import ASSETS, ROOT

FILE = ASSETS / "sweeps.json"
SHOWN = ("recall_at_1", "map_at_r", "auc", "eer", "frr_at_far")
JUDGED = ("map_at_r", "eer")  # of which differences are shown
SETS = {
    "pictograms": "--split by-identity --sampler-classes-per-batch 32 --sampler-samples-per-class 4 --shift 3 "
    "--mirror true",
    "faces": "--split by-identity --split-evaluation-share 0.5 --sampler-samples-per-class 5 --shift 3 --mirror true",
    "fashion-mnist": "--split-evaluation-share 0.34 --sampler-samples-per-class 8 --shift 1 --mirror true",
}
AXES = {
    "miners": "all,random,semi-hard,hard-negative,batch-hard,distance-weighted",
    "samplers": "p-by-k,shuffled,class-balanced,hard-classes",
}
ALIKE = '--loss triplet --learning-rate 0.002 --seeds 5 --tune 6 --budget "300 updates"'


def command(dataset: str, axis: str) -> str:
    """The options of `python -m core compare` that compare this on a set, but for where its files go."""
    return f"--dataset {dataset} {SETS[dataset]} {ALIKE} --{axis} {AXES[axis]}"


def found(dataset: str, axis: str, store: Path) -> JsonObject:
    """Run the command in the store, which may hold some of its trainings already."""
    words = [sys.executable, "-m", "core", "compare", *shlex.split(command(dataset, axis)), "--out", str(store)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    levels = {name: {key: _rounded(of[key]) for key in SHOWN} for name, of in told["strategies"].items()}
    differences = [_rounded(one) for one in told["differences"] if one["number"] in JUDGED]
    return {
        "dataset": dataset,
        "axis": axis,
        "command": command(dataset, axis),
        "tuned": told["tuned"],
        "levels": levels,
        "differences": differences,
    }


def kept() -> list[JsonObject]:
    """What assets/sweeps.json holds: one comparison for each set and axis."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []


def keep(comparisons: Sequence[Mapping[str, Any]]) -> None:
    """Write assets/sweeps.json, a line for each comparison."""
    lines = ",\n".join(json.dumps(one) for one in comparisons)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def table(comparisons: Sequence[Mapping[str, Any]]) -> str:
    """For each comparison its command, what each strategy reaches, and every difference with its verdict."""
    return "\n\n".join(map(_tables_of, comparisons))


def _tables_of(one: Mapping[str, Any]) -> str:
    titles = [NUMBERS[key].title for key in SHOWN]
    lines = [
        f"**{one['dataset']}, {one['axis']}.** `python -m core compare {one['command']} --out FOLDER`",
        "",
        f"| {one['axis']} | {' | '.join(titles)} | tuned |",
        "|---|" + "---|" * (len(titles) + 1),
    ]
    by_level = sorted(one["levels"].items(), key=lambda of: -of[1][MAP_AT_R.key]["value"])
    for name, level in by_level:
        cells = " | ".join(_in_words(level[key]) for key in SHOWN)
        lines.append(f"| {name} | {cells} | {_tuned(one['tuned'][name])} |")
    lines += ["", f"| first | second | {' | '.join(f'{NUMBERS[key].title} | first is' for key in JUDGED)} |"]
    lines.append("|---|---|" + "---|---|" * len(JUDGED))
    pairs = dict.fromkeys((of["first"], of["second"]) for of in one["differences"])
    by_pair = {(of["first"], of["second"], of["number"]): of for of in one["differences"]}
    for pair in pairs:
        cells = [by_pair[*pair, key] for key in JUDGED]
        words = " | ".join(f"{_in_words(of, sign='+')} | {of['verdict']}" for of in cells)
        lines.append(f"| {pair[0]} | {pair[1]} | {words} |")
    return "\n".join(lines)


def _in_words(of: Mapping[str, Any], sign: str = "") -> str:
    return f"{of['value']:{sign}z.3f} ({of['low']:{sign}z.3f} to {of['high']:{sign}z.3f})"


def _tuned(chosen: Mapping[str, Mapping[str, float]]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for of in chosen.values() for name, value in of.items())


def _rounded(of: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in of.items()}


def main(words: list[str]) -> None:
    """Run what is asked for, keep what was found and write the tables into the files named."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.sweeps", description="Compare samplers and miners.")
    parser.add_argument("files", nargs="*", type=Path, help="papers that hold the tables")
    parser.add_argument("--table", action="store_true", help="train nothing, write the tables again")
    parser.add_argument("--set", choices=list(SETS), help="one set alone; what is kept of the others stays")
    parser.add_argument("--store", type=Path, default=ROOT / ".metric-lab-sweeps", help="where the runs are and go on")
    options = parser.parse_args(words)
    if not options.table:
        there = {(one["dataset"], one["axis"]): one for one in kept()}
        for dataset in [options.set] if options.set else SETS:
            for axis in AXES:
                there[dataset, axis] = found(dataset, axis, options.store)
                keep([there[key] for key in ((name, of) for name in SETS for of in AXES) if key in there])
        took = [row.took for row in Store(options.store).rows()]
        print(f"{len(took)} trainings, {sum(took) / 60:.0f} minutes of workers", file=sys.stderr)
    for file in options.files:
        write_marked(file, "sweeps", table(kept()))


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main(sys.argv[1:])
