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


def write_events(
    folder: Path, name: str, settings: Mapping[str, Any], steps: Sequence[Step], snapshots: Sequence[SnapshotRecord]
) -> None:
    """Into `folder`/`name`: `update/...` of every update, `held-out/...` of every snapshot by its update, and the
    settings as text. Times are seconds of training."""
    from torch.utils.tensorboard import SummaryWriter

    place, seconds = folder / name, 0.0
    with SummaryWriter(str(place)) as writer:
        writer.add_text("settings", json.dumps(settings, indent=1), 0, walltime=0.0)
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
