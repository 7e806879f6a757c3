"""`python -m core export`: what a run has learned, as files for other software."""

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
from core.jobs.export_run import KINDS, check_packages, export, numbers_of
from core.jobs.threshold_of_run import threshold_of_run
from core.jobs.usable_encoder import run_named
from core.runs.run_folder import Run
from core.statistics.crossing import ALL, PairProtocol
from core.verification.goals import GOALS

WITH_THRESHOLD = ("onnx", "faiss", "card")


def export_command(words: list[str]) -> int:
    """Write the files into a new folder, and print their names as JSON; the exit status."""
    options = _parser().parse_args(words)
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
    parser = Parser(prog="python -m core export", description="Take home what a run has learned.", allow_abbrev=False)
    parser.add_argument("run", help="a run folder, or the id of a run in the store")
    parser.add_argument("--to", required=True, choices=tuple(KINDS), help="what to write")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new or an empty folder")
    parser.add_argument("--card", metavar="FILE", help="the threshold to take along, as the Verify page saves it")
    add_goal_options(parser)
    return parser
