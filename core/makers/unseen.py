"""How the presets on many identities do on identities that training has not seen: tables of docs/RESULTS.md.

`python -m core.makers.unseen docs/RESULTS.md` trains each of them with five seeds, keeps the numbers in
assets/unseen.json and writes the tables. With --table it only writes the tables again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from core.experiment.presets import PRESETS
from core.makers.marked_text import write_marked
from core.makers.trained_numbers import trained_numbers
from core.records.fields import JsonObject
from core.records.main_numbers import EER, MAP_AT_R, QUALITY
from core.system.locations import ASSETS

FILE = ASSETS / "unseen.json"
JUDGED = ("pictograms", "faces")
SEEDS = range(5)
SHOWN = (*QUALITY, EER)


def standing(preset: str, seed: int) -> JsonObject:
    """One training of a preset, which splits alike from every seed."""
    experiment = PRESETS[preset].experiment
    seeded = replace(experiment, schedule=replace(experiment.schedule, seed=seed))
    return {"preset": preset, "seed": seed, **trained_numbers(seeded)}


def kept_standings() -> list[JsonObject]:
    """The rows of assets/unseen.json: one for each preset and seed."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def table(standings: Sequence[Mapping[str, Any]]) -> str:
    """One Markdown table for each preset: what costs no training, then the mean of the seeds and the worst of them."""
    return "\n\n".join(
        _table_of(preset, [row for row in standings if row["preset"] == preset])
        for preset in dict.fromkeys(row["preset"] for row in standings)
    )


def gain(rows: Sequence[Mapping[str, Any]], baseline: str) -> float:
    """How many times the MAP@R of a baseline the mean over the seeds is."""
    return mean(row[MAP_AT_R.key] for row in rows) / mean(row["baselines"][baseline][MAP_AT_R.key] for row in rows)


def _table_of(preset: str, rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        f"| {preset}, {rows[0]['protocol']} | {' | '.join(number.title for number in SHOWN)} | seconds of training |",
        "|---|---|---|---|---|---|",
    ]
    for name in rows[0]["baselines"]:
        beside = {number.key: mean(row["baselines"][name][number.key] for row in rows) for number in QUALITY}
        lines.append(f"| *{name}* | {' | '.join(number.shown(beside) for number in QUALITY)} | | |")
    means = {number.key: mean(row[number.key] for row in rows) for number in SHOWN}
    worst = min(rows, key=lambda row: row[MAP_AT_R.key])
    seconds = mean(row["seconds"] for row in rows)
    for name, numbers, took in (
        (f"trained, mean of {len(rows)} seeds", means, seconds),
        ("trained, worst seed by MAP@R", worst, worst["seconds"]),
    ):
        lines.append(f"| {name} | {' | '.join(number.shown(numbers) for number in SHOWN)} | {took:.0f} |")
    times = " and ".join(f"{gain(rows, name):.2f} times that of {name}" for name in ("raw pixels", "PCA"))
    return "\n".join([*lines, "", f"MAP@R on {preset} is {times}."])


def measured(workers: int) -> list[JsonObject]:
    """Every preset from every seed, as many at a time as there are workers."""
    jobs = [(preset, seed) for preset in JUDGED for seed in SEEDS]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(standing, *job) for job in jobs]
        rows = []
        for (preset, seed), future in zip(jobs, waiting, strict=True):
            rows.append(future.result())
            print(f"{preset}, seed {seed}: MAP@R {rows[-1]['map_at_r']}", file=sys.stderr, flush=True)
    return rows


def main(words: list[str]) -> None:
    """Train what is asked for, keep its numbers and write the tables into the files named."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.unseen", description="Measure the presets.")
    parser.add_argument("files", nargs="*", type=Path, help="papers that hold the tables")
    parser.add_argument("--table", action="store_true", help="train nothing, write the tables again")
    options = parser.parse_args(words)
    if not options.table:
        lines = ",\n".join(json.dumps(row) for row in measured(workers=os.cpu_count() or 1))
        FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for file in options.files:
        write_marked(file, "unseen", table(kept_standings()))


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main(sys.argv[1:])
