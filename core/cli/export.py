"""`python -m core export`: what a run has learned, or what a comparison has found, as files for other software."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.cli.verify import add_goal_options, goal_of
from core.experiment.options import Parser
from core.handover.files import check_folder
from core.jobs.comparison_results import comparison_named
from core.jobs.export_comparison import COMPARISON_KINDS, check_can_be_written, export_comparison
from core.jobs.export_run import KINDS, check_packages, export, numbers_of
from core.jobs.threshold_of_run import threshold_of_run
from core.jobs.usable_encoder import run_named
from core.runs.run_folder import Run
from core.statistics.crossing import ALL, PairProtocol
from core.verification.goals import GOALS

WITH_THRESHOLD = ("onnx", "faiss", "card")
MLFLOW = "mlflow"


def export_command(words: list[str]) -> int:
    """Write the files into a new folder, and print their names as JSON; the exit status."""
    options = _parser().parse_args(words)
    if (options.run is None) == (options.comparison is None):
        raise ValueError("there must be a run, or --comparison, got both or neither of them. Name what is exported.")
    kinds = KINDS if options.comparison is None else COMPARISON_KINDS
    if options.to not in kinds:
        of = "a run" if options.comparison is None else "a comparison"
        raise ValueError(f"--to must be one of {', '.join(kinds)} for {of}, got {options.to}. Choose one of these.")
    return _export_run(options) if options.comparison is None else _export_comparison(options)


def _export_comparison(options: Namespace) -> int:
    is_folder = options.to != MLFLOW
    if is_folder:
        check_folder(Path(options.out))
    check_can_be_written(options.to)
    root, comparison = comparison_named(options.comparison)
    if is_folder:
        Path(options.out).mkdir(parents=True, exist_ok=True)
    found = export_comparison(root, comparison, options.to, options.out, _say)
    told = (
        {"folder": options.out, "bytes": _sizes(Path(options.out))}
        if is_folder
        else {"store": options.out, "run": found}
    )
    print(json.dumps({"comparison": comparison.id, **told}, indent=1))
    return 0


def _export_run(options: Namespace) -> int:
    folder = Path(options.out)
    check_folder(folder)
    check_packages(options.to)
    run = run_named(options.run)
    card = _card(options, run)
    folder.mkdir(parents=True, exist_ok=True)
    remarks = export(run, options.to, folder, card=card, report=_say)
    for remark in remarks:
        print(f"hint: {remark}", file=sys.stderr)
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    print(json.dumps({"folder": str(folder), "bytes": files, "left_out": remarks}, indent=1))
    return 0


def _sizes(folder: Path) -> dict[str, int]:
    """Of all files in a folder and in its folders."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _card(options: Namespace, run: Run) -> Mapping[str, Any] | None:
    """The card of the threshold to take along: the one that is given, or that of the goal that is named. Where no goal
    is named and the run has no threshold, none, with a hint."""
    if options.card:
        return _read_card(Path(options.card))
    if options.to not in WITH_THRESHOLD:
        return None
    goal = goal_of(options)
    try:
        numbers = numbers_of(run)
        return threshold_of_run(
            run,
            numbers,
            goal,
            options.protocol,
            weights=options.weights,
            safe_side=options.safe_side,
            pairs=PairProtocol.named(options.crossing),
        )
    except ValueError as problem:
        numbered = (option.attribute for kind in GOALS.values() for option in kind.options.values())
        named = options.goal or options.protocol or options.crossing != ALL
        if named or any(getattr(options, name) is not None for name in numbered):
            raise
        print(f"hint: no threshold is taken along. {problem}", file=sys.stderr)
        return None


def _read_card(path: Path) -> Mapping[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise ValueError(f"--card must be the card of a threshold as JSON, got {problem}. Save it again.") from None
    if not isinstance(card, dict) or not {"threshold", "threshold_elsewhere", "goal", "accepts_nobody"} <= set(card):
        raise ValueError(
            f"--card must be the card of a threshold as JSON, got {path.name}. Save it on the Verify page."
        )
    return card


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core export",
        description="Take home what a run has learned, or a comparison.",
        allow_abbrev=False,
    )
    parser.add_argument("run", nargs="?", help="a run folder, or the id of a run in the store")
    parser.add_argument(
        "--comparison", metavar="FOLDER", help="in its place: the folder of a comparison, or the id of one in the store"
    )
    parser.add_argument("--to", required=True, choices=(*{**KINDS, **COMPARISON_KINDS},), help="what to write")
    parser.add_argument(
        "--out",
        required=True,
        metavar="FOLDER",
        help="a new or an empty folder; of mlflow any folder, or a tracking URI",
    )
    parser.add_argument("--card", metavar="FILE", help="the threshold to take along, as the Verify page saves it")
    add_goal_options(parser)
    return parser
