"""Checkpoints that are whole or not used: written aside and renamed, with their SHA-256, the last two kept."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from core.lazy import torch
from core.system.atomic_files import write_bytes, write_json

KEPT = 2


def save_checkpoint(folder: Path, step: int, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) as the newest checkpoint and drop those before the last two."""
    content = io.BytesIO()
    torch.save(state, content)
    name = f"{step:06d}.pt"
    write_bytes(folder / name, content.getvalue())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    manifest = [entry for entry in _manifest(folder) if entry["file"] != name]
    kept = [*manifest, {"file": name, "step": step, "sha256": digest}][-KEPT:]
    write_json(folder / "manifest.json", kept)
    for file in folder.glob("[0-9]*.pt"):
        if file.name not in {entry["file"] for entry in kept}:
            file.unlink()


def keep_healthy(folder: Path, step: int, epoch: float) -> None:
    """Keep the newest checkpoint apart, as the last one after which all was well: where a fork starts."""
    newest = _manifest(folder)[-1]
    write_bytes(folder / "healthy.pt", (folder / newest["file"]).read_bytes())
    write_json(folder / "healthy.json", {"step": step, "epoch": epoch, "sha256": newest["sha256"]})


def last_healthy(folder: Path) -> dict[str, Any]:
    """Step, epoch and digest of the checkpoint kept apart; empty where there was none yet, or what tells is damaged."""
    try:
        entry = json.loads((folder / "healthy.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return entry if isinstance(entry, dict) and {"step", "epoch", "sha256"} <= set(entry) else {}


def checkpoint_digest(folder: Path, step: int) -> str:
    """SHA-256 of the checkpoint after `step` updates, as it was written; empty where none of that step is kept."""
    kept = [entry for entry in (last_healthy(folder), *_manifest(folder)) if entry]
    return next((entry["sha256"] for entry in kept if entry["step"] == step), "")


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Tensors and plain values alone; nothing in the file is run."""
    return torch.load(io.BytesIO(path.read_bytes()), weights_only=True)


def last_checkpoint(folder: Path) -> tuple[int, dict[str, Any]] | None:
    """Step and state of the newest checkpoint whose bytes are those that were written, or None."""
    for entry in reversed(_manifest(folder)):
        path = folder / entry["file"]
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() == entry["sha256"]:
            return entry["step"], torch.load(io.BytesIO(content), weights_only=True)
    return None


def _manifest(folder: Path) -> list[dict[str, Any]]:
    """The entries, oldest first; none where there is no manifest or a damaged one."""
    try:
        entries = json.loads((folder / "manifest.json").read_text())
    except (FileNotFoundError, ValueError):
        return []
    parts = {"file", "step", "sha256"}
    whole = isinstance(entries, list) and all(isinstance(entry, dict) and parts <= set(entry) for entry in entries)
    return entries if whole else []
