"""How every loss does when it is trained as it wants to be: the tables of docs/RESULTS.md.

`python -m core.makers.standings docs/RESULTS.md` trains all of them on two data sets, keeps the numbers in
assets/standings.json and writes the tables. With --table it only writes the tables again. With --missing it trains
only the losses that are not in that file, which until then stand in the tables as not yet measured.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.datasets import Digits, FashionMnist
from core.experiment.experiment import Experiment
from core.experiment.splits import BySample
from core.losses import LOSSES
from core.makers.marked_text import write_marked
from core.makers.trained_numbers import trained_numbers
from core.records.fields import JsonObject
from core.records.main_numbers import EER, QUALITY
from core.system.locations import ASSETS

FILE = ASSETS / "standings.json"
DATASETS = ("digits", "fashion-mnist")
FASHION_EPOCHS = 10


def experiments(loss: str) -> dict[str, Experiment]:
    """The loss on digits and on the shipped part of Fashion-MNIST, everything else as the loss wants it."""
    suited = Experiment.suited(LOSSES[loss]())
    clothes = replace(
        suited,
        dataset=FashionMnist(),
        split=BySample(evaluation_share=0.34),
        schedule=replace(suited.schedule, epochs=FASHION_EPOCHS),
    )
    return {"digits": replace(suited, dataset=Digits()), "fashion-mnist": clothes}


def standing(loss: str, dataset: str) -> JsonObject:
    """Train the loss on a data set as it wants to be."""
    numbers = trained_numbers(experiments(loss)[dataset])
    return {"loss": loss, "dataset": dataset} | {name: value for name, value in numbers.items() if name != EER.key}


def table(standings: Sequence[Mapping[str, Any]]) -> str:
    """One Markdown table for each data set: baselines first, then the losses by MAP@R, then those not measured yet."""
    parts = []
    for dataset in dict.fromkeys(row["dataset"] for row in standings):
        rows = sorted((row for row in standings if row["dataset"] == dataset), key=lambda row: -row["map_at_r"])
        lines = [
            f"| {dataset} | {' | '.join(number.title for number in QUALITY)} | seconds of training |",
            "|---|---|---|---|---|",
        ]
        there = {row["loss"]: row for row in rows}
        # The untrained encoder differs from loss to loss in whether it scales to unit length; that of triplet stands.
        beside = next(there[loss] for loss in LOSSES if loss in there)["baselines"]
        lines += [f"| *{name}* | {_cells(numbers)} | |" for name, numbers in beside.items()]
        lines += [f"| {row['loss']} | {_cells(row)} | {row['seconds']:.0f} |" for row in rows]
        lines += [f"| {loss} | not yet measured | | | |" for loss in LOSSES if loss not in there]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def kept_standings() -> list[JsonObject]:
    """The rows of assets/standings.json: one for each loss that is measured, on each data set."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def measured(losses: Iterable[str], workers: int) -> list[JsonObject]:
    """These losses on every data set, as many at a time as there are workers."""
    jobs = [(loss, dataset) for dataset in DATASETS for loss in losses]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(standing, *job) for job in jobs]
        rows = []
        for (loss, dataset), future in zip(jobs, waiting, strict=True):
            rows.append(future.result())
            print(f"{dataset}, {loss}: MAP@R {rows[-1]['map_at_r']}", file=sys.stderr, flush=True)
    return rows


def keep(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write assets/standings.json: one line for each row, by data set and then in the order of the menus."""
    losses = list(LOSSES)
    ordered = sorted(rows, key=lambda row: (DATASETS.index(row["dataset"]), losses.index(row["loss"])))
    lines = ",\n".join(json.dumps(row) for row in ordered)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main(words: list[str]) -> None:
    """Train what is asked for, keep its numbers and write the tables into the files named."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.standings", description="Measure every loss.")
    parser.add_argument("files", nargs="*", type=Path, help="papers that hold the tables")
    less = parser.add_mutually_exclusive_group()
    less.add_argument("--missing", action="store_true", help="train only the losses that are not yet measured")
    less.add_argument("--table", action="store_true", help="train nothing, write the tables again")
    options = parser.parse_args(words)
    if not options.table:
        rows = kept_standings() if options.missing else []
        there = {row["loss"] for row in rows}
        keep(rows + measured([loss for loss in LOSSES if loss not in there], workers=os.cpu_count() or 1))
    for file in options.files:
        write_marked(file, "standings", table(kept_standings()))


def _cells(numbers: Mapping[str, float]) -> str:
    return " | ".join(number.shown(numbers) for number in QUALITY)


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main(sys.argv[1:])
