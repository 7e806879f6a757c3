"""How an axis says which distance it shows."""

from core.distances.base import Distance


def axis_name(distance: Distance) -> str:
    """What to put behind the word distance on an axis: nothing where it is the Euclidean one."""
    return "" if distance.name == "euclidean" else f" ({distance.title})"
