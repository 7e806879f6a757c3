"""The pairs that a threshold judges wrongly, as images, and the samples whose label they put in doubt."""

from __future__ import annotations

import streamlit as st

from core.jobs.withdraw_samples import take_out
from core.statistics.crossing import ALL
from dashboard.lookups import runs, wrong_pairs
from dashboard.lookups.scored_pairs import WrongPair
from dashboard.lookups.wrong_pairs import EACH, SHOWN_PAIRS, Suspected
from dashboard.markdown import plain
from dashboard.runs.submit import submit
from dashboard.settings import ORDER, RUN
from dashboard.verify.chosen import Chosen
from dashboard.verify.sentences import share_in_words
from dashboard.wording import joined, say

TITLE = "sections.title.wrong_pairs"
WORST, BY_SAMPLE = "worst", "samples"
ORDERS = ("nearest", WORST, BY_SAMPLE)
LIST_HEIGHT = 232


def show(chosen: Chosen) -> None:
    """Draw the pairs on the wrong side of the threshold with their images, or the samples that are in many of them."""
    has_samples = not runs.is_of_pairs(chosen.name)
    by_sample = has_samples and chosen.pairs == ALL  # what speaks against a label are all of its pairs
    offered = [order for order in ORDERS if by_sample or order != BY_SAMPLE]
    order = st.segmented_control(
        say("sections.order.label"),
        offered,
        required=True,
        format_func=_order,
        label_visibility="collapsed",
        **ORDER.widget(ORDER.among(offered, shown=_order)),
    )
    said = share_in_words(chosen, of_all=order == BY_SAMPLE)
    if order == BY_SAMPLE:
        st.caption(joined("sentences", [say("sections.labels.suspects_help"), said]))
        rows = _show_suspects(chosen)
    else:
        marking = say("sections.labels.marking") if has_samples else ""
        st.caption(joined("sentences", [say("sections.pairs.spread", each=EACH), said, marking]))
        rows = [row for is_same in (False, True) for row in _show_pairs(chosen, is_same, worst_first=order == WORST)]
    if has_samples:
        _offer_to_take_out(chosen, rows)


def _order(order: str) -> str:
    return say(f"sections.order.{order}")


def _show_pairs(chosen: Chosen, is_same: bool, *, worst_first: bool) -> list[int]:
    """Pairs of one kind; the rows of their samples."""
    key = f"verify.more.{chosen.name}.{is_same}"
    count = st.session_state.get(key, SHOWN_PAIRS)
    pairs = wrong_pairs.wrong_pairs(
        chosen.name,
        chosen.step,
        chosen.outcome.threshold,
        is_same,
        protocol=chosen.outcome.protocol,
        worst_first=worst_first,
        count=count,
        pairs=chosen.pairs,
    )
    st.markdown(say("sections.pairs.rejects" if is_same else "sections.pairs.accepts"))
    if not pairs:
        st.caption(say("sections.pairs.no_rejects" if is_same else "sections.pairs.no_accepts"))
    with st.container(horizontal=True, gap="xsmall", key=f"verify.pairs.{is_same}"):
        for place, pair in enumerate(pairs):
            _show_pair(chosen.name, pair, f"verify.pair.{is_same}.{place}")
        if len(pairs) == count:
            label = say("sections.pairs.more", more=SHOWN_PAIRS)
            st.button(label, key=f"{key}.button", on_click=_show_more, args=(key, count), type="tertiary")
    return [row for pair in pairs for row in pair.rows]


def _show_pair(name: str, pair: WrongPair, key: str) -> None:
    """A pair, and below it a button for each sample, which says that its label is wrong or takes that back."""
    if pair.image:
        # As wide as pages.css says, so that the buttons stand below the image.
        with st.container(horizontal=True, width="content", gap="xxsmall", key=f"{key}.image"):
            st.image(pair.image, pair.caption, width="stretch", alt=pair.bare)
            _show_buttons(name, pair, key)
        return
    with st.container(border=True, width="content", gap=None):
        st.caption(pair.caption)
        if pair.rows:
            with st.container(horizontal=True, gap="xxsmall"):
                _show_buttons(name, pair, key)


def _show_buttons(name: str, pair: WrongPair, key: str) -> None:
    called, marked = runs.point_names(name), _marked(name)
    for end, row in enumerate(pair.rows):
        st.button(
            plain(called[row]),
            key=f"{key}.{end}",
            icon=":material/check:" if row in marked else None,
            type="tertiary",
            on_click=_mark,
            args=(name, row),
        )


def _show_suspects(chosen: Chosen) -> list[int]:
    """A list to go through and the sample that is chosen there; the rows of all of them."""
    found = wrong_pairs.suspects(chosen.name, chosen.step, chosen.outcome.threshold)
    if not found:
        st.caption(say("sections.labels.no_suspects"))
        return []
    listed, shown = st.columns([1.1, 1], gap="small")
    with listed, st.container(height=LIST_HEIGHT):
        place = st.radio(
            say("sections.labels.suspects"),
            range(len(found)),
            format_func=lambda place: in_short(chosen.name, found[place]),
            key=f"verify.suspect.{chosen.name}.{chosen.step}",
            label_visibility="collapsed",
        )
    with shown:
        one = found[place]
        if one.image:
            with st.container(width="content", key="verify.suspect.image"):
                st.image(one.image, width="stretch", alt=runs.point_names(chosen.name)[one.suspect.row])
        st.markdown(in_words(chosen.name, one))
        is_marked = one.suspect.row in _marked(chosen.name)
        st.button(
            say("sections.labels.right" if is_marked else "sections.labels.wrong"),
            key="verify.mark",
            icon=":material/undo:" if is_marked else ":material/person_remove:",
            on_click=_mark,
            args=(chosen.name, one.suspect.row),
        )
    return [one.suspect.row for one in found]


def in_short(name: str, suspected: Suspected) -> str:
    """A line of the list: the sample, its identity and the one it is accepted by."""
    one, names = suspected.suspect, runs.class_names(name)
    own, row = names[runs.labels(name)[one.row]], runs.point_names(name)[one.row]
    return plain(say("sections.labels.short", sample=row, own=own, other=names[one.other]))


def in_words(name: str, suspected: Suspected) -> str:
    """By how many of both identities the sample is accepted."""
    one, names = suspected.suspect, runs.class_names(name)
    return say(
        "sections.labels.suspect",
        sample=plain(runs.point_names(name)[one.row]),
        own=plain(names[runs.labels(name)[one.row]]),
        other=plain(names[one.other]),
        count=one,
    )


def _offer_to_take_out(chosen: Chosen, rows: list[int]) -> None:
    """Samples whose label is wrong are left out of a new measurement; the run with them stays."""
    called, labels, names = runs.point_names(chosen.name), runs.labels(chosen.name), runs.class_names(chosen.name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        wrong = st.multiselect(
            say("sections.labels.marked"),
            list(dict.fromkeys([*rows, *_marked(chosen.name)])),
            format_func=lambda row: say("sections.labels.sample", identity=names[labels[row]], sample=called[row]),
            key=_marks(chosen.name),
            placeholder=say("sections.labels.marked_hint"),
            label_visibility="collapsed",
        )
        st.button(
            say("sections.labels.measure"),
            icon=":material/person_remove:",
            on_click=_take_out,
            args=(chosen.name, chosen.step, wrong),
            disabled=not wrong,
        )
        without = runs.record(chosen.name).without
        if without:
            label = say("sections.labels.back", rows=len(without.rows))
            st.button(label, icon=":material/undo:", on_click=RUN.keep, args=(without.run,))
    if "verify.problem" in st.session_state:
        st.error(st.session_state["verify.problem"])


def _marks(name: str) -> str:
    return f"verify.wrong.{name}"


def _marked(name: str) -> list[int]:
    return st.session_state.get(_marks(name), [])


def _mark(name: str, row: int) -> None:
    """Say that a label is wrong, or take it back."""
    before = _marked(name)
    st.session_state[_marks(name)] = [one for one in before if one != row] if row in before else [*before, row]


def _show_more(key: str, count: int) -> None:
    st.session_state[key] = count + SHOWN_PAIRS


def _take_out(name: str, step: int, rows: list[int]) -> None:
    st.session_state.pop("verify.problem", None)
    try:
        submit(lambda store: take_out(store, name, runs.run_of(name), step, rows))
    except ValueError as problem:
        st.session_state["verify.problem"] = str(problem)
