"""A comparison as a store keeps it: what it is called, and which run is which strategy from which seed.

comparisons/<id>.json in the store, readable without this code. The id is a digest of the runs, so the same comparison
is one, whoever asks for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from core.comparison.plan import Member, Plan
from core.records.fields import JsonObject, values_of, written_fields
from core.system.atomic_files import write_json

FORMAT = 1
HOME = "comparisons"
COMPARISON_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`members`: by the id of a run the name of its strategy, its seed and its fold; `budget` by its unit; `start` the
    checkpoint that all of them go on from, as run.json has it, where they are forks.

    Where that was done, `tuned` is what was chosen for each strategy by the `trials`, whose runs stand there as those
    of members do, and `stopped` after which share of its updates a strategy was stopped early. `problem` is why no more
    of it is carried out, `command` the one that asks for it, without the folder for its files, where that is known.
    `asked` is what was asked for (asked.py), until all of it is done.
    """

    format: int = FORMAT
    id: str
    title: str
    created: str
    members: Mapping[str, Any]
    budget: Mapping[str, Any]
    tuned: Mapping[str, Any] = field(default_factory=dict)
    trials: Mapping[str, Any] = field(default_factory=dict)
    stopped: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""
    start: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged or of a newer format."""
        made = cls(**values_of(cls, written, "a comparison"))
        if made.format > FORMAT:
            raise ValueError(
                f"a comparison must be of format {FORMAT} or older, got {made.format}. Open it with a newer Metric Lab."
            )
        return made

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    @property
    def strategies(self) -> list[str]:
        """Their names, in the order in which they were asked for."""
        return list(dict.fromkeys(str(strategy) for strategy, _, _ in self.members.values()))

    @property
    def seeds(self) -> list[int]:
        """Each once, ascending."""
        return sorted({int(seed) for _, seed, _ in self.members.values()})

    @property
    def folds(self) -> int:
        """How many there are; 0 where there is one split."""
        folds = {int(fold) for _, _, fold in self.members.values()}
        return len(folds) if len(folds) > 1 else 0

    def runs_of(self, strategy: str) -> list[str]:
        """The runs of a strategy, by seed and fold."""
        own = [(seed, fold, run_id) for run_id, (name, seed, fold) in self.members.items() if name == strategy]
        return [run_id for _, _, run_id in sorted(own)]


def comparison_of(
    title: str,
    plan: Plan,
    by_id: Mapping[str, Member],
    tuned: Mapping[str, Any] | None = None,
    stopped: Mapping[str, float] | None = None,
) -> Comparison:
    """What is kept of a plan whose trainings have these ids."""
    digest = hashlib.sha256(json.dumps(sorted(by_id)).encode()).hexdigest()[:32]
    return Comparison(
        id=digest,
        title=title,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        members=members_of(by_id),
        budget={plan.budget.kind: plan.budget.amount},
        tuned=tuned or {},
        stopped=stopped or {},
        start=plan.origin.written() if plan.origin else {},
    )


def members_of(by_id: Mapping[str, Member]) -> dict[str, list[Any]]:
    """Trainings by the ids of their runs, as a comparison has them."""
    return {run_id: [member.strategy, member.seed, member.fold] for run_id, member in by_id.items()}


def keep(root: Path, comparison: Comparison) -> None:
    """Write it into the store at `root`; one that is there stays as it is."""
    if kept(root, comparison.id) is None:  # none, or damaged
        rewrite(root, comparison)


def rewrite(root: Path, comparison: Comparison) -> None:
    """Write it in place of the one that is there."""
    path = _path(root, comparison.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, comparison.written())


def kept(root: Path, comparison_id: str) -> Comparison | None:
    """What the store keeps under an id; None where that is nothing that can be read."""
    try:
        return Comparison.read(json.loads(_path(root, comparison_id).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def removed(root: Path, comparison_id: str) -> None:
    """Keep it no more; its runs stay."""
    _path(root, comparison_id).unlink(missing_ok=True)


def all_kept(root: Path) -> list[Comparison]:
    """All that the store keeps and that can be read, the newest first."""
    found = [kept(root, path.stem) for path in (root / HOME).glob("*.json") if COMPARISON_ID.fullmatch(path.stem)]
    return sorted((one for one in found if one), key=lambda one: (one.created, one.id), reverse=True)


def _path(root: Path, comparison_id: str) -> Path:
    if not COMPARISON_ID.fullmatch(comparison_id):
        raise ValueError(
            f"a comparison must be named by 32 hexadecimal characters, got {comparison_id[:60]!r}. Choose one of the "
            "list."
        )
    return root / HOME / f"{comparison_id}.json"
