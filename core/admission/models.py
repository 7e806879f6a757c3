"""One admission of a network: its file looked at in a process of its own, tried on a few samples, kept with a card."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from core.admission.model_rule import AskedRule, rule_of_graph, takes_of
from core.models.image_rule import METADATA, ImageRule
from core.models.kept_models import (
    FORMS,
    ONNX,
    ModelCard,
    add_owner,
    digest_of,
    folder_of,
    id_of,
    keep_model,
    models_root,
    new_place,
)
from core.models.onnx_graph import MOST_BYTES, OnnxGraph, Place
from core.models.opened_onnx import OpenedOnnx
from core.models.operators import FLOATS

TRIED = 3  # samples
TITLE_LENGTH = 100
LOCK, WAITING_SECONDS = ".models.lock", 60.0  # one at a time: each may take as much memory as a network may
CLOSE = 1e-3  # of what a sample becomes alone and among others, as a share of the largest number


@dataclass(frozen=True)
class AskedModel:
    """A file that is to be taken in, what it is to be called, how images are prepared, and which output is the
    embedding; what is not said is as the file has it."""

    file: Path
    title: str = ""
    rule: AskedRule = AskedRule()
    output: str = ""

    @property
    def form(self) -> str:
        """By the name of the file. Raises ValueError for others."""
        form = self.file.suffix.lower().removeprefix(".")
        if form not in FORMS:
            raise ValueError(
                f"a network must be a file .onnx, or .safetensors as Metric Lab exports it, got "
                f"{self.file.name!r:.80}. Export the network as ONNX."
            )
        return form

    @property
    def shown_title(self) -> str:
        """What the network is called: as asked, or as the file."""
        title = "".join(one if one.isprintable() else " " for one in self.title or self.file.name)
        return " ".join(title.split())[:TITLE_LENGTH] or "network"


def admit_model(asked: AskedModel, owner: str = "") -> ModelCard:
    """Take in a network; the card of what is kept in the store. Raises ValueError where it cannot be taken."""
    form = asked.form
    models_root().parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(models_root().with_name(LOCK), timeout=WAITING_SECONDS):
            card = _admitted(asked, form)
    except Timeout:
        raise ValueError(
            f"a network must be looked at within {WAITING_SECONDS:g} s, got others that were brought before. Try again."
        ) from None
    add_owner(card.id, owner)
    return card


def _admitted(asked: AskedModel, form: str) -> ModelCard:
    place = new_place()
    try:
        file = _copied(asked.file, place / f"model.{form}")
        common: dict[str, Any] = {
            "id": "",
            "form": form,
            "title": asked.shown_title,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "sha256": digest_of(file),
            "bytes": file.stat().st_size,
        }
        found = _of_onnx(asked, file) if form == ONNX else _of_weights(asked, file)
        settings = {name: found[name] for name in ("takes", "numbers", "rule", "output", "at_once")}
        return keep_model(place, ModelCard(**common | found | {"id": id_of(common["sha256"], settings)}))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def summary_of(card: ModelCard) -> dict[str, Any]:
    """What a command prints of a network: plain values, id first."""
    written = card.written()
    graph = written.pop("graph")
    return {"id": written.pop("id"), "folder": str(folder_of(card.id)), **written, **graph}


def _copied(source: Path, target: Path) -> Path:
    """The file in the store, where nobody else changes it while it is looked at."""
    if not source.is_file():
        raise ValueError(f"what is brought must be a file that is there, got {str(source)!r}. Check the path.")
    size = source.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise ValueError(
            f"the network must be a file of 1 to {MOST_BYTES:,} bytes, got {size:,}. Take a smaller one, or float16."
        )
    shutil.copyfile(source, target)
    return target


def _of_onnx(asked: AskedModel, file: Path) -> dict[str, Any]:
    """The fields of the card that are found in an ONNX file, which is tried."""
    with OpenedOnnx(file) as opened:
        graph = opened.graph
        taken = _only_input(graph)
        takes, numbers = takes_of(taken)
        beside = _beside(asked.file, digest_of(file))
        if numbers and asked.rule != AskedRule():
            raise ValueError(
                f"nothing may be said of images for a network of vectors of {numbers} numbers, got some of it. Leave "
                "it out."
            )
        rule, rule_from = rule_of_graph(taken, asked.rule, graph.metadata | beside) if not numbers else (None, "")
        output = _chosen_output(graph, asked.output)
        samples = _samples(rule, numbers)
        dimension, at_once = _tried(opened, samples, output.name, taken)
    return {
        "takes": takes,
        "numbers": numbers,
        "rule": {} if rule is None else rule.written(),
        "rule_from": rule_from,
        "output": output.name,
        "dimension": dimension,
        "at_once": at_once,
        "graph": graph.written(),
    }


def _of_weights(asked: AskedModel, file: Path) -> dict[str, Any]:
    from core.admission.our_weights import found_in_weights

    if asked.output:
        raise ValueError(
            f"weights of Metric Lab must be taken with their one output, got {asked.output!r:.40}. Leave it out."
        )
    return found_in_weights(asked.rule, file)


def _only_input(graph: OnnxGraph) -> Place:
    if len(graph.inputs) != 1 or graph.inputs[0].kind != "float32" or graph.inputs[0].shape is None:
        said = ", ".join(f"{place.name} of {place.kind}" for place in graph.inputs[:5])
        raise ValueError(
            f"the network must have one input, of float32 and of a shape that the file says, got {said}. Export it "
            "with one input of float32."
        )
    return graph.inputs[0]


def _chosen_output(graph: OnnxGraph, asked: str) -> Place:
    """The output that is named, or the only one."""
    outputs = {place.name: place for place in graph.outputs if place.kind in FLOATS}
    listed = ", ".join(f"{place.name} {list(place.shape or ())}" for place in list(outputs.values())[:20])
    if asked:
        if asked not in outputs:
            raise ValueError(f"the output must be one of {listed}, got {asked!r:.60}. Choose one of them.")
        return outputs[asked]
    if len(outputs) != 1:
        raise ValueError(
            f"the network must have one output of fractions, or one must be chosen, got {listed or 'none'}. Say which "
            "is the embedding (--output NAME)."
        )
    return next(iter(outputs.values()))


def _samples(rule: ImageRule | None, numbers: int) -> np.ndarray:
    """A few samples to try it with, the same each time: noise, which every network takes."""
    generator = np.random.default_rng(0)
    if rule is None:
        return generator.normal(size=(TRIED, numbers)).astype(np.float32)
    shape = (TRIED, rule.height, rule.width, *([3] if rule.channels == 3 else []))
    return rule.values_of(generator.integers(0, 256, shape, np.uint8))


def _tried(opened: OpenedOnnx, samples: np.ndarray, output: str, taken: Place) -> tuple[int, bool]:
    """How many numbers an embedding has, and whether several samples at a time become what each of them does alone.
    Raises ValueError where it embeds nothing."""
    together = (taken.shape or (0,))[0]
    if isinstance(together, int) and together != 1:
        raise ValueError(
            f"the network must take one sample at a time, or any number of them, got {together}. Export it with a free "
            "first axis."
        )
    alone = opened(samples, output=output, at_once=False)
    if not np.isfinite(alone).all():
        raise ValueError(
            "an embedding must be finite numbers, got some that are not of images of noise. Choose another output, or "
            "correct how images are prepared."
        )
    if together == 1:
        return alone.shape[1], False
    try:
        several = opened(samples, output=output, at_once=True)
    except ValueError:  # an axis that is free in name alone
        return alone.shape[1], False
    is_same = several.shape == alone.shape and bool(np.abs(several - alone).max() <= CLOSE * np.abs(alone).max())
    return alone.shape[1], is_same


def _beside(file: Path, digest: str) -> dict[str, str]:
    """What model.json beside an exported encoder says of how images are prepared, as the file itself would say it."""
    try:
        written = json.loads(file.with_name("model.json").read_text(encoding="utf-8"))
        is_of_it = written["encoder"]["sha256"] == digest
        return {METADATA: json.dumps(written["preprocessing"])} if is_of_it else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
