"""`make bench`: one row per figure, ours beside the peer or floor measured in the same run.

A module `tests/bench/NAME_rows.py` has `rows()`, a list of dictionaries with the keys of `KEYS`, and is run
in a process of its own. Each row is printed; all are written to a JSON file; the exit status is 1 when a bar
falls short or a module cannot measure.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEYS = ("what", "ours", "unit", "peer", "peer_name", "ratio", "bar", "holds")
HEADINGS = ("what", "ours", "peer or floor", "ratio", "bar", "")
STDERR = 2  # what a module prints must not break the table
WIDTHS = (46, 16, 40, 8, 14, 0)

Row = dict[str, Any]


def rows_of(file: Path) -> list[Row]:
    """What one module measures in a process of its own; a module that fails is one row that falls short."""
    with tempfile.TemporaryDirectory() as folder:
        measured = Path(folder) / "rows.json"
        command = [sys.executable, str(Path(__file__)), "--measure", str(file), "--out", str(measured)]
        status = subprocess.run(command, stdout=STDERR, check=False).returncode
        if status == 0 and measured.is_file():
            return json.loads(measured.read_text())
    fault = f"nothing measured, exit status {status}"
    return [dict.fromkeys(KEYS) | {"what": file.stem, "peer_name": fault, "holds": False}]


def measure(file: Path) -> list[Row]:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module  # dataclasses and spawned processes look their module up by name
    spec.loader.exec_module(module)
    rows = module.rows()
    if not rows or any(set(row) != set(KEYS) for row in rows):
        raise ValueError(f"{file.name}: rows() must give rows with the keys {', '.join(KEYS)}, got {rows}. Add them.")
    return rows


def line(row: Row) -> str:
    cells = (
        row["what"],
        _amount(row["ours"], row["unit"]),
        f"{_amount(row['peer'], row['unit'])} {row['peer_name'] or ''}".strip(),
        _amount(row["ratio"]),
        _amount(row["bar"]),
        {None: "told", True: "holds"}.get(row["holds"], "falls short"),
    )
    return _aligned(cells)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure every bar against its peer.")
    parser.add_argument("only", nargs="*", help="names of the modules to run, without _rows.py; all by default")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the *_rows.py lie")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where the rows are written")
    parser.add_argument("--measure", type=Path, metavar="FILE", help="write the rows of one file and print nothing")
    given = parser.parse_args(arguments)
    if given.measure:
        given.out.write_text(json.dumps(measure(given.measure), default=float))
        return 0
    there = {file.stem.removesuffix("_rows"): file for file in sorted(given.folder.glob("*_rows.py"))}
    unknown = sorted(set(given.only) - set(there))
    if unknown or not there:
        known = ", ".join(there) or "none"
        parser.error(f"the bench must be given modules it has, got {', '.join(unknown) or 'none'}. It has {known}.")
    return run([there[name] for name in given.only or there], given.out)


def run(files: list[Path], out: Path) -> int:
    measured: list[Row] = []
    print(_aligned(HEADINGS), flush=True)
    for file in files:
        for row in rows_of(file):
            measured.append(row)
            print(line(row), flush=True)
    out.write_text(json.dumps(measured, indent=1) + "\n")
    told = sum(row["holds"] is None for row in measured)  # without a bar
    short = sum(not row["holds"] for row in measured) - told
    print(f"{len(measured) - short - told} hold, {short} fall short, {told} told; written to {out}")
    return int(short > 0)


def _amount(value: Any, unit: str | None = None) -> str:
    if value is None:
        return "-"
    shown = f"{value:.4g}" if isinstance(value, (int, float)) else str(value)
    return f"{shown} {unit}" if unit else shown


def _aligned(cells: tuple[str, ...]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
