"""In which settings two experiments differ, what a newly chosen loss changes in them, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.experiment.experiment import FAMILIES, Experiment
from core.losses.base import Loss
from core.params import Described, params_of


class Difference(NamedTuple):
    """One setting that differs; `name` is that of a parameter, or "kind" for the member of the family itself."""

    family: str
    name: str
    here: Any
    there: Any

    @property
    def title(self) -> str:
        """The setting as a reader sees it."""
        if self.name == "kind":
            return self.family
        is_alone = len(FAMILIES[self.family]) == 1
        return self.name.replace("_", " ") if is_alone else f"{self.family}, {self.name.replace('_', ' ')}"


class Change(NamedTuple):
    """One setting that was changed for a reader, and half a sentence why."""

    difference: Difference
    because: str


class Suited(NamedTuple):
    """An experiment with a newly chosen loss, trained as the loss wants, and what that changed."""

    experiment: Experiment
    changes: list[Change]
    lent: dict[str, Described]
    """What the families that the loss has a say in were before, to be given back when another loss is chosen."""


def setting_differences(here: Experiment, there: Experiment, *, with_idle_miner: bool = False) -> list[Difference]:
    """Every setting in which they differ; of another member its name alone, because its parameters have no counterpart.

    Text, which names folders of the server, is left out, and so is a miner that neither loss asks unless it is wanted.
    """
    is_mined = with_idle_miner or not (here.loss.consumes is None and there.loss.consumes is None)
    ours, theirs = here.described(), there.described()
    found: list[Difference] = []
    for family, own in ours.items():
        other = theirs[family]
        if family == "miner" and not is_mined:
            continue
        names = _compared(family, own["kind"]) if own["kind"] == other["kind"] else ["kind"]
        found += [Difference(family, name, own[name], other[name]) for name in names if own[name] != other[name]]
    return found


def _compared(family: str, kind: str) -> list[str]:
    parameters = params_of(FAMILIES[family][kind])
    return [declared.name for declared in parameters if declared.choices or not isinstance(declared.default, str)]


def suited_to_loss(chosen: Experiment, before: Loss, lent: Mapping[str, Described] | None) -> Suited:
    """The experiment as its loss wants it; what the loss `before` had wanted goes back to what is lent, without it to
    the defaults, unless somebody has changed it since."""
    settings = chosen.described()
    earlier = Experiment().described() if lent is None else lent
    returned = {
        family: _returned(settings[family], values, earlier[family])
        for family, values in before.suits.items()
        if family in earlier and _holds(settings[family], values)
    }
    base = chosen.changed(returned)
    suited = base.changed(chosen.loss.suits)
    back = f"it had been changed for {before.name.replace('-', ' ')}"
    differences = setting_differences(suited, chosen, with_idle_miner=True)
    changes = [Change(difference, chosen.loss.suits_because.get(difference.family, back)) for difference in differences]
    return Suited(suited, changes, {family: base.described()[family] for family in chosen.loss.suits})


def _holds(settings: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return all(name in settings and settings[name] == value for name, value in values.items())


def _returned(settings: Mapping[str, Any], values: Mapping[str, Any], earlier: Described) -> Described:
    if "kind" in values:
        return earlier
    return {name: earlier[name] for name in values if name in earlier and name in settings}


def undone(experiment: Experiment, changes: list[Change], before: Experiment) -> Experiment:
    """The experiment with every changed setting as it was before."""
    settings = before.described()
    back: dict[str, Described] = {}
    for difference in (change.difference for change in changes):
        family, name = difference.family, difference.name
        back[family] = settings[family] if name == "kind" else {**back.get(family, {}), name: settings[family][name]}
    return experiment.changed(back)
