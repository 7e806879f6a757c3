"""`python -m core train`: one training, kept in a folder or only told."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from pathlib import Path

from core.admission.asked import Asked
from core.cli.admit import files_at, taken_in
from core.datasets.admitted import DATA_ID
from core.experiment.experiment import Experiment
from core.experiment.options import Parser, listing, read_experiment
from core.experiment.prepared_data import PreparedData, prepare
from core.experiment.presets import suited_to
from core.jobs.train_run import record
from core.lazy import torch
from core.linter import lint
from core.records.messages import Progress
from core.runs.run_folder import Run
from core.training.idle_updates import idle_sentence

BROUGHT = "a folder or zip of images, a table of images or of embeddings, or the id of a set that `import` told of"


def train_command(words: list[str]) -> int:
    """Train the experiment that the words describe, and print its numbers; the exit status."""
    parser = Parser(prog="python -m core train", description="Train one encoder.", allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="show every family, its members and their parameters")
    parser.add_argument("--out", metavar="FOLDER", help="keep the run in this folder; go on there if it was stopped")
    parser.add_argument("--data", metavar="PATH", help=f"learn from these: {BROUGHT}")
    parser.add_argument("--device", default="cpu", metavar="NAME", help="cpu (default), cuda or mps")
    if "--list" in words:
        print(listing())
        return 0
    try:
        start, words = _start(words)
    except KeyboardInterrupt:
        return 130
    experiment, options = read_experiment(words, parser, start)
    check_device(options.device)
    data = prepare(experiment)  # an experiment that does not fit its data leaves no folder behind
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.out or temporary)
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "run.json").exists():
            raise ValueError(f"--out must be a new folder or one that holds a run, got {folder}. Choose another.")
        _hint(experiment, data)
        run = Run.create(folder, experiment)
        asked_to_pause: list[int] = []
        signal.signal(signal.SIGINT, lambda number, frame: asked_to_pause.append(number))
        outcome = record(
            run,
            device=options.device,
            report=show_progress,
            wanted=lambda: "pause" if asked_to_pause else "run",
        )
        print(file=sys.stderr)
        if outcome != "finished":
            print("paused: the same command with the same --out goes on from here", file=sys.stderr)
            return 130
        if sentence := idle_sentence(run.steps()):
            print(f"hint: {sentence}", file=sys.stderr)
        print(json.dumps(run.result()))
    return 0


def _hint(experiment: Experiment, data: PreparedData) -> None:
    """What may be wrong with the settings, and what was left out."""
    for finding in lint(experiment, data.training_counts):
        print(f"hint: {finding.rule}. {finding.reason}{f' {finding.mend}.' if finding.mend else ''}", file=sys.stderr)
    if data.left_out:
        print(f"hint: {data.left_out}", file=sys.stderr)


def _start(words: list[str]) -> tuple[Experiment | None, list[str]]:
    """What suits the data that the words bring, which are admitted here, or None; and the other words."""
    finder = Parser(prog="python -m core train", add_help=False, allow_abbrev=False)
    finder.add_argument("--data")
    finder.add_argument("--dataset")
    found, others = finder.parse_known_args(words)
    if found.data is None:
        return None, words
    if found.dataset is not None:
        raise ValueError(f"--data must be the only data set, got --dataset {found.dataset} too. Name one of them.")
    is_known = DATA_ID.fullmatch(found.data) and not Path(found.data).exists()
    data = found.data if is_known else taken_in(Asked(files=files_at([found.data]))).id
    return suited_to(data), others


def show_progress(progress: Progress) -> None:
    """One line on stderr, rewritten in place on a terminal."""
    left = "" if progress["left"] is None else f", about {progress['left']:.0f} s left"
    line = f"epoch {progress['epoch']} of {progress['epochs']}, step {progress['step']}{left}"
    print(line, file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n", flush=True)


def check_device(name: str) -> None:
    """Raise ValueError where this machine has no such device."""
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available.get(name, False):
        usable = ", ".join(device for device, there in available.items() if there)
        raise ValueError(f"--device must be one that this machine has ({usable}), got {name!r}. Choose one of these.")
