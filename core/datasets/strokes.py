"""Invented characters, each drawn many times by an unsteady hand.

A stroke is a curve given by its heading: where the pen starts, a bend, a wave and one corner. A character is
a few strokes, each hung on an earlier one. A drawing shakes those numbers, so that what belongs together
stays together, then slants, turns, stretches and shifts the whole and takes another pen. Ink is a round
Gaussian pen, summed along the stroke and cut around half its height: edges come out anti-aliased, and a
picture is one matrix product.

All is computed in float64, far finer than the grey values, so that machines agree on the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.datasets.images import Dataset, Images
from core.params import param

SIDE = 28
MOST_STROKES = 4
PEN_WIDTH = 0.8  # pixels, the standard deviation of its profile
POINTS = 32  # along each stroke; closer together than the pen is wide
MARGIN = 4.0  # pixels free around a character before it is turned and shifted

# What one drawing shakes, as standard deviations at variation 1: per stroke ...
BEND, WAVE, CORNER, HEADING = 0.12, 0.07, 0.10, 0.06  # radians
LENGTH, HANG = 0.07, 0.03  # of the logarithm; of character heights
# ... and per drawing.
TURN, SLANT = 0.15, 0.20  # radians; pixels across per pixel down
STRETCH, SHIFT, PEN = 0.12, 1.2, 0.18  # of the logarithm; pixels; of the logarithm
SHAKEN_PER_STROKE, SHAKEN_PER_DRAWING = 7, 7


@dataclass(frozen=True)
class Strokes(Dataset):
    """Synthetic, not real: characters invented by a program, each drawn many times as if by an unsteady hand.

    Its use is many identities with few samples each, and a known truth. The first identities of a larger set
    are those of a smaller one with the same seed and samples.
    """

    licence: ClassVar[str] = "made by Metric Lab, MIT"
    size: ClassVar[str] = "as many as asked for, 200 identities with 20 images of 28 x 28 each by default"
    real: ClassVar[bool] = False

    identities: int = param(200, low=2, high=2000, help="how many different characters", unit="identities")
    samples_per_identity: int = param(20, low=2, high=100, help="drawings of each character", unit="images")
    variation: float = param(
        1.0, low=0.0, high=2.0, help="how unsteady the hand is; at 0 all drawings of a character are equal"
    )
    seed: int = param(0, low=0, high=2**31 - 1, help="another seed invents other characters")

    def read(self) -> Images:
        drawings = [self._drawings(identity) for identity in range(self.identities)]
        names = tuple(f"character {identity + 1}" for identity in range(self.identities))
        return Images(np.concatenate(drawings), self.labels(), names)

    def labels(self) -> np.ndarray:
        return np.repeat(np.arange(self.identities, dtype=np.int64), self.samples_per_identity)

    def _drawings(self, identity: int) -> np.ndarray:
        """All samples of one character, (samples, 28, 28) uint8."""
        generator = np.random.default_rng([self.seed, identity])
        character = _invent_wide(generator)
        shaken = SHAKEN_PER_STROKE * MOST_STROKES + SHAKEN_PER_DRAWING
        shakes = self.variation * generator.standard_normal((self.samples_per_identity, shaken))
        of_strokes, of_drawing = np.split(shakes, [SHAKEN_PER_STROKE * MOST_STROKES], axis=1)
        pen_way = _draw(character, of_strokes.reshape(-1, MOST_STROKES, SHAKEN_PER_STROKE))
        pen_width = PEN_WIDTH * character.pen * np.exp(PEN * of_drawing[:, 6])
        return _ink(_place(pen_way, character.strokes, of_drawing), character.strokes, pen_width)


@dataclass(frozen=True)
class _Character:
    """What all drawings of one identity share; arrays have one entry per stroke, unused ones included."""

    strokes: int
    heading: np.ndarray  # radians at the start, 0 to the right, positive downwards
    bend: np.ndarray  # radians turned evenly from start to end
    wave: np.ndarray  # radians swung to one side and back
    corner: np.ndarray  # radians turned at once
    corner_at: np.ndarray  # share of the way
    length: np.ndarray  # in heights of the character
    hung_on: np.ndarray  # the earlier stroke on which this one starts
    hung_at: np.ndarray  # share of the way along that stroke
    beside: np.ndarray  # (strokes, 2) lift of the pen from there
    pen: float


def _invent_wide(generator: np.random.Generator) -> _Character:
    """A character that fills both directions of its frame: dashes would all look alike."""
    while True:
        character = _invent(generator)
        way = _draw(character, np.zeros((1, MOST_STROKES, SHAKEN_PER_STROKE)))[:, : character.strokes]
        extent = np.ptp(way, axis=(0, 1, 2))
        if extent.min() > 0.5 * extent.max():
            return character


def _invent(generator: np.random.Generator) -> _Character:
    each = MOST_STROKES
    hand = np.array([0.0, 0.25, 0.5, 0.5, 0.65]) * np.pi  # hands pull pens to the right and down
    round_ones = generator.random(each) < 0.45
    return _Character(
        strokes=int(generator.choice([2, 3, 4], p=[0.4, 0.4, 0.2])),
        heading=generator.choice(hand, each) + generator.normal(0, 0.2, each),
        bend=generator.choice([-1, 1], each)
        * np.where(round_ones, generator.uniform(2.5, 5.5, each), generator.uniform(0, 0.8, each)),
        wave=generator.normal(0, 0.4, each),
        corner=np.where(generator.random(each) < 0.35, generator.choice([-1, 1], each), 0)
        * generator.uniform(1.2, 2.4, each),
        corner_at=generator.uniform(0.3, 0.7, each),
        length=np.exp(generator.normal(np.where(round_ones, 0.3, -0.1), 0.3)),
        hung_on=np.array([0] + [generator.integers(stroke) for stroke in range(1, each)]),
        hung_at=generator.choice([0.0, 0.35, 0.5, 0.65, 1.0], each),
        beside=generator.normal(0, 0.22, (each, 2)) * (generator.random((each, 1)) < 0.5),
        pen=float(np.exp(generator.normal(0, 0.12))),
    )


def _draw(character: _Character, shakes: np.ndarray) -> np.ndarray:
    """(samples, strokes, 7) shakes -> way of the pen (samples, strokes, points, 2) in character heights."""
    way = np.linspace(0, 1, POINTS)
    heading, bend, wave, corner, length = (
        (standing + spread * shakes[:, :, number])[:, :, None]
        for number, (standing, spread) in enumerate(
            (
                (character.heading, HEADING),
                (character.bend, BEND),
                (character.wave, WAVE),
                (character.corner, CORNER * (character.corner != 0)),
                (np.log(character.length), LENGTH),
            )
        )
    )
    turned = 1 / (1 + np.exp(-40 * (way - character.corner_at[:, None])))
    angle = heading + bend * (way - 0.5) + wave * np.sin(2 * np.pi * way) + corner * (turned - 0.5)
    steps = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * (np.exp(length) / POINTS)[..., None]
    strokes = np.cumsum(steps, axis=2)
    for stroke in range(1, MOST_STROKES):
        nearest = round(character.hung_at[stroke] * (POINTS - 1))
        start = strokes[:, character.hung_on[stroke], nearest] + character.beside[stroke]
        strokes[:, stroke] += (start + HANG * shakes[:, stroke, 5:7])[:, None]
    return strokes


def _place(pen_way: np.ndarray, strokes: int, shakes: np.ndarray) -> np.ndarray:
    """Fit each drawing into the picture, in pixels, then turn, slant, stretch and shift it by its shakes."""
    used = pen_way[:, :strokes]
    low, high = used.min(axis=(1, 2)), used.max(axis=(1, 2))
    scale = (SIDE - 2 * MARGIN) / (high - low).max(axis=1)
    centred = (used - ((low + high) / 2)[:, None, None]) * scale[:, None, None, None]
    turn, slant = TURN * shakes[:, 0], SLANT * shakes[:, 1]
    across, down = np.exp(STRETCH * shakes[:, 2]), np.exp(STRETCH * shakes[:, 3])
    warp = np.array(
        [
            [across * np.cos(turn), down * (slant - np.sin(turn))],
            [across * np.sin(turn), down * np.cos(turn)],
        ]
    ).transpose(2, 0, 1)
    centre = (SIDE - 1) / 2 + SHIFT * shakes[:, 4:6]
    return np.einsum("sij,skpj->skpi", warp, centred) + centre[:, None, None]


def _ink(pen_way: np.ndarray, strokes: int, pen_width: np.ndarray) -> np.ndarray:
    """(samples, strokes, points, 2), (samples,) in pixels -> pictures (samples, 28, 28) uint8."""
    step = np.linalg.norm(np.diff(pen_way, axis=2, append=pen_way[:, :, -1:]), axis=-1)
    samples = len(pen_way)
    points, weight = pen_way.reshape(samples, -1, 2), step.reshape(samples, -1, 1)
    spread = pen_width[:, None, None]
    pixels = np.arange(SIDE)
    columns = np.exp(-0.5 * ((points[:, :, :1] - pixels) / spread) ** 2)
    rows = np.exp(-0.5 * ((points[:, :, 1:] - pixels) / spread) ** 2)
    # Along a straight stroke this is the pen's profile across, with height 1 in the middle.
    profile = (rows * weight).transpose(0, 2, 1) @ columns / (np.sqrt(2 * np.pi) * spread)
    return np.rint(255 * np.clip((profile - 0.25) / 0.5, 0, 1)).astype(np.uint8)
