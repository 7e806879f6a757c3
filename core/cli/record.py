"""`python -m core record`: make the recorded lessons anew."""

from __future__ import annotations

from pathlib import Path

from core.cli.train import show_progress
from core.experiment.options import Parser
from core.lazy import torch
from core.makers.recordings import record_lessons


def record_command(words: list[str]) -> int:
    """Train the lessons and keep them as recorded runs; the exit status."""
    parser = Parser(prog="python -m core record", description="Make the recorded runs anew.", allow_abbrev=False)
    parser.add_argument("--out", default="assets/recorded", metavar="FOLDER", help="default assets/recorded")
    parser.add_argument("names", nargs="*", help="only these lessons")
    options = parser.parse_args(words)
    torch.set_num_threads(1)
    record_lessons(Path(options.out), options.names, show_progress)
    return 0
