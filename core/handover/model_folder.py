"""What lies beside an exported encoder: model.json, which says how to use it, and decide.py, which does so."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from core.distances.base import Distance
from core.evidence.calibration import FITTED_SHARE, Calibrated
from core.handover import decide, decide_vectors
from core.handover.encoder_onnx import ENCODER, INPUT, OPSET, OUTPUT, VECTORS
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import KIND, VectorScaling
from core.handover.words import goal_in_words, rule_in_words
from core.records.fields import JsonObject
from core.records.run_record import RunRecord
from core.system.atomic_files import write_bytes, write_json

MODEL, DECIDE = "model.json", "decide.py"
FORMAT = 1
FORMULA = "    return np.sqrt(((first - second) ** 2).sum(axis=-1))\n"  # of decide.py as it lies here


def write_model(folder: Path, model: Mapping[str, Any], distance: Distance) -> str:
    """Write model.json, and decide.py for its distance; a sentence where that is left out, or nothing."""
    write_json(folder / MODEL, model)
    try:
        of_vectors = model.get("preprocessing", {}).get("kind") == KIND
        write_bytes(folder / DECIDE, decide_source(distance, of_vectors=of_vectors).encode())
    except ValueError as problem:
        return f"{DECIDE} is left out. {problem}"
    return ""


def decide_source(distance: Distance, *, of_vectors: bool = False) -> str:
    """The source of decide.py with the formula of a distance, for two images or two vectors.

    Raises ValueError where two embeddings do not decide.
    """
    if distance.in_numpy is None:
        taken = VECTORS if of_vectors else INPUT
        raise ValueError(
            f"a decision on two {taken} must be by a distance that two embeddings alone decide, got "
            f"{distance.title}, which hangs on the spread of the whole data set. Train and measure by the Euclidean "
            "distance."
        )
    parameters = {name: value for name, value in distance.described().items() if name != "kind"}
    module = decide_vectors if of_vectors else decide
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert source.count(FORMULA) == 1, "decide.py must compute the distance in one place"
    return source.replace(FORMULA, f"    return {distance.in_numpy.format(**parameters)}\n")


def model_values(
    record: RunRecord,
    rule: Preprocessing | VectorScaling,
    *,
    encoder_file: Path,
    checks: Mapping[str, Any],
    card: Mapping[str, Any] | None,
    calibration: JsonObject | None,
    versions: Mapping[str, str],
) -> JsonObject:
    """model.json: what the encoder takes and gives, when a pair is accepted, and where all of it comes from."""
    encoder = dict(record.experiment["encoder"])
    taken = VECTORS if isinstance(rule, VectorScaling) else INPUT
    return {
        "format": FORMAT,
        "title": record.title,
        "run": record.id,
        "encoder": {
            "file": ENCODER,
            "sha256": sha256(encoder_file.read_bytes()).hexdigest(),
            "opset": OPSET,
            "input": taken,
            "output": OUTPUT,
            "dimension": encoder["dimension"],
            "embeddings_have_length_1": encoder["normalise"],
            "described": encoder,
        },
        "preprocessing": rule.written(),
        "distance": dict(record.experiment["distance"]),
        "threshold": threshold_values(card),
        "calibration": calibration,
        "checks": dict(checks),
        "data": _data_values(record, taken),
        "versions": dict(versions),
        "card": None if card is None else dict(card),
    }


def _data_values(record: RunRecord, taken: str) -> JsonObject:
    """What the encoder was trained on, by its digest; how many of what it takes."""
    data = record.known_data
    return {
        "described": dict(record.experiment["dataset"]),
        "digest": data.digest,
        "protocol": data.protocol,
        "classes": len(data.class_names),
        f"training_{taken}": data.training_count,
    }


def threshold_values(card: Mapping[str, Any] | None) -> JsonObject:
    """The threshold by which decide.py decides: half way to the next pair, with room for rounding; without a card
    there is none."""
    if card is None:
        return {"value": None, "accepts_nobody": False, "accept_when": "distance <= value"}
    return {
        "value": card["threshold_elsewhere"],
        "accepts_nobody": card["accepts_nobody"],
        "accept_when": "distance <= value",
        "rule": rule_in_words(card),
        "chosen": card["threshold"],
        "goal": dict(card["goal"]),
        "goal_in_words": goal_in_words(card["goal"]),
    }


def calibration_values(calibration: Calibrated | None, edges: np.ndarray) -> JsonObject | None:
    """The probability that a pair is of one identity by its distance, at the middles of bins; straight lines between.
    For a share of genuine pairs of a half: odds of another share are these times the odds of that share."""
    if calibration is None:
        return None
    middles = (edges[1:] + edges[:-1]) / 2
    fits = {"platt": calibration.platt, "isotonic": calibration.isotonic}
    # Six digits, which no calibration has.
    rounded = {name: [float(f"{value:.6g}") for value in values] for name, values in fits.items()}
    return {"genuine_share": FITTED_SHARE, "distances": middles.tolist(), **rounded}
