"""Updates that trained nothing: none of their terms was above 0, so no step was taken.

Their loss is 0.0, which looks like success and says nothing of the embeddings: a miner found nothing to take, or a
batch held nothing to compare.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.records.step import Step, column


def idle_count(steps: Sequence[Step]) -> int:
    """How many of the updates trained nothing."""
    return int((column(steps, "active_share") == 0).sum())


def idle_sentence(steps: Sequence[Step]) -> str:
    """What is to be said of them, beside whatever the loss is; empty where every update trained something."""
    idle = idle_count(steps)
    if not idle:
        return ""
    if idle == len(steps):
        return (
            f"Nothing was trained: in none of the {len(steps):,} updates was a term above 0, so the embeddings are "
            "those of the start. Their loss of 0.0 is no success."
        )
    last = ", the last one among them" if steps[-1].active_share == 0 else ""
    return (
        f"{idle:,} of {len(steps):,} updates trained nothing{last}: no term was above 0, and a loss of 0.0 says no "
        "more than that."
    )
