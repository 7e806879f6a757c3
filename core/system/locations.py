"""Where this repository and its parts lie, said once: a file that moves takes no path along."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
