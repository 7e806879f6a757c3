"""`python -m core import`: take in images or embeddings, and say what was found."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from pathlib import Path

from core.admission import coming
from core.admission.admit import summary_of
from core.admission.asked import NOT_FINITE, Asked
from core.admission.column_meaning import ROLES
from core.admission.coming import COMING, DONE, Status
from core.admission.data_owners import MACHINE, own_card
from core.admission.findings import in_short
from core.admission.mends import MENDS
from core.admission.preparation import SIDE, SIDES, Preparation
from core.cli.admit_model import MODEL_OPTIONS, import_model, is_network
from core.datasets.admitted import DataCard
from core.datasets.fitting import FITS
from core.experiment.options import Parser

LOOK_SECONDS, SAID_SECONDS = 0.1, 5.0


def import_command(words: list[str]) -> int:
    """Print one JSON object with what was found, the id of the set included; the exit status."""
    if is_network(words):
        return import_model(words)
    asked = _asked(_parser().parse_args(words))
    began = time.monotonic()
    try:
        card = taken_in(asked)
    except KeyboardInterrupt:
        return 130
    print(json.dumps({**summary_of(card), "seconds": round(time.monotonic() - began, 2)}, indent=1, ensure_ascii=False))
    return 0


def taken_in(asked: Asked) -> DataCard:
    """What was admitted; progress on stderr, then what was found in short and how it can be mended. Raises ValueError
    for what cannot be admitted, and KeyboardInterrupt once an admission that somebody stops is taken back."""
    folder = coming.new_folder()
    process = coming.start(asked, folder)
    try:
        status = _wait(folder.name)
    except KeyboardInterrupt:
        coming.cancel(folder.name)
        process.wait()
        raise
    process.wait()
    coming.forget(folder.name)
    if status.state != DONE:
        raise ValueError(status.message + (f" On the command line: --mend {status.mend}." if status.mend else ""))
    card = own_card(status.data, MACHINE)
    print(f"admitted {in_short(card.found)}", file=sys.stderr)
    for problem in card.found["problems"]:
        print(f"hint: {problem['name']}: {problem['count']:,} samples; --mend {problem['mend']}", file=sys.stderr)
    return card


def _wait(token: str) -> Status:
    shown = time.monotonic()
    while (status := coming.look(token)).state == COMING:
        if time.monotonic() - shown > SAID_SECONDS:
            shown = time.monotonic()
            left = "" if status.seconds_left is None else f", about {status.seconds_left:.0f} s left"
            print(f"{status.stage}: {status.share:.0%}{left}", file=sys.stderr, flush=True)
        time.sleep(LOOK_SECONDS)
    return status


def _asked(options: Namespace) -> Asked:
    paths = [options.path, *([options.labels] if options.labels else [])]
    width = options.side if options.width is None else options.width
    return Asked(
        files=files_at(paths),
        title=options.title or "",
        preparation=Preparation(options.side, width, options.fit),
        chosen={role: column for role in ROLES if (column := getattr(options, role)) is not None},
        groups_from_folders=options.groups_from_folders,
        mends=tuple(options.mend),
    )


def files_at(paths: list[str]) -> tuple[tuple[str, str], ...]:
    """The name and whole path of each; ValueError for one that is not there."""
    for path in map(Path, paths):
        if not path.exists():
            raise ValueError(f"what is brought must exist, got {str(path)!r}. Check the path.")
    return tuple((Path(path).name, str(Path(path).resolve())) for path in paths)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core import",
        description="Take in images or embeddings as a data set, and print what was found.",
        epilog=f"A network (.onnx, .safetensors) has options of its own, which `import network.onnx --help` explains: "
        f"{', '.join(MODEL_OPTIONS)}.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "path",
        help="a folder or zip of images, one folder for each class; images in Parquet or a WebDataset tar; embeddings "
        "in .npz, .npy, .csv or .parquet; an encoder in .onnx or .safetensors, which has options of its own",
    )
    parser.add_argument("--labels", metavar="FILE", help="of an .npy: its labels, as .npy or as text, one on each line")
    parser.add_argument("--title", help="what the set is called; by default as the file")
    sides = ", ".join(map(str, SIDES))
    parser.add_argument(
        "--side", type=int, default=SIDE, metavar="PIXELS", help=f"of prepared images, such as {sides} (default {SIDE})"
    )
    parser.add_argument("--width", type=int, metavar="PIXELS", help="where it is not the side")
    parser.add_argument("--fit", choices=FITS, default=FITS[0], help=f"how an image is fitted (default {FITS[0]})")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="NAME", help=f"the column with the {role} of each row, or none")
    parser.add_argument(
        "--groups-from-folders", action="store_true", help="folders within those of the classes are groups"
    )
    names = ", ".join((*MENDS, NOT_FINITE))
    parser.add_argument(
        "--mend", metavar="NAME", action="append", default=[], help=f"mend what was found, in turn: {names}"
    )
    return parser
