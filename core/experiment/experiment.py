"""One training in full: what to learn from, with what, and how long. Equal experiments are one run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from core.augmentations import AUGMENTATIONS
from core.datasets import DATASETS
from core.distances import DISTANCES
from core.encoders import ENCODERS
from core.experiment.mathematics import mathematics_of
from core.experiment.parts import Parts
from core.experiment.schedule import Schedule
from core.experiment.splits import SPLITS
from core.losses import LOSSES
from core.losses.base import Loss
from core.miners import MINERS
from core.params import Declared, Described, build, table
from core.samplers import SAMPLERS

FAMILIES: dict[str, Mapping[str, type[Declared]]] = {
    "dataset": DATASETS,
    "split": SPLITS,
    "augmentation": AUGMENTATIONS,
    "encoder": ENCODERS,
    "sampler": SAMPLERS,
    "distance": DISTANCES,
    "miner": MINERS,
    "loss": LOSSES,
    "schedule": table(Schedule),
}


# Parameters that came later and do nothing where they are 0: without them the ids of earlier runs stay.
LATER = {"schedule": ("updates", "seconds", "drawn_apart", "snapshots"), "split": ("validation_share", "folds", "fold")}


@dataclass(frozen=True)
class Experiment(Parts):
    """One training in full."""

    def described(self) -> dict[str, Described]:
        """The plain dictionary of every part that `from_described` reads back."""
        return {part.name: getattr(self, part.name).described() for part in fields(self)}

    @classmethod
    def from_described(cls, described: Mapping[str, Mapping[str, Any]]) -> Experiment:
        """The experiment that `described()` wrote down; a family left out takes its default."""
        unknown = sorted(set(described) - set(FAMILIES))
        if unknown:
            raise ValueError(f"an experiment must name only {', '.join(FAMILIES)}, got {unknown[0]!r}. Remove it.")
        parts: dict[str, Any] = {family: build(family, FAMILIES[family], described[family]) for family in described}
        return cls(**parts)

    @classmethod
    def suited(cls, loss: Loss, **parts: Declared) -> Experiment:
        """The experiment that trains this loss as it wants to be trained; what is given by family comes first."""
        return replace(cls(loss=loss).changed(loss.suits), **cast(Any, parts))

    def changed(self, changes: Mapping[str, Mapping[str, Any]]) -> Experiment:
        """This experiment with other parameters, by family; a `kind` among them changes the member, and the parameters
        that are not named then take their defaults."""
        described = self.described()
        for family, values in changes.items():
            own = described[family]
            described[family] = {**(own if values.get("kind", own["kind"]) == own["kind"] else {}), **values}
        return Experiment.from_described(described)

    def used(self) -> dict[str, Described]:
        """What of `described()` has a say in the run."""
        used = self.described()
        if self.loss.consumes is None:
            del used["miner"]  # nothing is mined for such a loss: any miner is the same run
        if not self.augmentation.changes:
            del used["augmentation"]  # as before there was any: the ids of earlier runs stay
        for family, names in LATER.items():
            used[family] = {name: value for name, value in used[family].items() if value or name not in names}
        return used

    @property
    def changes_images(self) -> bool:
        """Whether training changes its images at random: the schedule moves or mirrors them, or the augmentation does
        more."""
        return bool(self.schedule.shift) or self.schedule.mirror or self.augmentation.changes

    def check(self) -> None:
        """Raise ValueError where the parts do not fit each other."""
        if self.loss.compares == "distance" and not self.distance.is_differentiable:
            raise ValueError(
                f"distance must have a gradient for {self.loss.name}, which learns from distances, got "
                f"{self.distance.name}. Choose another distance, or a loss that compares cosines, products or scores."
            )

    def run_id(self, fork: Mapping[str, Any] | None = None) -> str:
        """32 hexadecimal characters: the digest of the data, of every setting that can change the result, of the
        mathematics where it is not the first, and of the checkpoint that a fork starts from."""
        parts: dict[str, object] = {"data": self.dataset.load().digest, "experiment": self.used()}
        version = mathematics_of(self)
        parts |= {"mathematics": version} if version > 1 else {}
        text = json.dumps(parts | ({"fork": dict(fork)} if fork else {}), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def title(self, dataset: str = "") -> str:
        """A short name for lists: what is learned from, by what; `dataset` is what somebody calls the data."""
        mined = [] if self.loss.consumes is None else [self.miner.name]
        return " · ".join([dataset or self.dataset.title, self.loss.name, *mined, f"seed {self.schedule.seed}"])


def differences(experiments: Sequence[Experiment]) -> dict[str, list[Any]]:
    """The settings in which the experiments differ, by name, one value each; None where one has no such setting, or
    one that nothing asks for."""
    flat = [
        {
            f"{family} {name}".removesuffix(" kind").replace("_", " "): value
            for family, part in experiment.used().items()
            for name, value in part.items()
        }
        for experiment in experiments
    ]
    names = list(dict.fromkeys(name for settings in flat for name in settings))
    rows = {name: [settings.get(name) for settings in flat] for name in names}
    return {name: values for name, values in rows.items() if any(value != values[0] for value in values)}
