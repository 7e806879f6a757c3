"""Strategies whose difference is known: tables of what identities contribute, with what seeds and people vary by."""

from __future__ import annotations

import numpy as np

from core.comparison.differences import Trainings
from core.comparison.reached import Reached
from core.evidence.seeded_differences import parts_of_mean

KEY = "map_at_r"


def planted(
    levels: list[float], rng: np.random.Generator, *, seeds: int = 5, identities: int = 40, heavy: bool = False
) -> dict[str, Trainings]:
    """Strategies at these levels. Identities are hard or easy for all of them, a little otherwise for each strategy,
    and a seed moves each strategy and each identity of it; `heavy` has tails as of Student's t with 3 degrees."""

    def drawn(*shape: int) -> np.ndarray:
        return rng.standard_t(3, size=shape) / np.sqrt(3) if heavy else rng.normal(size=shape)

    shared = 0.15 * drawn(identities)
    strategies: dict[str, Trainings] = {}
    for number, level in enumerate(levels):
        own = 0.03 * drawn(identities)
        strategies[f"strategy {number}"] = {
            seed: _reached(level + 0.01 * drawn(1) + shared + own + 0.03 * drawn(identities)) for seed in range(seeds)
        }
    return strategies


def _reached(scores: np.ndarray) -> Reached:
    """Of one query for each identity."""
    people = np.arange(len(scores))
    return Reached(
        people,
        np.ones(len(people), np.int64),
        {KEY: float(scores.mean())},
        {KEY: parts_of_mean(scores, people, len(scores))},
        {},
    )
