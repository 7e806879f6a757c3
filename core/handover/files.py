"""A threshold as files to take away, and as the command that finds it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.handover.card import AS_GIVEN, NEGATED
from core.handover.report import report
from core.handover.snippet import python_snippet
from core.reidentification.roles import words_for
from core.statistics.crossing import ALL
from core.system.atomic_files import write_bytes, write_json
from core.thresholds.outcome import Outcome
from core.verification.goals import GOALS
from core.verification.weighted_curve import PAIRS

CARD, CODE, REPORT = "threshold.json", "threshold.py", "report.html"


def check_folder(folder: Path) -> None:
    """Raise ValueError unless the folder is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"--out must be a new or an empty folder, got {folder}. Choose another.")


def write_hand_over(folder: Path, card: Mapping[str, Any], outcome: Outcome) -> str:
    """Write card, code and report; what is left out and why, or nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / CARD, card)
    write_bytes(folder / REPORT, report(card, outcome).encode())
    try:
        write_bytes(folder / CODE, python_snippet(card).encode())
    except ValueError as problem:
        return f"{CODE} is left out. {problem}"
    return ""


def command_for(card: Mapping[str, Any], file: str, reading: Sequence[str] = ()) -> str:
    """The command line that makes the card again of the file that it is of, an archive of embeddings or a list of
    pairs; `reading` are the words that say how that is read, where more is to be said than its name."""
    words = ["python", "-m", "core", "verify", f"./{file}" if file.startswith("-") else file, *reading]
    words += [] if card["distance"] in (AS_GIVEN, NEGATED) else ["--distance", card["distance"]]
    for name, value in card.get("distance_parameters", {}).items():
        words += [f"--distance-{name.replace('_', '-')}", repr(value)]
    words += words_for(card["roles"]) if "roles" in card else []
    words += ["--crossing", card["pairs"]] if card.get("pairs", ALL) != ALL and "roles" not in card else []
    as_said = {**card, "threshold": card.get("threshold_as_scored", card["threshold"])}
    words += [*GOALS[card["goal"]["kind"]].words_for(as_said), "--protocol", card["protocol"]]
    words += ["--weights", card["weights"]] if card["weights"] != PAIRS else []
    return shlex.join([*words, *(["--safe-side"] if card["safe_side"] else [])])
