"""Whether a run has kept an encoder to take home: asked before torch is loaded, by pages too."""

from __future__ import annotations

from core.runs.checkpoints import kept_steps
from core.runs.run_folder import Run


def check_has_encoder(run: Run, step: int) -> None:
    """Raise ValueError for a run whose embeddings no encoder of this code has made, and for one that has not kept its
    encoder as it was after `step` updates."""
    record = run.record()
    if not record.kind.is_trained:
        raise ValueError(
            f"an encoder must be that of a training, got {record.title}, which was brought or taken out of another "
            "run. Take its embeddings, or export the run that it comes from."
        )
    steps = kept_steps(run.folder / "checkpoints")
    if step not in steps:
        kept = ", ".join(map(str, steps)) or "none"
        raise ValueError(
            f"the run must have kept its encoder of step {step}, got checkpoints of steps: {kept}. Choose such a step, "
            "or train the run again."
        )
