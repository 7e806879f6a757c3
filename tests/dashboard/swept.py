"""A sweep of two strategies from two seeds in a store, whose runs stand where a test wants them, without a training."""

from __future__ import annotations

from core.comparison.record import Comparison, keep
from core.runs.store import Store
from tests.dashboard.made_runs import EXPERIMENT

STRATEGIES, SEEDS = ("semi-hard", "random"), (0, 1)


def swept(
    store: Store,
    *,
    finished: int = 0,
    failed: int = 0,
    running: int = 0,
    title: str = "miners",
    base: int = 0xA0,
    owner: tuple[str, str] | None = None,
) -> Comparison:
    """So many of its four runs are finished, then so many failed, then so many at work; all others wait."""
    members = {}
    states = ["finished"] * finished + ["failed"] * failed + ["running"] * running
    for seed in SEEDS:
        for strategy in STRATEGIES:
            run_id = f"{base + len(members):032x}"
            members[run_id] = [strategy, seed, 0]
            store.submit(EXPERIMENT.described(), run_id, f"{strategy} · seed {seed}")
            if owner:
                store.join(run_id, *owner)
            if len(members) <= len(states):
                store.set_state(run_id, "running")
                if (state := states[len(members) - 1]) != "running":
                    store.set_state(run_id, state, "what went wrong" if state == "failed" else "")
    made = Comparison(
        id=f"{base:032x}",
        title=title,
        created=store.row(run_id).submitted_at[:19] + "+00:00",
        members=members,
        budget={"updates": 30},
    )
    keep(store.root, made)
    return made
