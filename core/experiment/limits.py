"""What a class may train: how long, on which data, and whether settings of its own or those of presets alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from core.datasets import DATASETS
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS

MOST_EPOCHS, MOST_UPDATES = 1000, 10_000_000  # as the schedule has them


@dataclass(frozen=True)
class Limits:
    """At most so many epochs and updates where they are not 0, and one of these data sets and of these presets, by
    their names, where some are named.

    Of a preset seed and length are free. A training that ends after seconds has no length that could be checked: it is
    refused where there is a limit of length.
    """

    epochs: int = 0
    updates: int = 0
    data: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Of words as `written` gives them: `epochs=20,updates=600,data=digits+strokes,presets=digits+hardest`, in any
        order. Raises ValueError for what is no limit."""
        found: dict[str, int | tuple[str, ...]] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = part.partition("=")
            if name not in READERS or name in found:
                raise ValueError(
                    f"a limit must be one of {', '.join(READERS)}, each once, got {part[:40]!r}. "
                    "Write it as epochs=20,data=digits+strokes."
                )
            found[name] = READERS[name](name, value)
        return cls(**found)  # type: ignore[arg-type]

    @property
    def written(self) -> str:
        """The shortest words that `read` makes these limits of; empty where nothing is limited."""
        parts = [f"{name}={number}" for name, number in (("epochs", self.epochs), ("updates", self.updates)) if number]
        parts += [
            f"{name}={'+'.join(names)}" for name, names in (("data", self.data), ("presets", self.presets)) if names
        ]
        return ",".join(parts)

    @property
    def are_of_length(self) -> bool:
        """Whether an experiment's updates have to be known."""
        return bool(self.epochs or self.updates)

    def check(self, experiment: Experiment, updates_per_epoch: int = 0) -> None:
        """Raise ValueError where an experiment is beyond them; only limits that `are_of_length` ask for the
        `updates_per_epoch`."""
        if self.data and experiment.dataset.name not in self.data:
            raise ValueError(
                f"the data set must be one of those of this class ({', '.join(self.data)}), got "
                f"{experiment.dataset.name}. Choose one of these."
            )
        if self.presets and not any(_is_of_preset(experiment, PRESETS[name].experiment) for name in self.presets):
            raise ValueError(
                f"the settings must be those of a preset of this class ({', '.join(self.presets)}), with any seed, got "
                "others. Choose one of these presets."
            )
        if self.are_of_length:
            self._check_length(experiment, updates_per_epoch)

    def _check_length(self, experiment: Experiment, updates_per_epoch: int) -> None:
        schedule = experiment.schedule
        if schedule.seconds and not schedule.updates:
            raise ValueError(
                f"a training of this class must end after epochs or updates, got {schedule.seconds:g} seconds. Set the "
                "seconds to 0."
            )
        updates = schedule.updates or schedule.epochs * updates_per_epoch
        if self.epochs and updates > self.epochs * updates_per_epoch:
            epochs = updates / updates_per_epoch
            raise ValueError(
                f"a training of this class must have at most {self.epochs} epochs, got {epochs:g}. Take fewer."
            )
        if self.updates and updates > self.updates:
            raise ValueError(
                f"a training of this class must have at most {self.updates} updates, got {updates}. Take fewer epochs."
            )


def _is_of_preset(experiment: Experiment, preset: Experiment) -> bool:
    """Whether only seed and length differ."""
    own, schedule = preset.schedule, experiment.schedule
    length = {"seed": own.seed, "epochs": own.epochs, "updates": own.updates, "seconds": own.seconds}
    return replace(experiment, schedule=replace(schedule, **length)).used() == preset.used()


def _number_up_to(most: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most and len(text) < 9):
            raise ValueError(
                f"the limit of {name} must be a whole number from 1 to {most}, got {text[:20]!r}. Write one."
            )
        return int(text)

    return read


def _names_among(known: Mapping[str, object]) -> Callable[[str, str], tuple[str, ...]]:
    def read(name: str, text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(text.replace(" ", "+").split("+")))  # a plus in an address may have become a space
        if strange := [one for one in names if one not in known]:
            raise ValueError(
                f"the limit of {name} must name some of {', '.join(known)}, got {strange[0][:40]!r}. Write these."
            )
        return names

    return read


READERS: dict[str, Callable[[str, str], int | tuple[str, ...]]] = {
    "epochs": _number_up_to(MOST_EPOCHS),
    "updates": _number_up_to(MOST_UPDATES),
    "data": _names_among(DATASETS),
    "presets": _names_among(PRESETS),
}
