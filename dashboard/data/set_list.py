"""The sets that are there for who asks: their own, what others share, what is archived or deleted; and the card of the
one that is chosen, with what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.admission import room
from core.datasets.admitted import DataCard
from dashboard.data import card, opening, set_editor
from dashboard.entrance.rights import asking_owner
from dashboard.lookups import admitted_data
from dashboard.lookups.admitted_data import Group, ListedSet
from dashboard.markdown import plain
from dashboard.wording import joined, say

PUT_AWAY = (Group.ARCHIVED, Group.DELETED)
SHOWN, GROUP, CHOSEN = "data.shown", "data.group", "data.chosen"


def show(
    page: str,
    train: Callable[[str], None] | None,
    mend: Callable[[str, str], None],
    give_roles: Callable[[str, dict[str, str]], None],
    *,
    is_refused: bool = False,
) -> None:
    """The list and the card; `page` is where the list stands, `train` what uses a set there (see opening.py), and a
    click on a mend or on other roles of columns calls the others. The reader's newest set is chosen at first, and none
    of others'; none at all where files have just been refused, whose card it would seem to be."""
    set_editor.offer_undo()
    sets = admitted_data.listed()
    if not sets:
        return
    one = _choose(_of_group(sets), is_refused=is_refused)
    if one is None:
        return
    if one.group in PUT_AWAY:
        st.caption(say(f"data.away.{one.group}"))
    if one.by:
        st.caption(say(f"data.by.{'shared' if one.group is Group.SHARED else 'brought'}", names=_named(one.by)))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="data.actions"):
        if one.group is not Group.DELETED:
            opening.offer(one, page, train)
        set_editor.menu(one)
    set_editor.editor(one)
    if one.group is not Group.DELETED:
        opening.offer_runs(one.card.id)
    _offer_way_back(one)
    if one.may_change and one.group is not Group.DELETED:
        card.show(one.card, mend, give_roles)
    else:
        card.show(one.card)
    _say_how_much()


def _of_group(sets: list[ListedSet]) -> list[ListedSet]:
    """Those of the group that is chosen; of the set that was shown last, where none is."""
    groups = [group for group in Group if any(one.group is group for one in sets)]
    if st.session_state.get(GROUP) not in groups:
        shown = {one.card.id: one.group for one in sets}.get(st.session_state.get(SHOWN, ""))
        st.session_state[GROUP] = shown or groups[0]
    if len(groups) > 1:
        st.pills(
            say("data.panel.which"),
            groups,
            required=True,
            format_func=lambda group: say(f"data.group.{group}"),
            key=GROUP,
            label_visibility="collapsed",
        )
    return [one for one in sets if one.group is st.session_state[GROUP]]


def _choose(sets: list[ListedSet], *, is_refused: bool) -> ListedSet | None:
    by_id = {one.card.id: one for one in sets}
    ids, chosen = list(by_id), st.session_state.get(SHOWN)
    first = None if is_refused or sets[0].group is Group.SHARED else ids[0]
    st.session_state[CHOSEN] = chosen if chosen in by_id else first
    shown = st.selectbox(
        say("data.panel.sets"),
        ids,
        index=0 if st.session_state[CHOSEN] else None,  # without a value nothing can be cleared
        placeholder=say("data.panel.choose"),
        format_func=lambda data_id: in_the_list(by_id[data_id]),
        key=CHOSEN,
        on_change=lambda: st.session_state.update({SHOWN: st.session_state[CHOSEN]}),
        label_visibility="collapsed" if len(ids) == 1 else "visible",
    )
    return by_id.get(shown or "")


def in_the_list(one: ListedSet) -> str:
    """What a set is called there: its title, its size, and whose it is where it is somebody else's."""
    words = say("data.panel.set", title=one.card.title, count=one.card.count, mended=_mended(one.card))
    return words + (say("data.panel.by", names=joined("things", one.by)) if one.by else "")


def _mended(of_set: DataCard) -> str:
    """What tells a set from the one that it was made of."""
    if of_set.mends:
        mends = (say(f"data.mended.{card.key_of(name)}") for name in of_set.mends)
        return say("data.panel.mended", mends=joined("things", mends))
    return say("data.panel.other_roles") if of_set.origin.get("mended") else ""


def _offer_way_back(one: ListedSet) -> None:
    """To the set that this one was made of, where that is still there for who asks."""
    before = str(one.card.origin.get("mended", ""))
    if before and admitted_data.set_of(before) is not None:
        st.button(
            say("data.panel.back"),
            key="data.back",
            icon=":material/undo:",
            help=say("data.panel.back_help"),
            type="tertiary",
            on_click=_show_set,
            args=(before,),
        )


def _show_set(data_id: str) -> None:
    st.session_state[SHOWN] = data_id
    st.session_state.pop(GROUP, None)


def _named(names: tuple[str, ...]) -> str:
    return joined("things", map(plain, names))


def _say_how_much() -> None:
    """How much of what one person may keep is taken."""
    owner = asking_owner()
    if owner.is_limited:
        kept, most = room.bytes_of_owner(owner.id) / room.GB, room.most_of_one() / room.GB
        st.caption(say("data.panel.kept", kept=kept, most=most))
