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
from core.datasets.fitting import FITS
from core.experiment.options import Parser

LOOK_SECONDS, SAID_SECONDS = 0.1, 5.0


def import_command(words: list[str]) -> int:
    """Print one JSON object with what was found, the id of the set included; the exit status."""
    if is_network(words):
        return import_model(words)
    asked = _asked(_parser().parse_args(words))
    began = time.monotonic()
    folder = coming.new_folder()
    process = coming.start(asked, folder)
    try:
        status = _wait(folder.name)
    except KeyboardInterrupt:
        coming.cancel(folder.name)
        process.wait()
        return 130
    process.wait()
    coming.forget(folder.name)
    if status.state != DONE:
        raise ValueError(status.message + (f" On the command line: --mend {status.mend}." if status.mend else ""))
    card = own_card(status.data, MACHINE)
    print(json.dumps({**summary_of(card), "seconds": round(time.monotonic() - began, 2)}, indent=1, ensure_ascii=False))
    print(f"admitted {in_short(card.found)}", file=sys.stderr)
    for problem in card.found["problems"]:
        print(f"hint: {problem['name']}: {problem['count']:,} samples; --mend {problem['mend']}", file=sys.stderr)
    return 0


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
    paths = [Path(path) for path in [options.path, *([options.labels] if options.labels else [])]]
    for path in paths:
        if not path.exists():
            raise ValueError(f"what is brought must exist, got {str(path)!r}. Check the path.")
    width = options.side if options.width is None else options.width
    return Asked(
        files=tuple((path.name, str(path.resolve())) for path in paths),
        title=options.title or "",
        preparation=Preparation(options.side, width, options.fit),
        chosen={role: column for role in ROLES if (column := getattr(options, role)) is not None},
        groups_from_folders=options.groups_from_folders,
        mends=tuple(options.mend),
    )


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
