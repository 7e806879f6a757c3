"""How far matrix products are off; numpy alone."""

from __future__ import annotations

import numpy as np


def rough_error(own: np.ndarray, longest: float, dimensions: int) -> np.ndarray:
    """A bound on what squares by products in float32 from points of lengths (B,) to no longer ones are off, (B,)."""
    # The last term is for what falls below the smallest float32.
    return 6e-8 * (2 * (dimensions + 2) * own * longest + 8 * (own + longest) ** 2) + dimensions * 1e-37
