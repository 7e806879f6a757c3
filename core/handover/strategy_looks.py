"""The colour, the dash and the symbol of each strategy of a comparison: the same in all of its figures, on a page and
taken home, whichever of them are shown, and for a miner, loss or sampler the same in every comparison that has room for
it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.handover.colours import STRATEGIES, STRATEGY_DASHES, STRATEGY_SYMBOLS, Theme
from core.losses import LOSSES
from core.miners import MINERS
from core.samplers import SAMPLERS

COLOURS = len(STRATEGIES["light"])
# The place of a name in its family; of one in two families that in the first.
PLACES: Mapping[str, int] = {name: place for family in (SAMPLERS, LOSSES, MINERS) for place, name in enumerate(family)}


class Look(NamedTuple):
    """How a strategy is drawn, dash and symbol by the names that plotly has for them."""

    colour: str
    dash: str
    symbol: str


def looks_of(strategies: Sequence[str], theme: Theme) -> dict[str, Look]:
    """All strategies of a comparison, in its order, with their looks. Each has that of its place in its family unless
    one before it has the colour, and else the first whose colour is free: so one that is added last changes no other's.
    """
    taken: list[int] = []
    for name in strategies:
        wanted = PLACES.get(name)
        taken.append(wanted if wanted is not None and _is_free(wanted, taken) else _first_free(taken))
    return {name: _look(place, theme) for name, place in zip(strategies, taken, strict=True)}


def _is_free(place: int, taken: Sequence[int]) -> bool:
    """Whether its colour is; once all are taken, whether the place is."""
    colours = {other % COLOURS for other in taken}
    return place not in taken if len(colours) == COLOURS else place % COLOURS not in colours


def _first_free(taken: Sequence[int]) -> int:
    return next(place for place in itertools.count() if _is_free(place, taken))


def _look(place: int, theme: Theme) -> Look:
    """Each time that the colours begin anew, dashes and symbols are one further on."""
    colour, turned = STRATEGIES[theme][place % COLOURS], place + place // COLOURS
    return Look(
        colour, STRATEGY_DASHES[turned % len(STRATEGY_DASHES)], STRATEGY_SYMBOLS[turned % len(STRATEGY_SYMBOLS)]
    )
