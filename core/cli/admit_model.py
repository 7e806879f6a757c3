"""`python -m core import` of a network: take in an ONNX file, or weights that Metric Lab exported, as an encoder."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from pathlib import Path

from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model, summary_of
from core.experiment.options import Parser
from core.models.image_rule import FITS, LAYOUTS, ORDERS, RANGES, numbers_in
from core.models.kept_models import FORMS, NOBODY

MODEL_OPTIONS = ("--output", "--height", "--width", "--layout", "--order", "--range", "--mean", "--deviation", "--part")
WITHOUT_RULE = (
    "nobody says how images are prepared for it: the whole image is stretched, red, green and blue, values from 0 to 1 "
    "(--range, --mean, --deviation, --order, --part)"
)


def is_network(words: list[str]) -> bool:
    """Whether what is to be taken in is a network, by the name of its file."""
    return any(not word.startswith("-") and Path(word).suffix.lower()[1:] in FORMS for word in words)


def import_model(words: list[str]) -> int:
    """Print one JSON object with what was found, the id of the network included; the exit status."""
    options, began = _parser().parse_args(words), time.monotonic()
    card = admit_model(_asked(options))
    told = {**summary_of(card), "seconds": round(time.monotonic() - began, 2)}
    print(json.dumps(told, indent=1, ensure_ascii=False))
    print(f"admitted {card.title}: {card.takes} become {card.dimension:,} numbers", file=sys.stderr)
    if card.rule_from == NOBODY:
        print(f"hint: {WITHOUT_RULE}", file=sys.stderr)
    print(f"train: python -m core train --encoder brought-network --encoder-model {card.id}", file=sys.stderr)
    return 0


def _asked(options: Namespace) -> AskedModel:
    rule = AskedRule(
        height=options.height,
        width=options.width,
        layout=options.layout,
        order=options.order,
        range=options.range,
        mean=numbers_in("--mean", options.mean),
        deviation=numbers_in("--deviation", options.deviation),
        fit=options.fit,
        part=numbers_in("--part", options.part),
    )
    return AskedModel(Path(options.path), options.title or "", rule, options.output or "")


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core import",
        description="Take in a network as an encoder, and print what was found.",
        allow_abbrev=False,
    )
    parser.add_argument("path", help="an .onnx file, or the .safetensors that `export --to safetensors` writes")
    parser.add_argument("--title", help="what the network is called; by default as the file")
    parser.add_argument("--output", metavar="NAME", help="which output is the embedding, where there are several")
    for side in ("height", "width"):
        parser.add_argument(f"--{side}", type=int, metavar="PIXELS", help="of images, where the network takes any")
    parser.add_argument("--layout", choices=LAYOUTS, help="where the channels stand; by default as the shape says")
    parser.add_argument("--order", choices=ORDERS, help=f"of the colours (default {ORDERS[0]})")
    parser.add_argument("--range", choices=RANGES, help=f"of pixels before mean and deviation (default {RANGES[0]})")
    parser.add_argument("--mean", metavar="NUMBERS", help="is taken away: one number, or 0.485,0.456,0.406 (default 0)")
    parser.add_argument("--deviation", metavar="NUMBERS", help="divides the rest, alike (default 1)")
    parser.add_argument("--fit", choices=FITS, help=f"how an image is fitted (default {FITS[0]})")
    parser.add_argument(
        "--part",
        metavar="SHARES",
        help="the part of each image that is taken: top, left, bottom, right as shares of its sides (default 0,0,1,1)",
    )
    return parser
