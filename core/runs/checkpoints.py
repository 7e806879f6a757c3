"""Checkpoints that are whole or not used: written aside and renamed, with their SHA-256, the last two kept."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict

from core.lazy import torch
from core.runs.record_digests import Prefix, agree, reach
from core.system.atomic_files import write_bytes, write_json
from core.training.state import TrainingState

KEPT = 2


class Entry(TypedDict):
    """A checkpoint in the manifest, by its file, the updates before it and its digest."""

    file: str
    step: int
    sha256: str


class Settled(Entry, total=False):
    """With what the records of the run held up to it, which an earlier version has not kept."""

    records: dict[str, Prefix]


class Healthy(TypedDict):
    """The last checkpoint after which all was well."""

    step: int
    epoch: float
    sha256: str


def save_checkpoint(
    folder: Path, step: int, state: TrainingState, records: Mapping[str, Prefix] = MappingProxyType({})
) -> None:
    """Write `state` (tensors and plain values) as the newest checkpoint and drop those before the last two. `records`
    says what those of the run hold up to it, already on the disk."""
    content = io.BytesIO()
    torch.save(state, content)
    name = f"{step:06d}.pt"
    write_bytes(folder / name, content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    manifest = [entry for entry in _manifest(folder) if entry["file"] != name]
    newest: Settled = {"file": name, "step": step, "sha256": digest, "records": dict(records)}
    entries = [*manifest, newest][-KEPT:]
    write_json(folder / "manifest.json", entries)
    for file in folder.glob("[0-9]*.pt"):
        if file.name not in {entry["file"] for entry in entries}:
            file.unlink()


def keep_healthy(folder: Path, step: int, epoch: float) -> None:
    """Keep the newest checkpoint apart, as the last one after which all was well: where a fork starts. The one before
    stays, for whoever forks just now."""
    newest, before = _manifest(folder)[-1], last_healthy(folder)
    kept = {_healthy_name(step), *([healthy_path(folder, before).name] if before else [])}
    write_bytes(folder / _healthy_name(step), (folder / newest["file"]).read_bytes())
    write_json(folder / "healthy.json", {"step": step, "epoch": epoch, "sha256": newest["sha256"]})
    for file in folder.glob("healthy*.pt"):
        if file.name not in kept:
            file.unlink()


def last_healthy(folder: Path) -> Healthy | None:
    """The checkpoint kept apart; None where there was none yet, or what says so is damaged."""
    try:
        entry = json.loads((folder / "healthy.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(entry, dict) or not Healthy.__required_keys__ <= set(entry):
        return None
    return Healthy(step=entry["step"], epoch=entry["epoch"], sha256=entry["sha256"])


def healthy_path(folder: Path, healthy: Healthy) -> Path:
    """The checkpoint kept apart. Its name has its step, so that a note and a file of two moments are not taken for one;
    an earlier version gave one name to all."""
    path = folder / _healthy_name(healthy["step"])
    return path if path.exists() else folder / "healthy.pt"


def checkpoint_digest(folder: Path, step: int) -> str:
    """SHA-256 of the checkpoint after `step` updates, as it was written; empty where none of that step is kept."""
    entries = (last_healthy(folder), *_manifest(folder))
    return next((entry["sha256"] for entry in entries if entry and entry["step"] == step), "")


def kept_steps(folder: Path) -> list[int]:
    """After how many updates there is a checkpoint, each named once, in order."""
    return sorted({entry["step"] for entry, _ in _kept(folder)})


def checkpoint_at(folder: Path, step: int) -> TrainingState | None:
    """The checkpoint after so many updates; None where none is kept whose bytes are those that were written."""
    content = checkpoint_bytes(folder, step)
    return None if content is None else read_checkpoint(content)


def checkpoint_bytes(folder: Path, step: int) -> bytes | None:
    """The same as it was written, which a page can copy without reading it."""
    for entry, path in _kept(folder):
        content = path.read_bytes() if entry["step"] == step and path.exists() else b""
        if hashlib.sha256(content).hexdigest() == entry["sha256"]:
            return content
    return None


def read_checkpoint(content: bytes) -> TrainingState:
    """What a file holds, tensors and plain values alone; nothing in it is run."""
    return torch.load(io.BytesIO(content), weights_only=True)


def last_checkpoint(folder: Path) -> tuple[int, TrainingState] | None:
    """Step and state of the newest checkpoint whose bytes are those that were written, and to which the records in the
    run folder above agree; or None."""
    for entry in reversed(_manifest(folder)):
        path, known = folder / entry["file"], entry.get("records")
        if not (reach(folder.parent, entry["step"]) if known is None else agree(folder.parent, known)):
            continue
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() == entry["sha256"]:
            return entry["step"], torch.load(io.BytesIO(content), weights_only=True)
    return None


def _kept(folder: Path) -> list[tuple[Entry | Healthy, Path]]:
    """What the manifest and the healthy checkpoint say, and where each lies."""
    healthy = last_healthy(folder)
    kept: list[tuple[Entry | Healthy, Path]] = [(entry, folder / entry["file"]) for entry in _manifest(folder)]
    return [*kept, (healthy, healthy_path(folder, healthy))] if healthy else kept


def _healthy_name(step: int) -> str:
    return f"healthy-{step:06d}.pt"


def _manifest(folder: Path) -> list[Settled]:
    """The entries, oldest first; none where there is no manifest or a damaged one."""
    try:
        entries = json.loads((folder / "manifest.json").read_text())
    except (FileNotFoundError, ValueError):
        return []
    parts = Entry.__required_keys__
    whole = isinstance(entries, list) and all(isinstance(entry, dict) and parts <= set(entry) for entry in entries)
    return entries if whole else []
