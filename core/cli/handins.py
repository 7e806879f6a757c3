"""`python -m core handins FOLDER`: what a class has handed in, task by task."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from core.experiment.options import Parser
from core.handover.csv_table import csv_of
from core.lessons.class_results import TaskResults, results_of
from core.lessons.handin import HandIn
from core.lessons.handin_folder import in_folder

FIELDS = ("name", "date", "lesson", "step", "answer", "right", "why", "reason", "threshold", "run", "configuration")


def handins_command(words: list[str]) -> int:
    """Print the results of each task as JSON, with verdicts as the files have them, and on the error stream what cannot
    be read; 1 where anything cannot, else 0."""
    parser = Parser(prog="python -m core handins", description="What a class has handed in.", allow_abbrev=False)
    parser.add_argument("folder", help="a folder of hand-ins, .json files and .zip archives of them")
    parser.add_argument("--csv", metavar="FILE", help="write a line for each hand-in there, too")
    options = parser.parse_args(words)
    found = in_folder(Path(options.folder))
    for one in found.unreadable:
        print(f"{one.name}: {one.why}", file=sys.stderr)
    if options.csv:
        Path(options.csv).write_text(csv_of(FIELDS, map(_line, found.handed.values())), encoding="utf-8", newline="")
    results = results_of(found.handed.values())
    print(json.dumps({task: _described(one) for task, one in results.items()}, indent=1, ensure_ascii=False))
    return int(bool(found.unreadable))


def _described(results: TaskResults) -> dict[str, object]:
    return {
        "students": results.count,
        "right": results.right,
        "wrong": results.wrong,
        "not_graded": results.ungraded,
        "median": results.median,
        "far_from_the_others": list(results.apart),
        "guesses": results.guesses,
    }


def _line(handed: HandIn) -> list[object]:
    verdict = handed.verdict
    graded = ("" if verdict is None else str(verdict.is_right).lower(), "" if verdict is None else verdict.why)
    return [
        *(handed.name, handed.date, handed.lesson, handed.step, handed.answer, *graded),
        *(handed.reason, handed.threshold, handed.run, handed.configuration),
    ]
