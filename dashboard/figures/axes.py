"""How an axis says which distance it shows, and what axes and their titles are made of."""

from typing import Any, TypeAlias

from core.distances.base import Distance
from dashboard.core_words import named

Properties: TypeAlias = dict[str, Any]  # of a part of a figure, as plotly calls them


def axis_name(distance: Distance) -> str:
    """What to put behind the word distance on an axis: nothing where it is the Euclidean one."""
    return "" if distance.name == "euclidean" else f" ({named(distance.title)})"
