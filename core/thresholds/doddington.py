"""The identities a matcher treats worse than the rest, after Doddington's animals; numpy, scipy.special when called.

Doddington, Liggett, Martin, Przybocki and Reynolds 1998, "Sheep, goats, lambs and wolves": a goat is hard to recognise,
a lamb easy to imitate, a wolf good at imitating, all others are sheep. Where the comparison is symmetric, as distances
are, nobody can tell whether an identity imitates or is imitated: "wolf or lamb". An identity may be a goat as well.

Among many identities some look bad by chance. One is named only if the interval of its rate lies above the rate of all
pairs and it stays after Benjamini and Hochberg 1995, which holds the share of false names among all names at 5 %. Its
chance under the common rate is the binomial tail at effective counts (Korn and Graubard 1998): a normal one is much too
small where few errors are expected. Measured on sets of 300 identities without animals and a FAR of 0.1 %: the normal
statistic named some in 70 % of the sets, the binomial one in 1 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.thresholds.identity_errors import IdentityErrors

FALSE_NAMES = 0.05  # at most this share of the names given is expected to be wrong

NAMES = {  # by goat, by wolf or lamb
    (False, False): "sheep",
    (True, False): "goat",
    (False, True): "wolf or lamb",
    (True, True): "goat, wolf or lamb",
}


@dataclass(frozen=True)
class Animals:
    """Who fails more than chance explains, (C,) each, and the smallest share of false names at which they would still
    be named (adjusted p-values), NaN for goats among identities with a single sample."""

    is_goat: np.ndarray
    is_wolf_or_lamb: np.ndarray
    goat_chance: np.ndarray
    wolf_or_lamb_chance: np.ndarray

    def names(self) -> list[str]:
        """One text for each identity."""
        kinds = zip(self.is_goat.tolist(), self.is_wolf_or_lamb.tolist(), strict=True)
        return [NAMES[kind] for kind in kinds]


def animals(errors: IdentityErrors) -> Animals:
    """Judge each identity's rates by those of all pairs together."""
    several = errors.genuine_pairs > 0
    reject_rate = errors.false_rejects.sum() / errors.genuine_pairs.sum()
    accept_rate = errors.false_accepts.sum() / errors.impostor_pairs.sum()
    goat_chance = np.full(len(several), np.nan)
    goat_chance[several] = false_discoveries(
        chances(errors.false_reject_rate[several], errors.genuine_worth[several], reject_rate)
    )
    wolf_chance = false_discoveries(chances(errors.false_accept_rate, errors.impostor_worth, accept_rate))
    return Animals(
        several & (goat_chance <= FALSE_NAMES) & (errors.false_reject_interval.low > reject_rate),
        (wolf_chance <= FALSE_NAMES) & (errors.false_accept_interval.low > accept_rate),
        goat_chance,
        wolf_chance,
    )


def chances(rate: np.ndarray, count: np.ndarray, usual: float) -> np.ndarray:
    """Rates measured on so many independent pairs, (C,) each -> how likely one at least as high is where the true rate
    is the usual one: the binomial tail from rate x count on, for numbers that are not whole by the incomplete beta
    function, (C,).
    """
    from scipy.special import betainc

    errors = rate * count
    return betainc(errors, count - errors + 1, usual, out=np.ones_like(errors), where=errors > 0)


def false_discoveries(chances: np.ndarray) -> np.ndarray:
    """p-values (C,) -> the smallest rate of false discoveries at which each would be one (Benjamini and Hochberg 1995):
    the least of C p / rank over all that are no smaller."""
    order = np.argsort(chances)
    scaled = chances[order] * len(chances) / np.arange(1, len(chances) + 1)
    adjusted = np.empty(len(chances))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
