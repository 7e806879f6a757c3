"""How every loss does when it is trained as it wants to be: the table of results in the README.

`python -m core.makers.standings README.md` trains all of them on two data sets, ten minutes on two cores, keeps the
numbers in assets/standings.json and writes the table; with --table it only writes the table again.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.datasets import Digits, FashionMnist
from core.experiment.experiment import Experiment
from core.experiment.splits import BySample
from core.lazy import torch
from core.losses import LOSSES
from core.records.main_numbers import QUALITY
from core.system.locations import ASSETS

FILE = ASSETS / "standings.json"
BEGIN, END = "<!-- standings:begin -->", "<!-- standings:end -->"
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


def standing(loss: str, dataset: str) -> dict[str, Any]:
    """Train without a look in between, and measure the last embeddings and those that cost no training."""
    from core.experiment.prepared_data import material_of
    from core.statistics.baselines import baselines
    from core.statistics.summary import summarise
    from core.training.loop import Snapshot, train

    torch.set_num_threads(1)
    experiment = experiments(loss)[dataset]
    material = material_of(experiment)
    looks = [record for record in train(experiment, material) if isinstance(record, Snapshot)]
    labels, pixels = material.images.labels[material.probe_rows], material.images.pixels
    numbers = summarise(looks[-1].embeddings, labels, margin=experiment.loss.hardness_margin).numbers
    beside = baselines(
        pixels[material.probe_rows],
        labels,
        pixels[material.training_rows],
        experiment.encoder.dimension,
        looks[0].embeddings,
    )
    return {
        "loss": loss,
        "dataset": dataset,
        "protocol": material.protocol,
        "seconds": round(looks[-1].seconds, 1),
        **{number.key: round(number.of(numbers), 4) for number in QUALITY},
        "baselines": {
            name: {number.key: round(number.of(row), 4) for number in QUALITY} for name, row in beside.items()
        },
    }


def table(standings: list[Mapping[str, Any]]) -> str:
    """One Markdown table for each data set: baselines first, then the losses by MAP@R."""
    parts = []
    for dataset in dict.fromkeys(row["dataset"] for row in standings):
        rows = sorted((row for row in standings if row["dataset"] == dataset), key=lambda row: -row["map_at_r"])
        lines = [
            f"| {dataset} | {' | '.join(number.title for number in QUALITY)} | seconds of training |",
            "|---|---|---|---|---|",
        ]
        # The untrained encoder differs from loss to loss in whether it scales to unit length; that of triplet stands.
        beside = next(row for row in rows if row["loss"] == next(iter(LOSSES)))["baselines"]
        lines += [f"| *{name}* | {_cells(numbers)} | |" for name, numbers in beside.items()]
        lines += [f"| {row['loss']} | {_cells(row)} | {row['seconds']:.0f} |" for row in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def with_standings(text: str, standings: list[Mapping[str, Any]]) -> str:
    """The text with the table between its two markers."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"the text must hold {BEGIN} and then {END} once each, got other markers. Put them back.")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n{table(standings)}\n{END}", text)


def train_all(workers: int) -> list[dict[str, Any]]:
    """Every loss on every data set, as many at a time as there are workers, in the order of the menus."""
    jobs = [(loss, dataset) for dataset in ("digits", "fashion-mnist") for loss in LOSSES]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(standing, *job) for job in jobs]
        found = []
        for (loss, dataset), future in zip(jobs, waiting, strict=True):
            found.append(future.result())
            print(f"{dataset}, {loss}: MAP@R {found[-1]['map_at_r']}", file=sys.stderr, flush=True)
    return found


def _cells(numbers: Mapping[str, float]) -> str:
    return " | ".join(number.shown(numbers) for number in QUALITY)


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if "--table" not in sys.argv:
        lines = ",\n".join(json.dumps(row) for row in train_all(workers=os.cpu_count() or 1))
        FILE.write_text(f"[\n{lines}\n]\n")
    for name in sys.argv[1:]:
        if name != "--table":
            file = Path(name)
            file.write_text(with_standings(file.read_text(), json.loads(FILE.read_text())))
