"""What every goal declares, and how it chooses.

Accept when the distance is at most the threshold (roc.py). Where several thresholds serve a goal equally well the
smallest is taken, since it lets the fewest in; only "FAR at most" takes the largest, since that refuses the fewest.
Only thresholds of the curve are chosen, where its counts are exact, and refusing every pair is always among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np

from core.params import Declared, Described
from core.statistics.roc import Curve
from core.statistics.threshold_grid import refusing
from core.verification.weighted_curve import IdentityCurve


class Number(NamedTuple):
    """How the Verify page asks for a parameter: its name in the URL, its label, and what the widget offers.

    Of a parameter whose unit is "share" all of this is in percent.
    """

    key: str
    label: str
    low: float
    high: float
    default: float
    step: float


class Option(NamedTuple):
    """How `python -m core verify` asks for a parameter: `--name METAVAR` and a line of help.

    An option that chooses makes `--goal` superfluous. Without one that is needed the goal is refused, since no default
    would be right.
    """

    name: str
    help: str
    metavar: str | None = None
    chooses: bool = False
    is_needed: bool = False

    @property
    def attribute(self) -> str:
        """Where argparse keeps the value."""
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Goal(Declared):
    """Its parameters and a choice; a goal that weighs both errors only has to say its `worth`."""

    title: ClassVar[str]  # in the menu of the Verify page
    # After "the goal is"; parameters stand in braces, shares come as percentages.
    words: ClassVar[str]
    # Of a limit on one of the two error rates: 0 for the false accept rate, 1 for the false reject rate.
    side: ClassVar[Literal[0, 1] | None] = None
    # Whether the threshold is a number that somebody gave, not a choice that other pairs might have changed.
    is_given: ClassVar[bool] = False
    # How the page and the command line ask for the parameters, by their names.
    numbers: ClassVar[Mapping[str, Number]] = {}
    options: ClassVar[Mapping[str, Option]] = {}

    @property
    def limit(self) -> float:
        """The largest share that is allowed, of goals with a `side`."""
        raise NotImplementedError

    def worth(self, curve: Curve) -> np.ndarray:
        """What each threshold is worth (S,), the higher the better; of goals that weigh both errors."""
        raise NotImplementedError

    def crossed(self, curve: Curve) -> np.ndarray | None:
        """Whether the line that decides has been crossed at each threshold (S,); None for goals that have a `worth`."""
        return None

    def chosen(self, curve: Curve) -> float:
        """One of the curve's thresholds, the first of which refuses every pair."""
        return float(curve.thresholds[np.argmax(self.merit(curve))])

    def threshold(self, curve: Curve) -> float:
        """One of the curve's own thresholds, or the one that refuses every pair; by hand the value itself."""
        return self.chosen(with_refusal(curve))

    def merit(self, curve: Curve) -> np.ndarray:
        """The worth of each threshold (S,), of a curve whose identities count alike in its counts."""
        return self.worth(in_counts(curve))

    def open_bins(self, curve: Curve) -> np.ndarray:
        """Between which thresholds of the curve a better one may lie: (S,) bool, for the bins that end at each.

        The curve is exact at its thresholds and silent between them. A line is crossed within one bin; for any other
        goal a bin is open where its end's true accepts with its beginning's false accepts would be at least as good as
        the best of all thresholds.
        """
        curve = in_counts(curve)
        crossed = self.crossed(curve)
        if crossed is None:
            opened = self._conceivably_better(curve)
        else:
            opened = np.zeros(len(curve.thresholds), bool)
            opened[np.argmax(crossed)] = crossed.any()
        return opened & (np.diff(curve.true_accepts + curve.false_accepts, prepend=0) > 0)

    def possible(
        self, curve: Curve, far: tuple[np.ndarray, np.ndarray], frr: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Which thresholds (S,) might be the choice, were both rates anywhere between their ends: those that are, with
        both rates at the lower ends, no worse than the best one with both at the upper ends."""
        best, worst = (_at_rates(curve, *rates) for rates in zip(far, frr, strict=True))
        return self.merit(best) >= self.merit(worst).max()

    def on_card(self) -> Described:
        """As the card describes it."""
        return self.described()

    @classmethod
    def words_for(cls, card: Mapping[str, Any]) -> list[str]:
        """The words of the command line that choose the goal of a card again."""
        chooses = any(option.chooses for option in cls.options.values())
        values = {cls.options[name]: value for name, value in card["goal"].items() if name in cls.options}
        words = [word for option, value in values.items() for word in (f"--{option.name}", repr(value))]
        return words if chooses else ["--goal", cls.name, *words]

    def _conceivably_better(self, curve: Curve) -> np.ndarray:
        best = self.worth(curve)
        beginning = np.concatenate([[0], curve.false_accepts[:-1]])
        conceivable = self.worth(replace(curve, false_accepts=beginning))
        opened = (conceivable >= best.max()) & (np.diff(curve.true_accepts, prepend=0) > 0)
        return opened & ((conceivable > best.max()) | (np.arange(len(opened)) <= np.argmax(best)))


def in_counts(curve: Curve) -> Curve:
    """The curve with rates of pairs, whatever its own weigh."""
    return curve.in_counts() if isinstance(curve, IdentityCurve) else curve


def with_refusal(curve: Curve) -> Curve:
    """The curve with a threshold that refuses every pair in front, unless its first one does.

    An older snapshot's first threshold ends a bin that began a step before: two steps lie below all its pairs.
    """
    if not curve.true_accepts[0] and not curve.false_accepts[0]:
        return curve
    first, last = float(curve.thresholds[0]), float(curve.thresholds[-1])
    step = float(curve.thresholds[1]) - first if len(curve.thresholds) > 1 else abs(first)
    first = refusing(first - 2 * step, last)
    counts = (
        np.append(first, curve.thresholds),
        np.append(0, curve.false_accepts),
        np.append(0, curve.true_accepts),
        curve.negative_count,
        curve.positive_count,
    )
    if not isinstance(curve, IdentityCurve):
        return Curve(*counts)
    return IdentityCurve(*counts, np.append(0.0, curve.accept_rate), np.append(1.0, curve.reject_rate))


def _at_rates(curve: Curve, accept_rate: np.ndarray, reject_rate: np.ndarray) -> Curve:
    """With broken counts that have these rates."""
    wrongly, accepted = accept_rate * curve.negative_count, (1 - reject_rate) * curve.positive_count
    return Curve(curve.thresholds, wrongly, accepted, curve.negative_count, curve.positive_count)
