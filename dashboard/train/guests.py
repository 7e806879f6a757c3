"""Parameters that stand beside the settings of another family than their own, so that what belongs together is set in
one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core.experiment.experiment import FAMILIES
from core.experiment.setting_changes import Difference
from core.params import Declared, Param, params_of


class Guest(NamedTuple):
    """A parameter of the only member of its family."""

    family: str
    kind: type[Declared]
    declared: Param

    @property
    def mark(self) -> str:
        """Its name among the marks of the family that it stands under, whose own parameters may bear the same."""
        return f"{self.family}.{self.declared.name}"


GUESTS = [
    Guest(family, next(iter(kinds.values())), declared)
    for family, kinds in FAMILIES.items()
    if len(kinds) == 1
    for declared in params_of(next(iter(kinds.values())))
    if declared.shown_under
]


def guests_of(family: str) -> list[Guest]:
    """What stands under this family and is another's."""
    return [guest for guest in GUESTS if guest.declared.shown_under == family]


def marks_of(family: str, differences: Iterable[Difference]) -> dict[str, Difference]:
    """The differences that are to be seen under a family: its own by their names, and those of its guests by their
    marks."""
    elsewhere = {guest.mark for guest in GUESTS}
    here = {guest.mark for guest in guests_of(family)}
    found: dict[str, Difference] = {}
    for one in differences:
        mark = f"{one.family}.{one.name}"
        if mark in here:
            found[mark] = one
        elif one.family == family and mark not in elsewhere:
            found[one.name] = one
    return found
