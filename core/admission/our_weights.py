"""Weights that Metric Lab has exported, taken in again: looked at and tried in a process of its own, because torch and
whatever the file asks for have no place in that of the pages.

python -m core.admission.our_weights FILE writes one JSON object with what was found, or with what was wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.admission.model_rule import AskedRule
from core.models.image_rule import LAYOUTS, ORDERS, WHOLE, ImageRule
from core.models.kept_models import FILE, IMAGES
from core.models.opened_onnx import ALONE, MEMORY, SECONDS, most_memory
from core.system.locations import ROOT
from core.system.memory_limit import limit_memory

TRIED = 2  # images


def found_in_weights(asked: AskedRule, file: Path) -> dict[str, Any]:
    """The fields of the card that are found in a file. Raises ValueError where it is not one that Metric Lab has
    exported, and where another rule for images is asked for than the file says."""
    if asked != AskedRule(part=asked.part):
        raise ValueError(
            "weights of Metric Lab say themselves how images are prepared for them, got other words on it. Leave them "
            "out; only a part of each image can be chosen (--part)."
        )
    found = _asked(file)
    rule = _rule_of(found["rule"], WHOLE if asked.part is None else asked.part)
    return {
        "takes": IMAGES,
        "numbers": 0,
        "rule": rule.written(),
        "rule_from": FILE,
        "output": "",
        "dimension": found["dimension"],
        "at_once": True,
        "graph": found["graph"],
    }


def _rule_of(told: Mapping[str, Any], part: tuple[float, ...]) -> ImageRule:
    """Of what an exported file says of its images. Raises ValueError for what is damaged."""
    return ImageRule.read({**told, "layout": LAYOUTS[0], "order": ORDERS[0], "part": part})


def _asked(file: Path) -> dict[str, Any]:
    """What the process says of a file."""
    memory = most_memory()
    command = [sys.executable, "-m", "core.admission.our_weights", str(file.resolve()), str(memory)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | ALONE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        said = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        raise ValueError(
            f"the network must be looked at within {memory / 1e9:g} GB of memory ({MEMORY}) and {SECONDS:g} s, got a "
            "process that ended early. Take a smaller one."
        ) from None
    if "error" in said:
        raise ValueError(said["error"])
    return said


def look_at(file: Path) -> dict[str, Any]:
    """What a file holds, once its encoder has embedded a few images of noise. Raises ValueError for what is not
    taken."""
    from core.encoders.own_weights import module_of, own_weights
    from core.lazy import torch

    own = own_weights(file)
    rule = _rule_of(own.preprocessing, WHOLE)
    shape = (TRIED, rule.height, rule.width, *([3] if rule.channels == 3 else []))
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    with torch.no_grad():
        embeddings = own.encoder.embed(module_of(own), torch.from_numpy(rule.values_of(pixels))).numpy()
    if not np.isfinite(embeddings).all():
        raise ValueError("weights must give finite embeddings, got NaN or infinity. Export a run that did not diverge.")
    return {
        "rule": rule.written(),
        "dimension": embeddings.shape[1],
        "graph": {
            "encoder": own.encoder.described(),
            "tensors": len(own.file.tensors),
            "weights": sum(int(np.prod(shape)) for shape in own.file.shapes.values()),
        },
    }


def main(words: list[str]) -> int:
    """Look at the file within so much memory, and write what was found; the exit status."""
    file, memory = Path(words[0]), int(words[1])
    limit_memory(memory)
    from core.lazy import torch

    torch.set_num_threads(1)
    try:
        said = look_at(file)
    except (ValueError, RuntimeError, MemoryError) as problem:
        said = {"error": str(problem).strip() or "the network must fit into memory, got too little of it."}
    print(json.dumps(said))
    return 0 if "error" not in said else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
