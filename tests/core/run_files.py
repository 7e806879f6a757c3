"""run.json as another version, or an accident, may have left it."""

from __future__ import annotations

import json
from typing import Any

from core.runs.run_folder import Run


def rewritten(run: Run, *left_out: str, **changes: Any) -> None:
    """Leave these fields out of run.json and write the others anew."""
    path = run.folder / "run.json"
    kept = {name: value for name, value in json.loads(path.read_text()).items() if name not in left_out}
    path.write_text(json.dumps(kept | changes))
