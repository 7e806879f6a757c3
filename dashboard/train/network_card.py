"""The card of a network that somebody brought: what it takes and gives, how images are prepared, what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.models.image_rule import ORDERS, WHOLE, ImageRule
from core.models.kept_models import ONNX, VECTORS, ModelCard
from dashboard.markdown import plain
from dashboard.wording import joined, say

KINDS_SHOWN = 6  # of operators
MEGABYTE = 1e6


def show(card: ModelCard) -> None:
    """One sentence first, then what may be wrong, then what it is."""
    st.markdown(sentence(card))
    if card.takes != VECTORS:
        st.caption(rule_in_words(card))
    st.caption(made_of(card))


def sentence(card: ModelCard) -> str:
    """What becomes of what."""
    title = plain(card.title)
    if card.takes == VECTORS:
        return say("network.card.vectors", title=title, numbers=card.numbers, dimension=card.dimension)
    rule = card.image_rule
    colours = "grey" if rule.channels == 1 else "rgb" if rule.order == ORDERS[0] else "bgr"
    return say(
        "network.card.images",
        title=title,
        width=rule.width,
        height=rule.height,
        colours=say(f"network.card.{colours}"),
        dimension=card.dimension,
    )


def rule_in_words(card: ModelCard) -> str:
    """How images are prepared, and who says so."""
    rule = ImageRule.read(card.rule)
    mean, deviation = (_listed(values) for values in (rule.mean, rule.deviation))
    told = [say("network.card.rule", mean=mean, deviation=deviation, said=say(f"network.from.{card.rule_from}"))]
    if rule.part != WHOLE:
        told.append(say("network.card.part", part=_listed(rule.part)))
    return joined("sentences", told)


def made_of(card: ModelCard) -> str:
    """Size, operators or encoder, inputs and outputs."""
    graph, size = card.graph, say_size(card.bytes)
    if card.form != ONNX:
        return say("network.card.own", encoder=plain(graph["encoder"]["kind"]), size=size, weights=graph["weights"])
    operators = graph["operators"]
    told = [f"{plain(kind)} {count:,}" for kind, count in list(operators.items())[:KINDS_SHOWN]]
    if len(operators) > KINDS_SHOWN:
        told.append(say("network.card.more", number=len(operators) - KINDS_SHOWN))
    lines = [
        say(
            "network.card.onnx",
            size=size,
            opset=graph["opset"],
            weights=graph["weights"],
            nodes=sum(operators.values()),
            operators=joined("things", told),
        ),
        say(
            "network.card.places",
            taken=_places(graph["inputs"]),
            given=_places([one for one in graph["outputs"] if one["name"] == card.output]),
        ),
    ]
    return joined("sentences", lines if card.at_once else [*lines, say("network.card.one")])


def say_size(count: int) -> str:
    """Bytes in megabytes."""
    return f"{count / MEGABYTE:.1f} MB"


def _places(places: Sequence[Mapping[str, Any]]) -> str:
    """Names with shapes."""
    shapes = [", ".join(str(axis) for axis in place["shape"] or ("?",)) for place in places]
    return ", ".join(plain(f"{place['name']} [{shape}]") for place, shape in zip(places, shapes, strict=True))


def _listed(values: Sequence[float]) -> str:
    """Numbers with commas between them; one where all are the same."""
    shown = [f"{value:.4g}" for value in values]
    return shown[0] if len(set(shown)) == 1 else ", ".join(shown)
