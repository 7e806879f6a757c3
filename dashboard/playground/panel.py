"""The playground on a page: of one loss for a lesson, or of any with its menus, and all of it in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.lessons import LESSONS
from core.losses import LOSSES
from core.params import params_of
from dashboard.components.loss_playground import Told, loss_playground
from dashboard.core_words import named
from dashboard.playground.situation import SWITCHES, Situation, declared, parts_of, points_of, situation_of, values_of
from dashboard.playground.starts import SPACES, STARTS, points_at, start_for
from dashboard.settings import LESSON, OF_ONE_PLAYGROUND, PARTS, PLAY, POINTS, SPACE, START, STEP, VALUES
from dashboard.url import Setting, keep_together
from dashboard.wording import ENGLISH, catalogue, say


def offered() -> list[str]:
    """The losses of core that have a sentence in the catalogue, which those with a formula in JavaScript have."""
    return [name for name in LOSSES if f"playground.idea.{name.replace('-', '_')}" in catalogue(ENGLISH)]


def page() -> None:
    """The playground of any loss, with its menus above; in a step of a lesson without them, since it says all of it."""
    step = _step()
    if step is None:
        loss, start, space = _with_menus()
    else:
        loss, start, space = _chosen()
    show(loss, start=start, space=space, first=step)


def _with_menus() -> tuple[str, str, str]:
    """Draw them, and return what they show: a loss, a start and a space."""
    loss, start, space = _chosen()
    heading, menu, points, spaces = st.container(key="head").columns(
        [1.1, 1.6, 2.9, 1.7], vertical_alignment="center", gap="medium"
    )
    heading.subheader(say("pages.playground.name"), anchor=False)
    with menu:
        widget = PLAY.widget(loss, without=(START, *OF_ONE_PLAYGROUND))
        label = say("playground.loss")
        st.selectbox(label, offered(), format_func=_loss_name, label_visibility="collapsed", **widget)
    with points:
        _choice(START, list(STARTS), start, "playground.start")
    with spaces:
        _choice(SPACE, list(SPACES), space, "playground.space")
    st.caption(say(f"playground.idea.{loss.replace('-', '_')}"))
    return loss, start, space


def _chosen() -> tuple[str, str, str]:
    """The loss, the start and the space that the address asks for, each as far as it is offered."""
    loss = PLAY.among(offered(), shown=_loss_name)
    start = START.value(start_for(loss), STARTS, shown=say(f"playground.start.{start_for(loss)}"))
    return loss, start, SPACE.among(list(SPACES), shown=lambda name: say(f"playground.space.{name}"))


def show(
    loss: str,
    *,
    start: str = "",
    space: str = SPACES[0],
    first: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
    plays: bool = False,
    key: str = "playground",
) -> Situation:
    """Draw the playground of a loss, and return what the address says of it.

    `start` names one of `STARTS`; `first` are the texts of an address that a reader comes back to instead, such as
    "a62_-31a10_99b-50_20" of its points. Parameters and switches named in `hidden` are not offered.
    """
    start = start or start_for(loss)
    usual, texts = usual_of(loss, start), {"points": points_at(start, space), "values": "", "parts": ""}
    first = {"space": space} | texts | dict(first or {})
    texts = _texts(loss, first, usual)
    loss_playground(
        key=key,
        then=lambda told: _keep(told, loss, space),
        loss=loss,
        parameters=declared(loss),
        usual=usual,
        start=first,
        state=texts,
        hidden=hidden,
        plays=plays,
    )
    return situation_of(loss, texts, usual)


def _step() -> dict[str, str] | None:
    """What the address says where the step of a lesson begins; None where none stands above this page."""
    try:
        step = LESSONS[LESSON.text or ""].step(STEP.read(STEP.text or "1"))
    except (KeyError, ValueError):
        return None
    if step.page != "playground":
        return None
    return {one.name: step.address[one.name] for one in OF_ONE_PLAYGROUND if one.name in step.address}


def _keep(told: Told, loss: str, space: str) -> None:
    """Have the address say where the reader left it, before the page is drawn again: else the older state would be
    drawn over a newer gesture."""
    if (told.loss, told.space) == (loss, space):
        texts = told.state
        kept = zip(OF_ONE_PLAYGROUND, (texts["points"], texts["values"], texts["parts"]), strict=True)
        keep_together([(setting, text or None) for setting, text in kept])


def asked() -> Situation:
    """What the address asks for, and where it says nothing, how a playground begins."""
    loss, start, space = _chosen()
    usual = usual_of(loss, start)
    first = {"space": space, "points": points_at(start, space), "values": "", "parts": ""} | (_step() or {})
    return situation_of(loss, _texts(loss, first, usual), usual)


def usual_of(loss: str, start: str) -> dict[str, Any]:
    """Every value where nothing else is said: core's defaults, the loss's own distance, and whose pairs count."""
    kind = LOSSES[loss]
    squared = kind.suits.get("distance", {}).get("kind") == "squared-euclidean"
    own = {one.name: one.default for one in params_of(kind)}
    return own | SWITCHES | {"squared": squared, "anchors": "first" if start == "triplet" else "all", "step": 0.02}


def _texts(loss: str, first: Mapping[str, str], usual: Mapping[str, Any]) -> dict[str, str]:
    """The start, and instead of it what the address says as far as that means something; notes say what does not."""
    space = first["space"]
    points = _read(POINTS, first["points"], lambda text: points_of(text, space))
    values = _read(VALUES, "", lambda text: values_of(loss, text, usual))
    return {"space": space, "points": points, "values": values, "parts": _read(PARTS, "", parts_of)}


def _read(setting: Setting[str], otherwise: str, check: Callable[[str], object]) -> str:
    """What the address says of this, if it passes the check."""
    text = setting.text
    if text is None:
        return otherwise
    try:
        check(text)
    except ValueError:
        setting.refuse(say("address.note.not_offered"), say("playground.as_started"))
        return otherwise
    return text


def _choice(setting: Setting[str], offered: list[str], chosen: str, words: str) -> None:
    st.segmented_control(
        say(f"{words}.label"),
        offered,
        required=True,
        format_func=lambda name: say(f"{words}.{name}"),
        label_visibility="collapsed",
        **setting.widget(chosen, without=OF_ONE_PLAYGROUND),
    )


def _loss_name(name: str) -> str:
    return named(name.replace("-", " "))
