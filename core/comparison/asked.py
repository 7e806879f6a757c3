"""A comparison that is asked for and not yet carried out: what a page writes into the store, and the engine has done.

comparisons/asked/<id>.json is there as long as there is something to do; whoever removes it takes the wish back. The
comparison of the same id (record.py) says meanwhile how far it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from core.comparison.command import command_for
from core.comparison.plan import Budget, Plan, Strategy
from core.comparison.record import COMPARISON_ID, HOME, Comparison, rewrite
from core.comparison.searches import RANDOM
from core.experiment.experiment import Experiment
from core.records.fields import JsonObject, values_of, written_fields
from core.system.atomic_files import write_json

FORMAT = 1
ASKED = "asked"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`strategies` by name as experiments are described, `budget` by its unit, `tune` trials of each strategy or 0,
    which the `tuner` chooses, and whether it `halves`: stops the worse half early. `owner` and `owner_name` are whose
    runs they become."""

    format: int = FORMAT
    title: str
    strategies: Mapping[str, Any]
    seeds: tuple[int, ...]
    budget: Mapping[str, Any]
    folds: int = 0
    tune: int = 0
    tuner: str = RANDOM
    halves: bool = False
    owner: str = ""
    owner_name: str = ""
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        title: str,
        plan: Plan,
        *,
        tune: int = 0,
        tuner: str = RANDOM,
        halves: bool = False,
        owner: tuple[str, str] = ("", ""),
    ) -> Self:
        """A plan, and what else is to be done with it."""
        strategies = {one.name: one.experiment.described() for one in plan.strategies}
        budget = {plan.budget.kind: plan.budget.amount}
        how = {"tune": tune, "tuner": tuner, "halves": halves, "owner": owner[0], "owner_name": owner[1]}
        return cls(title=title, strategies=strategies, seeds=plan.seeds, budget=budget, folds=plan.folds, **how)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged or of a newer format."""
        made = cls(**values_of(cls, written, "a comparison that is asked for"))
        if made.format > FORMAT:
            raise ValueError(
                f"what is asked for must be of format {FORMAT} or older, got {made.format}. Use a newer Metric Lab."
            )
        return made

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    @property
    def id(self) -> str:
        """A digest of what is to be done, whoever asks for it and whatever it is called."""
        unsaid = {"title", "owner", "owner_name"}
        unsaid |= {"tuner"} if self.tuner == RANDOM else set()  # as before there was another: earlier ids stay
        said = {name: value for name, value in self.written().items() if name not in unsaid}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def how(self) -> dict[str, Any]:
        """What else is to be done with its plan."""
        return {"tune": self.tune, "tuner": self.tuner, "halves": self.halves}

    def plan(self) -> Plan:
        """What is to be trained, before anything is tuned. Raises ValueError as a plan does."""
        ((unit, amount),) = self.budget.items()
        strategies = tuple(
            Strategy(name, Experiment.from_described(described)) for name, described in self.strategies.items()
        )
        return Plan(strategies, tuple(self.seeds), Budget(unit, amount), self.folds)

    def begun(self) -> Comparison:
        """The comparison that says how far it is, at first that nothing is."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        command = command_for(self.plan(), **self.how)
        return Comparison(
            id=self.id,
            title=self.title,
            created=created,
            members={},
            budget=self.budget,
            command=command,
            asked=self.written(),
        )


def ask(root: Path, asked: Asked) -> None:
    """Have the engine of the store at `root` carry it out; a comparison of its id must be kept there before."""
    path = _path(root, asked.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, asked.written())


def ask_again(root: Path, comparison: Comparison) -> bool:
    """Have what is left of a comparison carried out that was cancelled or stood still; whether anything is left. Raises
    ValueError where what was asked for is damaged."""
    if not comparison.asked or asked_for(root, comparison.id) is not None:
        return False
    rewrite(root, replace(comparison, problem=""))
    ask(root, Asked.read(comparison.asked))
    return True


def all_asked(root: Path) -> list[str]:
    """The ids of all that is to be done."""
    return sorted(path.stem for path in (root / HOME / ASKED).glob("*.json") if COMPARISON_ID.fullmatch(path.stem))


def asked_for(root: Path, comparison_id: str) -> Asked | None:
    """What is to be done under an id; None where that is nothing, or nothing that can be read."""
    try:
        return Asked.read(json.loads(_path(root, comparison_id).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def take_back(root: Path, comparison_id: str) -> None:
    """Nothing more is to be done; what is trained or waits stays as it is."""
    _path(root, comparison_id).unlink(missing_ok=True)


def _path(root: Path, comparison_id: str) -> Path:
    return root / HOME / ASKED / f"{comparison_id}.json"
