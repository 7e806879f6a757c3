"""A model card in Markdown: what was learned from what, how well it does and how sure that is, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.datasets import DATASETS
from core.handover.vector_scaling import KIND as VECTORS
from core.handover.words import (
    doubts_in_words,
    goal_in_words,
    identities_in_words,
    interval_in_words,
    percentages,
    promise_in_words,
    rule_in_words,
)
from core.records.main_numbers import AUC, EER, MAP_AT_R, RECALL_AT_1
from core.records.run_record import RunRecord
from core.records.snapshot_record import SnapshotRecord

CARD = "card.md"
NUMBERS = (RECALL_AT_1, MAP_AT_R, AUC, EER)
STRICT = (
    "A pair is accepted when its distance is at most the threshold, ties too. `range_search` of faiss is strict: it "
    "gives squared distances below its radius and inner products above it, and leaves out a pair at the limit itself. "
    "The threshold to use elsewhere lies half way to the next pair, so that nothing hangs on it."
)


def model_card(
    record: RunRecord,
    numbers: SnapshotRecord,
    *,
    card: Mapping[str, Any] | None,
    baselines: Mapping[str, Mapping[str, float]],
    model: Mapping[str, Any] | None = None,
) -> str:
    """The card of a snapshot of a run. `card` is that of a threshold (core/handover/card.py), `baselines` what simpler
    encoders reach on the same data, `model` what model.json says where the encoder is exported beside it."""
    sections = [
        f"# {plain(record.title)}\n",
        _summary(record, model),
        "## Data\n",
        _table(("", ""), _data(record, numbers)),
        "## How well it tells identities apart\n",
        _table(("encoder", *(number.title for number in NUMBERS)), _quality(numbers, baselines)),
        *(["No threshold was chosen.\n"] if card is None else _threshold(card)),
        *([] if model is None else _use(model)),
        "## Where it ends\n",
        _limits(numbers),
    ]
    return "\n".join(sections)


def plain(text: str) -> str:
    """Text as Markdown shows it letter by letter, on one line: names of users may hold anything."""
    return re.sub(r"([\\`*_{}\[\]<>#!|~&$@]|:(?=//)|(?<=www)\.)", r"\\\1", " ".join(text.split()))


def _summary(record: RunRecord, model: Mapping[str, Any] | None) -> str:
    if "encoder" not in record.experiment:
        return f"Embeddings that were brought, as Metric Lab measured them. Run `{record.id}`.\n"
    encoder = record.experiment["encoder"]
    scaled = ", each of length 1" if encoder["normalise"] else ""
    parts = [family for family in ("loss", "miner", "sampler", "schedule") if family in record.experiment]
    told = [record.experiment[family].items() for family in parts]
    rows = [
        (family, ", ".join(f"{name} {value}" for name, value in part)) for family, part in zip(parts, told, strict=True)
    ]
    file = f" It lies beside this card as `{model['encoder']['file']}`." if model else ""
    first = f"An encoder ({plain(encoder['kind'])}) that gives embeddings of {encoder['dimension']} numbers{scaled}."
    return f"{first}{file} Run `{record.id}`.\n\n{_table(('trained with', ''), _plain(rows))}"


def _data(record: RunRecord, numbers: SnapshotRecord) -> list[tuple[str, str]]:
    data = record.known_data
    rows = [("protocol", plain(data.protocol)), ("SHA-256 of the data", f"`{data.digest}`")]
    if "dataset" in record.experiment:
        kind = record.experiment["dataset"]["kind"]
        known = DATASETS.get(kind)
        rows.insert(0, ("data set", plain(f"{kind}: {known.summary}" if known else kind)))
        rows += [("licence of the data", plain(known.licence))] if known else []
        kind_of_samples = "images" if record.probe else "vectors"
        rows += [(f"{kind_of_samples} trained on", f"{data.training_count:,}")]
    return [*rows, ("measured on", f"{numbers.points:,} points of {numbers.classes:,} identities")]


def _quality(numbers: SnapshotRecord, baselines: Mapping[str, Mapping[str, float]]) -> list[tuple[str, ...]]:
    """A row for this one and for each baseline; a dash for what was not measured."""
    own = {number.key: number.of(numbers) for number in NUMBERS}
    rows = {"this one": own, **baselines}
    return [
        (plain(name.replace("_", " ")), *(_shown(values.get(number.key)) for number in NUMBERS))
        for name, values in rows.items()
    ]


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _threshold(card: Mapping[str, Any]) -> list[str]:
    """The rule, its errors with their intervals, and what speaks against them."""
    kinds = {"false_accept": ("false_accepts", "negative_pairs"), "false_reject": ("false_rejects", "positive_pairs")}
    rows = []
    for kind, (wrong, total) in kinds.items():
        rate, low, high = percentages([card[f"{kind}_rate"], *card[f"{kind}_interval"]])
        rows.append((kind.replace("_", " "), f"{card[wrong]:,} of {card[total]:,}", rate, f"{low} to {high}"))
    doubts = [*doubts_in_words(card), *(line for line in (promise_in_words(card),) if line)]
    doubts += [] if card["goal_is_supported"] else ["These pairs are too few to show that the goal is met."]
    interval = card["threshold_interval"]
    doubts += [f"With other identities the threshold might have been {interval_in_words(card)}."] if interval else []
    chosen = (
        f"Chosen for {plain(goal_in_words(card['goal']))}; pairs {plain(identities_in_words(card))}, "
        f"{plain(card['protocol_in_words'])}."
    )
    return [
        "## The threshold\n",
        f"{plain(rule_in_words(card))}. {chosen}\n",
        _table(("error", "pairs", "rate", "95 % interval"), rows),
        *(f"{plain(line)}\n" for line in doubts),
        f"To use elsewhere: `{card['threshold_elsewhere']!r}`. {STRICT}\n",
    ]


def _use(model: Mapping[str, Any]) -> list[str]:
    rule, checks = model["preprocessing"], model["checks"]
    if rule.get("kind") == VECTORS:
        return _use_of_vectors(rule["numbers"], checks)
    times = rule.get("jpeg_at_least", 0)
    smaller = f"; a JPEG may be decoded smaller, but not below {times} times that size" if times else ""
    colours = "grey values" if rule["channels"] == 1 else "red, green and blue"
    return [
        "## Use it\n",
        "`python decide.py FIRST SECOND` needs numpy and onnxruntime alone. An image becomes what the encoder takes as "
        f"`model.json` says: {colours}, {rule['height']} x {rule['width']} pixels ({rule['fit']}, Pillow's antialiased "
        f"bilinear filter, across and then down{smaller}), divided by 255, the mean taken away, divided by the "
        "deviation.\n",
        _checked(checks, "images"),
    ]


def _use_of_vectors(numbers: int, checks: Mapping[str, Any]) -> list[str]:
    return [
        "## Use it\n",
        "`python decide.py FIRST SECOND` needs numpy and onnxruntime alone. Each file holds one vector of "
        f"{numbers:,} numbers as the encoder gives it that made those of the training: the mean that is taken away and "
        "the scale that the rest is divided by are inside of the file.\n",
        _checked(checks, "vectors"),
    ]


def _checked(checks: Mapping[str, Any], what: str) -> str:
    return (
        f"onnxruntime {checks['onnxruntime']} against torch {checks['torch']} on {checks[what]:,} {what} of the "
        f"run: largest difference of a value {checks['largest_difference']:.2g} (at most {checks['allowed']:g}).\n"
    )


def _limits(numbers: SnapshotRecord) -> str:
    return (
        f"All numbers are of {numbers.points:,} points of {numbers.classes:,} identities, by the protocol named above. "
        "On other cameras, other people or another share of genuine pairs they may be worse, and nobody has measured "
        "how much: measure again on pairs of your own before a decision matters to anybody.\n"
    )


def _plain(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(plain(cell) for cell in row) for row in rows]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
