"""The tables of every family, written from what its members declare.

`python -m core.makers.catalogue docs/METHODS.md` writes them between the markers of that page.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from core.experiment.experiment import FAMILIES
from core.makers.marked_text import write_marked
from core.params import Declared, Param, params_of
from core.verification.goals import GOALS

TABLES: dict[str, Mapping[str, type[Declared]]] = {**FAMILIES, "goal": GOALS}


def catalogue() -> str:
    """One Markdown table for each family, in the order of the menus."""
    return "\n\n".join(_table(family, kinds) for family, kinds in TABLES.items())


def _table(family: str, kinds: Mapping[str, type[Declared]]) -> str:
    rows = [f"| `{family}` | what it does | parameters |", "|---|---|---|"]
    rows += [_row(name, kind) for name, kind in kinds.items()]
    return "\n".join(rows)


def _row(name: str, kind: type[Declared]) -> str:
    declared = "<br>".join(map(_described, params_of(kind))) or "none"
    return f"| {name} | {_cell(kind.summary)} | {declared} |"


def _described(declared: Param) -> str:
    default = str(declared.default).lower() if isinstance(declared.default, bool) else declared.default
    shown = f"`{declared.name}` = {default}" if default != "" else f"`{declared.name}` (empty)"
    rule = declared.rule.removeprefix("be ") + (f"; in {declared.unit}" if declared.unit else "")
    return _cell(f"{shown}: {declared.help} ({rule})")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_marked(Path(name), "catalogue", catalogue())
