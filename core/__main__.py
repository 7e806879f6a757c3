"""python -m core train | statistics | verify | record"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads of two trainings stop each other

import numpy as np

from core.cli.verify import verify_command
from core.distances.base import Distance
from core.experiment.options import Parser, listing, read_experiment, read_member
from core.experiment.prepared_data import material_of
from core.jobs.train_run import record
from core.lazy import torch
from core.linter import lint
from core.runs.run_folder import Run
from core.training.idle_updates import idle_sentence

USAGE = "python -m core train | statistics | verify | record; each has --help"


def main(words: list[str]) -> int:
    commands = {
        "train": train_command,
        "statistics": statistics_command,
        "verify": verify_command,
        "record": record_command,
    }
    if not words or words[0] in {"-h", "--help"}:
        print(USAGE)
        return 0
    try:
        if words[0] not in commands:
            raise ValueError(f"the command must be one of {', '.join(commands)}, got {words[0]!r}. Use {USAGE}.")
        return commands[words[0]](words[1:])
    except ValueError as problem:
        print(f"error: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"error: files must be readable and writable, got {problem}. Check the path.", file=sys.stderr)
    return 2


def train_command(words: list[str]) -> int:
    parser = Parser(prog="python -m core train", description="Train one encoder.", allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="show every family, its members and their parameters")
    parser.add_argument("--out", metavar="FOLDER", help="keep the run in this folder; go on there if it was stopped")
    parser.add_argument("--device", default="cpu", metavar="NAME", help="cpu (default), cuda or mps")
    if "--list" in words:
        print(listing())
        return 0
    experiment, options = read_experiment(words, parser)
    check_device(options.device)
    material = material_of(experiment)  # an experiment that does not fit its data leaves no folder behind
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.out or temporary)
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "run.json").exists():
            raise ValueError(f"--out must be a new folder or one that holds a run, got {folder}. Choose another.")
        for finding in lint(experiment, material.training_counts):
            print(
                f"hint: {finding.rule}. {finding.reason}{f' {finding.mend}.' if finding.mend else ''}", file=sys.stderr
            )
        if material.left_out:
            print(f"hint: {material.left_out}", file=sys.stderr)
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
        if said := idle_sentence(run.steps()):
            print(f"hint: {said}", file=sys.stderr)
        print(json.dumps(run.result()))
    return 0


def show_progress(progress: dict[str, Any]) -> None:
    """One line on stderr, rewritten in place on a terminal."""
    left = "" if progress["left"] is None else f", about {progress['left']:.0f} s left"
    line = f"epoch {progress['epoch']} of {progress['epochs']}, step {progress['step']}{left}"
    print(line, file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n", flush=True)


def check_device(name: str) -> None:
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available.get(name, False):
        usable = ", ".join(device for device, there in available.items() if there)
        raise ValueError(f"--device must be one that this machine has ({usable}), got {name!r}. Choose one of these.")


def numbers_of_all(embeddings: np.ndarray, labels: np.ndarray, margin: float, distance: Distance) -> dict[str, Any]:
    """At one margin; of many points in blocks, since the distances of all pairs would not fit."""
    from core.jobs.measure_embeddings import AT_ONCE
    from core.measurement.blockwise import Blocks
    from core.statistics.summary import summarise

    if len(labels) <= AT_ONCE:
        return summarise(embeddings, labels, margin=margin, distance=distance, margins=np.array([margin])).numbers
    work = Blocks(embeddings, labels, margin, distance)
    return work.statistics(work.whole(threads=os.cpu_count() or 1)).numbers


def statistics_command(words: list[str]) -> int:
    from core.cli.role_options import add_role_options, roles_asked
    from core.readers.embeddings_file import load_embeddings
    from core.reidentification.summary import summarise_by_role

    parser = Parser(prog="python -m core statistics", description="Exact statistics of embeddings.", allow_abbrev=False)
    parser.add_argument("embeddings", help="an .npz with embeddings (N, D), labels (N,) and, if any, role and group")
    parser.add_argument("--margin", type=float, default=0.2, help="gap between semi-hard and easy (default 0.2)")
    add_role_options(parser)
    distance, options = read_member("distance", words, parser)
    path = Path(options.embeddings)
    embeddings, labels, class_names = load_embeddings(path)
    roles = roles_asked(options, labels, class_names, path)
    if roles is None:
        numbers = numbers_of_all(embeddings, labels, options.margin, distance)
    else:
        only = np.array([options.margin])
        numbers = summarise_by_role(embeddings, roles, margin=only[0], distance=distance, margins=only).numbers
    print(json.dumps(numbers))
    return 0


def record_command(words: list[str]) -> int:
    from core.experiment.presets import record_lessons

    parser = Parser(prog="python -m core record", description="Make the recorded runs anew.", allow_abbrev=False)
    parser.add_argument("--out", default="assets/recorded", metavar="FOLDER", help="default assets/recorded")
    parser.add_argument("names", nargs="*", help="only these lessons")
    options = parser.parse_args(words)
    torch.set_num_threads(1)
    record_lessons(Path(options.out), options.names, show_progress)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
