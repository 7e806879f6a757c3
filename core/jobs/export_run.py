"""Everything that a run has learned, as files to take home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.handover.embedding_files import write_npz, write_parquet
from core.handover.embedding_set import EmbeddingSet
from core.handover.faiss_index import write_index
from core.handover.model_card import CARD, model_card
from core.handover.optional_packages import check_installed
from core.handover.projector_files import write_projector
from core.handover.run_archive import ARCHIVE, write_archive
from core.records.fields import JsonObject
from core.records.snapshot_record import SnapshotRecord
from core.runs.run_folder import Run
from core.system.atomic_files import write_bytes
from core.verification.leaving_out import rows_before

if TYPE_CHECKING:
    from core.jobs.trained_encoder import TrainedEncoder

Report = Callable[[str], None]
NEEDED = {  # packages that only some have installed
    "onnx": ("an encoder as ONNX", "onnx", "onnxscript", "onnxruntime"),
    "safetensors": ("weights as safetensors", "safetensors"),
    "events": ("event files", "tensorboard"),
}


@dataclass(frozen=True)
class Export:
    """What is taken home of a run: the snapshot after `step` updates, the card of a threshold on it, if there is one,
    and a listener that is told what is being done."""

    run: Run
    numbers: SnapshotRecord
    card: Mapping[str, Any] | None
    report: Report


def export(run: Run, kind: str, folder: Path, *, card: Mapping[str, Any] | None = None, report: Report) -> list[str]:
    """Write the files of a kind (`KINDS`) into an existing folder; sentences on what of them is left out.

    The card says which snapshot it is of; without one it is the last. Raises ValueError where the run has no such
    thing, and where a package is missing.
    """
    if kind not in KINDS:
        raise ValueError(f"--to must be one of {', '.join(KINDS)}, got {kind!r}. Choose one of these.")
    report(f"writing {kind}")
    remark = KINDS[kind](Export(run, numbers_of(run, card), card, report), folder)
    return [remark] if remark else []


def check_packages(kind: str) -> None:
    """Raise ValueError, without loading anything, where this machine lacks what a kind needs."""
    if kind in NEEDED:
        check_installed(*NEEDED[kind])


def numbers_of(run: Run, card: Mapping[str, Any] | None = None) -> SnapshotRecord:
    """The numbers of the snapshot that a card is of, by default of the last. Raises ValueError where there is none, or
    the card is of another run."""
    record, snapshots = run.record(), run.snapshots()
    if not snapshots:
        raise ValueError(f"the run {record.title} must have begun, got no snapshot of it. Wait until it has.")
    if card is None or "run" not in card:
        return snapshots[-1]
    of_card = [numbers for numbers in snapshots if numbers.step == card.get("step")]
    if card["run"] != record.id or not of_card:
        raise ValueError(
            f"the card must be of a snapshot of the run {record.id}, got one of {card['run']} at step "
            f"{card.get('step')}. Export the run that it is of."
        )
    return of_card[-1]


def check_has_embeddings(run: Run) -> None:
    """Raise ValueError for a run of pairs alone."""
    record = run.record()
    if record.kind.is_of_pairs and not record.kind.has_roles:
        raise ValueError(
            f"the run must have embeddings, got {record.title}, which has pairs alone. Take its folder or its card."
        )


def check_has_curves(run: Run) -> None:
    """Raise ValueError for a run that was not trained."""
    record = run.record()
    if not record.kind.is_trained:
        raise ValueError(
            f"the curves must be those of a training, got {record.title}, which was brought. Take its embeddings, or "
            "its card."
        )


def embedding_set(run: Run, numbers: SnapshotRecord) -> EmbeddingSet:
    """The embeddings of a snapshot with what is known of their points. Raises ValueError for a run of pairs alone."""
    check_has_embeddings(run)
    record = run.record()
    is_brought = record.kind.is_archive
    embeddings = run.embeddings() if is_brought else run.snapshot(numbers.step, "embeddings")["embeddings"]
    probe = run.probe()
    gone = () if record.without is None else record.without.rows
    rows = probe["rows"] if record.kind.is_trained else rows_before(len(probe["labels"]), gone)
    names = tuple(str(name) for name in probe["names"].tolist()) if "names" in probe else ()
    return EmbeddingSet(
        embeddings, probe["labels"].astype(np.int64), record.known_data.names, rows, run.experiment().distance, names
    )


def _parquet(asked: Export, folder: Path) -> str:
    write_parquet(folder, embedding_set(asked.run, asked.numbers))
    return ""


def _npz(asked: Export, folder: Path) -> str:
    write_npz(folder, embedding_set(asked.run, asked.numbers))
    return ""


def _faiss(asked: Export, folder: Path) -> str:
    usable = asked.card is not None and not asked.card["accepts_nobody"]
    write_index(
        folder,
        embedding_set(asked.run, asked.numbers),
        asked.card["threshold_elsewhere"] if asked.card and usable else None,
    )
    return ""


def _projector(asked: Export, folder: Path) -> str:
    from core.jobs.trained_encoder import probe_pixels

    pixels = probe_pixels(asked.run) if asked.run.record().probe is not None else None
    return write_projector(folder, embedding_set(asked.run, asked.numbers), pixels)


def _zip(asked: Export, folder: Path) -> str:
    write_archive(folder / ARCHIVE, asked.run.folder, asked.run.record().id)
    return ""


def _events(asked: Export, folder: Path) -> str:
    from core.handover.event_files import write_events

    run, record = asked.run, asked.run.record()
    check_has_curves(run)
    check_packages("events")
    write_events(folder, record.id, record.experiment, run.steps(), run.snapshots())
    return ""


def _card(asked: Export, folder: Path) -> str:
    write_bytes(folder / CARD, _card_of(asked).encode())
    return ""


def _card_of(asked: Export, model: Mapping[str, Any] | None = None) -> str:
    run = asked.run
    return model_card(run.record(), asked.numbers, card=asked.card, baselines=run.baselines(), model=model)


def _check_goes_along(run: Run, kind: str) -> None:
    """Raise ValueError where the encoder of a run cannot be handed on as this kind of file."""
    if run.record().has_encoder and (why := run.experiment().encoder.kept_back(kind)):
        raise ValueError(why)


def _safetensors(asked: Export, folder: Path) -> str:
    from core.handover.encoder_safetensors import write_safetensors
    from core.jobs.trained_encoder import trained_encoder

    _check_goes_along(asked.run, "safetensors")
    trained = trained_encoder(asked.run, asked.numbers.step)
    write_safetensors(folder, trained.encoder, trained.module, trained.preprocessing)
    return ""


def _onnx(asked: Export, folder: Path) -> str:
    from core.handover.encoder_onnx import ENCODER, LARGEST_DIFFERENCE
    from core.handover.model_folder import calibration_values, model_values, write_model
    from core.jobs.trained_encoder import trained_encoder

    run, record = asked.run, asked.run.record()
    _check_goes_along(run, "onnx")
    trained = trained_encoder(run, asked.numbers.step)
    by_onnx, checks = _written_as_onnx(asked, trained, folder)
    versions = {name: version(name) for name in ("torch", "onnx", "onnxruntime", "numpy")}
    kept = run.snapshot(asked.numbers.step, "embeddings")["embeddings"]
    apart = float(np.abs(by_onnx - kept).max())
    checks |= {"largest_difference_from_the_run": apart, "allowed": LARGEST_DIFFERENCE, **versions}
    found = run.appraisal(asked.numbers.step)
    calibration = calibration_values(found.calibration if found else None, run.threshold_edges(asked.numbers.step))
    model = model_values(
        record,
        trained.preprocessing,
        encoder_file=folder / ENCODER,
        checks=checks,
        card=asked.card,
        calibration=calibration,
        versions=versions | dict(record.versions or {}),
    )
    write_bytes(folder / CARD, _card_of(asked, model).encode())
    left_out = write_model(folder, model, run.experiment().distance)
    if apart < LARGEST_DIFFERENCE:
        return left_out
    # As it may be where the run was trained on a card, which rounds otherwise.
    return f"{left_out} The run kept embeddings that differ from those of this encoder by up to {apart:.2g}.".strip()


def _written_as_onnx(asked: Export, trained: TrainedEncoder, folder: Path) -> tuple[np.ndarray, JsonObject]:
    """The encoder as a file; what onnxruntime makes of the images or vectors of the run (N, K), compared with torch."""
    from core.handover.encoder_onnx import ENCODER, INPUT, VECTORS, check_agreement, embedded_by_onnx, write_onnx
    from core.handover.vector_scaling import VectorScaling
    from core.lazy import torch

    rule = trained.preprocessing
    scaling = rule if isinstance(rule, VectorScaling) else None
    taken = scaling.checked(trained.samples) if scaling else rule.values_of(trained.samples)
    asked.report("translating the encoder into ONNX, which takes up to a minute the first time")
    write_onnx(folder / ENCODER, trained.encoder, trained.module, torch.from_numpy(taken[0]), rule)
    what = VECTORS if scaling else INPUT
    asked.report(f"comparing onnxruntime with torch on the {what} of the run")
    by_onnx = embedded_by_onnx(folder / ENCODER, taken)
    difference = check_agreement(by_onnx, trained.embedded(trained.samples))
    return by_onnx, {what: len(taken), "largest_difference": difference}


KINDS: dict[str, Callable[[Export, Path], str]] = {
    "onnx": _onnx,
    "safetensors": _safetensors,
    "parquet": _parquet,
    "npz": _npz,
    "faiss": _faiss,
    "projector": _projector,
    "events": _events,
    "zip": _zip,
    "card": _card,
}
"""What a run can be taken home as, and what writes it; a sentence where something is left out."""
OF_ENCODERS = ("onnx", "safetensors")
"""Those that need torch, and an encoder."""
OF_RUNS = ("zip", "card")
"""Those that every run has."""
