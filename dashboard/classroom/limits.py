"""What may be trained here: what the server was started with holds for a class, what a teacher's link says for whoever
has opened it."""

from __future__ import annotations

from core.comparison.plan import updates_of
from core.experiment.experiment import Experiment
from core.experiment.limits import Limits
from core.experiment.presets import PRESETS
from dashboard.core_words import named
from dashboard.entrance import visitors
from dashboard.settings import LIMIT
from dashboard.wording import joined, say


def of_server() -> Limits:
    """Of a student; nobody else has any."""
    visitor = visitors.now()
    return Limits() if visitor is None or visitor.is_teacher else Limits.read(visitors.chosen_way.limit)


def of_link() -> Limits:
    """What the address says; a note says so where it says nothing that can be understood."""
    return LIMIT.value(Limits(), shown=say("classroom.no_limit"))


def check(experiment: Experiment) -> None:
    """Raise ValueError where the experiment is beyond either."""
    for limits in (of_server(), of_link()):
        limits.check(experiment, _updates_per_epoch(experiment) if limits.are_of_length else 0)


def in_words() -> str:
    """All that holds, in one line; empty where nothing does."""
    return joined("sentences", filter(None, map(_in_words, dict.fromkeys((of_server(), of_link())))))


def _updates_per_epoch(experiment: Experiment) -> int:
    return updates_of(experiment.changed({"schedule": {"epochs": 1, "updates": 0, "seconds": 0.0}}))


def _in_words(limits: Limits) -> str:
    data = joined("things", (named(name.replace("-", " ")) for name in limits.data))
    presets = joined("things", (named(PRESETS[name].title) for name in limits.presets))
    parts = [
        say("classroom.limit.epochs", most=limits.epochs) if limits.epochs else "",
        say("classroom.limit.updates", most=limits.updates) if limits.updates else "",
        say("classroom.limit.data", names=data) if data else "",
        say("classroom.limit.presets", names=presets) if presets else "",
    ]
    return say("classroom.limit.all", limits=joined("clauses", parts)) if any(parts) else ""
