"""Probabilities of draws, exact but for rounding: what the expected composition of a batch is made of."""

from __future__ import annotations

from math import log

import numpy as np

NEGLIGIBLE = 1e-18


def log_choose(total: float, chosen: float) -> float:
    """The logarithm of how many sets of `chosen` out of `total` there are; minus infinity for none."""
    if chosen > total:
        return -np.inf
    turns = np.arange(int(chosen))
    return float(
        np.log((total - turns) / (turns + 1)).sum()
    )  # differences of log-gamma lose digits where total is large


def binomial(draws: int, chance: float) -> np.ndarray:
    """The chances of 0 ... draws successes, (draws + 1,)."""
    if chance in (0.0, 1.0):
        return np.eye(draws + 1)[draws if chance else 0]
    numbers = np.arange(draws + 1)
    factorials = np.concatenate([[0.0], np.log(np.arange(1, draws + 1)).cumsum()])
    ways = factorials[-1] - factorials - factorials[::-1]
    return np.exp(ways + numbers * log(chance) + (draws - numbers) * np.log1p(-chance))


def every_class_once(counts: np.ndarray, draws: int) -> float:
    """The chance that draws without replacement from classes of these sizes, (C,), are all of different classes.

    It is e(counts) / choose(N, draws), e the elementary symmetric polynomial of that degree: the coefficient of
    x^draws in the product of (1 + count x). At any x the product's terms, divided by their sum, are the chances of a
    sum of independent draws, one for each class; at the x where that sum is `draws` on average nothing underflows.
    """
    if draws > len(counts):
        return 0.0
    if draws == 0:
        return 1.0
    sizes, of_size = np.unique(counts, return_counts=True)
    scale = _scale_for(sizes, of_size, draws)
    chances = np.ones(1)
    for size, number in zip(sizes, of_size, strict=True):
        one_class = binomial(int(number), float(size * scale / (1 + size * scale)))
        chances = np.convolve(chances, one_class)[: draws + 1]
    if len(chances) <= draws or chances[draws] == 0:
        return 0.0
    product = float(of_size @ np.log1p(sizes * scale))
    return float(np.exp(log(chances[draws]) + product - draws * log(scale) - log_choose(float(counts.sum()), draws)))


def one_class_repeated(counts: np.ndarray, draws: int) -> float:
    """The chance that draws without replacement from classes of these sizes, (C,), take two or more of exactly one."""
    total, chance = float(counts.sum()), 0.0
    sizes, of_size = np.unique(counts, return_counts=True)
    for size, number in zip(sizes, of_size, strict=True):
        others = np.delete(counts, np.flatnonzero(counts == size)[0])
        for count in range(max(2, draws - len(others)), min(int(size), draws) + 1):
            ways = log_choose(float(size), count) + log_choose(total - size, draws - count) - log_choose(total, draws)
            if ways > log(NEGLIGIBLE):
                chance += number * float(np.exp(ways)) * every_class_once(others, draws - count)
    return chance


def _scale_for(sizes: np.ndarray, of_size: np.ndarray, draws: int) -> float:
    """The x at which the sum of count x / (1 + count x) over all classes is `draws`; a large one where none is."""
    low, high = -60.0, 60.0
    for _ in range(100):
        middle = (low + high) / 2
        grown = sizes * np.exp(middle)
        low, high = (middle, high) if of_size @ (grown / (1 + grown)) < draws else (low, middle)
    return float(np.exp((low + high) / 2))
