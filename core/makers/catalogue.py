"""The README's tables, written from what every family declares: `python -m core.makers.catalogue README.md`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from core.experiment.experiment import FAMILIES
from core.params import Declared, Param, params_of

BEGIN, END = "<!-- catalogue:begin -->", "<!-- catalogue:end -->"


def catalogue() -> str:
    """One Markdown table for each family, in the order of the menus."""
    return "\n\n".join(_table(family, kinds) for family, kinds in FAMILIES.items())


def with_catalogue(text: str) -> str:
    """The text with the tables of today between its two markers."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"the text must hold {BEGIN} and then {END} once each, got other markers. Put them back.")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _: f"{BEGIN}\n{catalogue()}\n{END}", text)


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
        file = Path(name)
        file.write_text(with_catalogue(file.read_text()))
