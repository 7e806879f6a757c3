"""Where this repository and its parts lie, and the store: said once, so that a file that moves takes no path along."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"


def store_root() -> Path:
    """METRIC_LAB_STORE, or `.metric-lab` beside the code."""
    return Path(os.environ.get("METRIC_LAB_STORE") or ROOT / ".metric-lab")
