"""Your encoder: a network taken from the browser, looked at by a process of its own, its card, and a head to train on
it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model
from core.encoders.base import Encoder
from core.encoders.brought_network import BroughtNetwork
from core.models.image_rule import LAYOUTS, MOST_PIXELS, ORDERS, RANGES, numbers_in
from core.models.kept_models import FORMS, ModelCard, delete_model
from dashboard.core_words import plain_words
from dashboard.entrance.rights import asking_owner, may_see_model
from dashboard.lookups import brought_networks
from dashboard.train import network_card, widget_state
from dashboard.wording import say

SHOWN, FAILED_WITH, POPOVER, FILE = "network.shown", "network.failed", "network.popover", "network.file"


def offer() -> None:
    """A button that opens the panel."""
    with st.popover(":material/neurology:", help=say("network.button"), key=POPOVER, on_change="rerun"):
        if not st.session_state.get(POPOVER):
            return
        admitted = _ask()
        if problem := st.session_state.get(FAILED_WITH):
            st.error(plain_words(problem))
        if admitted:
            st.rerun()
        _show_networks()


def _ask() -> bool:
    """For a file, and how images are prepared for it; whether one has been taken in."""
    with st.expander(say("network.bring"), expanded=not brought_networks.own_cards(), key="network.bring"):
        st.caption(say("network.forms", megabytes=st.get_option("server.maxUploadSize")))
        file = st.file_uploader(say("network.file"), type=list(FORMS), key=FILE)
        with st.expander(say("network.prepared")):
            st.caption(say("network.prepared_help"))
            _ask_for_rule()
        if not st.button(say("network.admit"), type="primary", key="network.admit", disabled=file is None):
            return False
        assert file is not None, "the button is off without a file"
        st.session_state.pop(FAILED_WITH, None)
        try:
            with st.spinner(say("network.working")):
                st.session_state[SHOWN] = _admit(file.name, file.getbuffer()).id
        except (OSError, ValueError) as problem:
            st.session_state[FAILED_WITH] = str(problem)
            return False
        return True


def _ask_for_rule() -> None:
    """Fields for what the author of a network says; an empty one says nothing."""
    for names in (("order", "layout", "range"), ("mean", "deviation", "part"), ("height", "width", "output")):
        for place, name in zip(st.columns(len(names), gap="small", vertical_alignment="bottom"), names, strict=True):
            key, label = f"network.{name}", say(f"network.{name}")
            choices = {"order": ORDERS, "layout": LAYOUTS, "range": RANGES}.get(name)
            if choices:
                place.selectbox(label, choices, index=None, key=key, placeholder=say("network.by_file"))
            elif name in ("height", "width"):
                place.number_input(label, 1, MOST_PIXELS, value=None, step=1, key=key)
            else:
                help_text = say("network.part_help" if name == "part" else "network.each") if name != "output" else None
                place.text_input(label, key=key, help=help_text)


def _admit(name: str, content: memoryview) -> ModelCard:
    """Take in what the browser sent. Raises ValueError where it cannot be taken."""
    said: dict[str, Any] = {
        field: st.session_state.get(f"network.{field}") for field in ("height", "width", "order", "layout", "range")
    }
    for field in ("mean", "deviation", "part"):
        said[field] = numbers_in(say(f"network.{field}"), st.session_state.get(f"network.{field}"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"network{Path(name).suffix}"
        file.write_bytes(content)
        output = str(st.session_state.get("network.output") or "").strip()
        return admit_model(AskedModel(file, name, AskedRule(**said), output), asking_owner().id)


def _show_networks() -> None:
    """The networks of who asks, and the card of the one that is chosen."""
    cards = {one.id: one for one in brought_networks.own_cards()}
    if not cards:
        return
    chosen, ids = st.session_state.get(SHOWN), list(cards)
    st.session_state["network.chosen"] = chosen if chosen in cards else ids[0]
    shown = st.selectbox(
        say("network.list"),
        ids,
        format_func=lambda model_id: cards[model_id].title,
        key="network.chosen",
        on_change=lambda: st.session_state.update({SHOWN: st.session_state["network.chosen"]}),
        label_visibility="collapsed" if len(ids) == 1 else "visible",
    )
    network_card.show(cards[shown])
    with st.container(horizontal=True, gap="small"):
        st.button(
            say("network.use"),
            type="primary",
            key="network.use",
            help=say("network.use_help"),
            on_click=use,
            args=(shown,),
        )
        st.button(
            say("network.delete"),
            icon=":material/delete:",
            key="network.delete",
            help=say("network.delete_help"),
            on_click=_delete,
            args=(shown,),
        )


def show_chosen(encoder: Encoder) -> None:
    """Which network an encoder stands on, where it stands on one of who asks."""
    if isinstance(encoder, BroughtNetwork) and (card := brought_networks.card_of(encoder.model)):
        st.caption(network_card.sentence(card))


def use(model_id: str) -> None:
    """Set the controls to a head on this network, with images that are neither moved nor mirrored."""
    st.session_state[POPOVER] = False
    encoder = {"kind": BroughtNetwork.name, "model": model_id}
    calm = {"encoder": encoder, "schedule": {"shift": 0, "mirror": False}, "augmentation": {"kind": "untouched"}}
    widget_state.put(widget_state.chosen_experiment().changed(calm))


def _delete(model_id: str) -> None:
    st.session_state.pop(SHOWN, None)
    if may_see_model(model_id):
        delete_model(model_id, asking_owner().id)
