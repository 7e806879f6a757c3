"""The card of an admitted set: the sentence first, then examples, then what may mislead, each with its mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.datasets.admitted import DataCard
from core.handover.words import percentages
from dashboard.data import column_roles
from dashboard.lookups import admitted_data
from dashboard.markdown import plain
from dashboard.wording import count, joined, say

NAMED = 3


def show(
    card: DataCard,
    mend: Callable[[str, str], None] | None = None,
    give_roles: Callable[[str, dict[str, str]], None] | None = None,
) -> None:
    """What was found; a click on a mend asks `mend` for the set and the mend's name, one on other roles of its columns
    `give_roles` for the set and these. Without them nothing can be changed."""
    found = card.found
    st.markdown(f"**{sentence(card)}**")
    st.caption(evidence(found))
    if picture := admitted_data.examples(card.id):
        words = preparation(card.preparation)
        st.image(picture, width="stretch", caption=words, alt=words)
    for key in ("unreadable", "aside"):
        if found.get(key, {}).get("count"):
            _show_left_out(key, found[key])
    for problem in found.get("problems", []):
        _show_problem(card.id, problem, mend)
    if not found.get("problems"):
        st.caption(f":material/check: {say('data.card.sound')}")
    column_roles.show(card, give_roles)
    if not found.get("near_is_whole", True):
        st.caption(say("data.card.near_in_part"))
    if card.mends:
        st.caption(say("data.card.mended", mends=mends_in_words(card)))


def mends_in_words(card: DataCard) -> str:
    """What was mended, in the order of the clicks, and how many samples each mend left out, where the card knows."""
    counts: Counter[str] = Counter()
    for one in card.found.get("left_out", []):
        counts[one["mend"]] += one["count"]
    words = [
        say(f"data.mended.{key_of(name)}") + (say("data.card.left_out_by", count=counts[name]) if counts[name] else "")
        for name in card.mends
    ]
    return joined("things", words)


def key_of(name: str) -> str:
    """The name of a problem or a mend as it stands in the catalogue of sentences."""
    return name.replace("-", "_")


def sentence(card: DataCard) -> str:
    """What there is, in one sentence."""
    found = card.found
    identities = count("data.card.identities", found["identities"])
    samples = count(f"data.card.{card.kind}", found["samples"])
    return say("data.card.sentence", title=plain(card.title), identities=identities, samples=samples)


def evidence(found: Mapping[str, Any]) -> str:
    """How many pairs there are, and which rates they can support."""
    pairs = say("data.card.pairs", genuine=found["genuine_pairs"], impostor=found["impostor_pairs"])
    if found["smallest_far"] is None:
        return joined("sentences", [pairs, say("data.card.no_far")])
    far, cautious = percentages((found["smallest_far"], found["cautious_far"]), digits=2)
    key = "data.card.far" if found["cautious_far"] < 1 else "data.card.far_of_few"
    return joined("sentences", [pairs, say(key, far=far, cautious=cautious)])


def preparation(rule: Mapping[str, Any]) -> str:
    """How the images were prepared."""
    colours = say("data.card.grey" if rule["channels"] == 1 else "data.card.coloured")
    fit = say(f"data.fit.{rule['fit']}")
    return say("data.card.preparation", width=rule["width"], height=rule["height"], colours=colours, fit=fit)


def _show_left_out(key: str, left_out: Mapping[str, Any]) -> None:
    with st.expander(count(f"data.card.{key}", left_out["count"])):
        for one in left_out["first"]:
            st.text(f"{one['name']}: {one['reason']}")
        if left_out["count"] > len(left_out["first"]):
            st.caption(say("data.card.first_only", shown=len(left_out["first"]), all=left_out["count"]))


def _show_problem(data_id: str, problem: Mapping[str, Any], mend: Callable[[str, str], None] | None) -> None:
    words = count(f"data.problem.{key_of(problem['name'])}", problem["count"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"data.problem.{problem['name']}"):
        st.markdown(f":material/error_outline: {words}", width="stretch")
        if problem["mend"] and mend is not None:
            st.button(
                say(f"data.mend.{key_of(problem['mend'])}"),
                key=f"data.mend.{problem['mend']}",
                on_click=mend,
                args=(data_id, problem["mend"]),
            )
