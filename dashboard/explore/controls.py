"""What is shown on the map: the snapshot, the query, the colour and the search."""

from __future__ import annotations

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from dashboard import palette
from dashboard.figures.maps import epoch_name
from dashboard.lookups import point_colours, point_maps, runs
from dashboard.lookups.point_colours import CLASS, OF_NEIGHBOURS, OWN
from dashboard.settings import COLOUR, EPOCH, QUERY, SEARCH
from dashboard.wording import count, joined, say


def choose_snapshot(snapshots: list[SnapshotRecord]) -> SnapshotRecord:
    """The snapshot of the epoch in the URL, the last one by default."""
    by_epoch = {epoch_name(numbers.epoch): numbers for numbers in snapshots}
    last = list(by_epoch)[-1]
    asked = EPOCH.value(last, by_epoch, say("explore.epoch.not_there"), say("explore.epoch.last", epoch=last))
    if len(by_epoch) == 1:
        return snapshots[-1]
    return by_epoch[st.select_slider(say("explore.epoch.label"), list(by_epoch), **EPOCH.widget(asked))]


def choose_query(name: str) -> int:
    """The point that asks: clicked on the page, typed, in the URL, or the first one."""
    last = len(runs.labels(name)) - 1
    asked = QUERY.value(0, range(last + 1), say("explore.query.not_there", last=last))
    return st.number_input(say("explore.query.label"), 0, last, help=say("explore.query.help"), **QUERY.widget(asked))


def choose_colour(name: str, steps: int) -> str:
    """What the points are coloured by."""
    offered = point_colours.offered(name, steps)
    asked = COLOUR.among(offered, say("explore.colour.not_there"), colour_in_words)
    return st.selectbox(say("explore.colour.label"), offered, format_func=colour_in_words, **COLOUR.widget(asked))


def choose_search(name: str) -> str:
    """What is looked for in the names of classes and points; says how many it finds."""
    words = st.text_input(
        say("explore.search.label"), placeholder=say("explore.search.hint"), **SEARCH.widget(SEARCH.value(""))
    )
    return words[:80] if words.strip() else ""


def found_in_words(name: str, words: str) -> str:
    """How many points the search has found, and by what."""
    number = len(point_maps.search(name, words))
    if not number:
        return say("explore.search.nothing", words=words.strip())
    found = count("explore.search.found", number)
    others = point_maps.left_aside(name, words)
    return joined("sentences", [found, count("explore.search.aside", others)]) if others else found


def colour_in_words(by: str) -> str:
    """What a colour is called."""
    return by.removeprefix(OWN) if by.startswith(OWN) else say(f"explore.colour.{by}")


def key_in_words(by: str, *, is_known: bool, classes: int) -> str:
    """What the colours of the map mean, of a run with so many classes."""
    if by in OF_NEIGHBOURS and not is_known:
        return say("explore.key.waiting", colour=colour_in_words(by))
    if by.startswith(OWN):
        return say("explore.key.own", column=by.removeprefix(OWN))
    colours = len(palette.CLASSES["light"])
    if by == CLASS and classes > colours:
        return say("explore.key.class_many", classes=classes, colours=colours)
    return say(f"explore.key.{by}")


def make_query(row: int) -> None:
    """Have the page ask with another point."""
    QUERY.keep(row)
