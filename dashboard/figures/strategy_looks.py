"""How a page draws each strategy of a comparison: by the colour, the dash and the symbol that it has taken home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from core.handover import strategy_looks
from dashboard.palette import Theme

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


class Look(strategy_looks.Look):
    """The same, with what words beside a figure need."""

    __slots__ = ()

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
    """All strategies of a comparison, in its order, with their looks, which are those of what is taken home."""
    return {name: Look(*look) for name, look in strategy_looks.looks_of(strategies, theme).items()}
