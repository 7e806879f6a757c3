"""What a rule of the linter finds, and what such a rule is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.experiment.experiment import Experiment


@dataclass(frozen=True)
class Finding:
    """`rule` names the rule; `reason` says what is set and why that goes wrong; `mend` says what is to be done, and
    `changes` does it (see `Experiment.changed`); they are empty where only a person can decide."""

    rule: str
    reason: str
    mend: str
    changes: Mapping[str, Mapping[str, Any]]


Rule = Callable[[Experiment, Sequence[int]], Finding | None]
