"""How far colours are apart for eyes that lack a kind of cone: simulated colours, and their difference in CIEDE2000.

Machado, Oliveira, Fernandes 2009, A physiologically-based model for simulation of color vision deficiency (IEEE TVCG),
the matrices of severity 1.0, of linear RGB. Sharma, Wu, Dalal 2005, The CIEDE2000 color-difference formula.
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np

EYES: dict[str, np.ndarray] = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)
Lab = tuple[float, float, float]


def seen(colour: str, eyes: str) -> Lab:
    """#RRGGBB as such eyes see it, in CIELAB."""
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    ratios = TO_XYZ @ np.clip(EYES[eyes] @ linear, 0, 1) / WHITE
    x, y, z = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116).tolist()
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first: Lab, second: Lab) -> float:
    """CIEDE2000."""
    lightness = (first[0] + second[0]) / 2
    mean = (hypot(*first[1:]) + hypot(*second[1:])) / 2
    stretch = 1.5 - 0.5 * sqrt(mean**7 / (mean**7 + 25.0**7))
    chromas = [hypot(stretch * a, b) for _, a, b in (first, second)]
    hues = [degrees(atan2(b, stretch * a)) % 360 if a or b else 0.0 for _, a, b in (first, second)]
    turn = (hues[1] - hues[0] + 180) % 360 - 180 if all(chromas) else 0.0
    hue = hues[0] + turn / 2 if all(chromas) else sum(hues)
    chroma = sum(chromas) / 2
    weight = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    of_lightness = 1 + 0.015 * (lightness - 50) ** 2 / sqrt(20 + (lightness - 50) ** 2)
    of_chroma, of_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    spin = 30 * exp(-((((hue % 360) - 275) / 25) ** 2))
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25.0**7)) * sin(radians(2 * spin))
    parts = (
        (second[0] - first[0]) / of_lightness,
        (chromas[1] - chromas[0]) / of_chroma,
        2 * sqrt(chromas[0] * chromas[1]) * sin(radians(turn / 2)) / of_hue,
    )
    return sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


def apart(first: str, second: str) -> float:
    """The smallest difference between two colours that any of these eyes see."""
    return min(difference(seen(first, eyes), seen(second, eyes)) for eyes in EYES)
