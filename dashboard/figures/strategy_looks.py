"""The colour, the dash and the symbol of each strategy of a comparison: the same in all of its figures, whichever of
them are shown, and for a miner, loss or sampler the same in every comparison that has room for it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from core.losses import LOSSES
from core.miners import MINERS
from core.samplers import SAMPLERS
from dashboard import palette
from dashboard.palette import Theme

COLOURS = len(palette.STRATEGIES["light"])
# The place of a name in its family; of one in two families that in the first.
PLACES: Mapping[str, int] = {name: place for family in (SAMPLERS, LOSSES, MINERS) for place, name in enumerate(family)}
# Within a circle of radius 1, the second coordinate downwards; the one that is not there is a circle.
CORNERS: Mapping[str, str] = {
    "diamond": "0,-1 1,0 0,1 -1,0",
    "square": "-.8,-.8 .8,-.8 .8,.8 -.8,.8",
    "triangle-up": "0,-.9 .95,.8 -.95,.8",
    "triangle-down": "0,.9 .95,-.8 -.95,-.8",
    "cross": "-.35,-1 .35,-1 .35,-.35 1,-.35 1,.35 .35,.35 .35,1 -.35,1 -.35,.35 -1,.35 -1,-.35 -.35,-.35",
    "x": "-.95,-.5 -.5,-.95 0,-.45 .5,-.95 .95,-.5 .45,0 .95,.5 .5,.95 0,.45 -.5,.95 -.95,.5 -.45,0",
    "star": "0,-1 .25,-.35 .95,-.31 .4,.13 .59,.81 0,.42 -.59,.81 -.4,.13 -.95,-.31 -.25,-.35",
    "pentagon": "0,-1 .95,-.31 .59,.81 -.59,.81 -.95,-.31",
    "hexagram": "0,-1 .29,-.5 .87,-.5 .58,0 .87,.5 .29,.5 0,1 -.29,.5 -.87,.5 -.58,0 -.87,-.5 -.29,-.5",
}


class Look(NamedTuple):
    """How a strategy is drawn."""

    colour: str
    dash: str
    symbol: str

    @property
    def faint(self) -> str:
        """Its colour for an area behind lines."""
        red, green, blue = (int(self.colour[place : place + 2], 16) for place in (1, 3, 5))
        return f"rgba({red}, {green}, {blue}, 0.16)"

    @property
    def image(self) -> str:
        """Its symbol in its colour for a place that reads Markdown, as high as the words beside it."""
        shape = f"<polygon points='{CORNERS[self.symbol]}'/>" if self.symbol in CORNERS else "<circle r='.85'/>"
        drawn = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-1.4 -1.4 2.8 2.8' width='24' height='24' "
            f"fill='{self.colour}'>{shape}</svg>"
        )
        return f"![](data:image/svg+xml,{quote(drawn)})"


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
    turn, symbols, dashes = place // COLOURS, palette.STRATEGY_SYMBOLS, palette.STRATEGY_DASHES
    colour = palette.STRATEGIES[theme][place % COLOURS]
    return Look(colour, dashes[place % len(dashes)], symbols[(place + turn) % len(symbols)])
