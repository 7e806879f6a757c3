"""How much easier protocols flatter, on pictograms: a table of docs/RESULTS.md.

`python -m core.makers.easier_protocols docs/RESULTS.md` trains on pictograms under three splits, measures each with all
pairs and with those across artists, keeps the numbers in assets/easier_protocols.json and writes the table. With
--table it only writes the table again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.experiment.splits import ByGroup, ByIdentity, BySample
from core.makers.marked_text import write_marked
from core.records.fields import JsonObject
from core.records.main_numbers import AUC, EER, MAP_AT_R, QUALITY
from core.statistics.crossing import ALL, PairProtocol
from core.system.locations import ASSETS

FILE = ASSETS / "easier_protocols.json"
SPLITS = (ByIdentity(), ByGroup(), BySample())
SHARE_OF_EPOCHS = 5  # of the preset's, so that all of it takes a few minutes
SHOWN = (*QUALITY, EER)
DIGITS = 4


def experiment_of(split: ByIdentity | ByGroup | BySample) -> Experiment:
    """The preset for a part of its epochs, under another split."""
    preset = PRESETS["pictograms"].experiment
    schedule = replace(preset.schedule, epochs=max(preset.schedule.epochs // SHARE_OF_EPOCHS, 1))
    return replace(preset, split=split, schedule=schedule)


def measured(experiment: Experiment) -> list[JsonObject]:
    """One training: a row for all pairs, and one for each protocol that the groups allow."""
    from core.evidence.protocol_differences import measured_protocols
    from core.experiment.prepared_data import prepare
    from core.lazy import torch
    from core.statistics.crossing import protocols_of
    from core.statistics.summary import summarise
    from core.training.loop import Snapshot, train

    torch.set_num_threads(1)
    data = prepare(experiment)
    *_, last = (record for record in train(experiment, data) if isinstance(record, Snapshot))
    labels, distance = data.samples.labels[data.probe_rows], experiment.distance
    whole = summarise(last.embeddings, labels, margin=experiment.loss.hardness_margin, distance=distance)
    columns = {name: values for name, values in data.samples.columns(data.probe_rows).items() if name == "group"}
    found = measured_protocols(
        distance.prepared(last.embeddings), labels, columns, protocols_of(columns), whole.thresholds, distance
    )
    shared = {"split": experiment.split.name, "protocol": data.protocol, "points": len(labels)}
    rows: list[JsonObject] = [{**shared, "pairs": ALL, **_rounded(whole.numbers), "seconds": round(last.seconds, 1)}]
    for one in found:
        told = one.record.written()
        gained = {key: {end: round(value, DIGITS) for end, value in of.items()} for key, of in told["flattery"].items()}
        rows.append({**shared, "pairs": told["name"], **_rounded(told), "gained": gained})
    return rows


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Split and pairs, the numbers, and how much more MAP@R and AUC would read were all pairs counted."""
    titles = [number.title for number in SHOWN]
    more = [f"{number.title} with all pairs" for number in (MAP_AT_R, AUC)]
    lines = [f"| split | pairs that count | {' | '.join([*titles, *more])} |", "|---|---|" + "---|" * (len(SHOWN) + 2)]
    for row in rows:
        numbers = " | ".join(number.shown(row) for number in SHOWN)
        gained = " | ".join(_gained(row, number.key) for number in (MAP_AT_R, AUC))
        lines.append(f"| {row['protocol']} | {PairProtocol.named(row['pairs']).in_words} | {numbers} | {gained} |")
    return "\n".join(lines)


def kept_rows() -> list[JsonObject]:
    """The rows of assets/easier_protocols.json."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _rounded(numbers: Mapping[str, Any]) -> dict[str, float]:
    return {number.key: round(float(number.of(numbers)), DIGITS) for number in SHOWN}


def _gained(row: Mapping[str, Any], key: str) -> str:
    if "gained" not in row:
        return ""
    gained = row["gained"][key]
    return f"{gained['value']:+.3f} ({gained['low']:+.3f} to {gained['high']:+.3f})"


def main(words: list[str]) -> None:
    """Train what is asked for, keep its numbers and write the table into the files named."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.easier_protocols", description="Measure protocols.")
    parser.add_argument("files", nargs="*", type=Path, help="papers that hold the table")
    parser.add_argument("--table", action="store_true", help="train nothing, write the table again")
    options = parser.parse_args(words)
    if not options.table:
        rows = [row for split in SPLITS for row in measured(experiment_of(split))]
        lines = ",\n".join(json.dumps(row) for row in rows)
        FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for file in options.files:
        write_marked(file, "easier-protocols", table(kept_rows()))


if __name__ == "__main__":
    main(sys.argv[1:])
