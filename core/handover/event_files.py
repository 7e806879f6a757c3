"""The curves of a run as event files, which TensorBoard and whatever reads its format show beside those of others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.records.snapshot_record import SnapshotRecord
from core.records.step import Step

OF_UPDATES = ("loss", "active_share", "easy", "semi_hard", "hard", "gradient_norm")
OF_SNAPSHOTS = ("recall_at_1", "r_precision", "map_at_r", "auc", "eer", "spread", "effective_rank")
FILE = "events.out.tfevents.0"  # as TensorBoard knows one; its own name would hold that of this machine


Setting = str | int | float | bool


def write_events(
    folder: Path,
    name: str,
    settings: Mapping[str, Any],
    steps: Sequence[Step],
    snapshots: Sequence[SnapshotRecord],
    compared: Mapping[str, Sequence[Setting]] | None = None,
) -> None:
    """Into `folder`/`name`: `update/...` of every update, `held-out/...` of every snapshot by its update, and the
    settings as text. Times are seconds of training.

    `compared` are settings by which TensorBoard's HParams view groups this run among others: of each the value of this
    run first, and then those of all runs.
    """
    from torch.utils.tensorboard import SummaryWriter

    place, seconds = folder / name, 0.0
    with SummaryWriter(str(place)) as writer:
        writer.add_text("settings", json.dumps(settings, indent=1), 0, walltime=0.0)
        if compared:
            _write_hparams(writer, compared)
        for step in steps:
            seconds += step.seconds
            for key in OF_UPDATES:
                writer.add_scalar(f"update/{key}", getattr(step, key), step.step, walltime=seconds)
        for numbers in snapshots:
            for key in OF_SNAPSHOTS:
                if (value := getattr(numbers, key)) is not None:
                    writer.add_scalar(f"held-out/{key}", value, numbers.step, walltime=numbers.seconds)
    (written,) = place.iterdir()
    written.rename(place / FILE)


def _write_hparams(writer: Any, compared: Mapping[str, Sequence[Setting]]) -> None:
    """Into the same file: `add_hparams` of the writer would make a folder of its own for them."""
    from torch.utils.tensorboard.summary import hparams

    own = {key: first for key, (first, *_) in compared.items()}
    everywhere = {key: list(dict.fromkeys(values)) for key, (_, *values) in compared.items()}
    numbers = {f"held-out/{key}": 0.0 for key in OF_SNAPSHOTS}  # their values are those of the curves
    for summary in hparams(own, numbers, everywhere):
        writer.file_writer.add_summary(summary)
