"""State in the address of a page, in one way: whatever it names is declared in settings.py, and only this file reads
and writes it.

A widget whose words are also those of the address is `Bound`: Streamlit itself keeps the two equal, without losing what
is typed while the server answers. Everything else is a `Setting`: a choice that the address calls by a name which
outlives the words on the page (a run, a section), and what no widget holds, such as a handle that is dragged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import streamlit as st

Value = TypeVar("Value")


@dataclass(frozen=True)
class Bound:
    """A widget's value that stands in the address in the widget's own words, while it is drawn and not its default."""

    name: str

    def widget(self, offered: Collection[Any] | None = None) -> dict[str, Any]:
        """Arguments of the widget, which begins anew where its value is not offered any more."""
        if offered is not None and st.session_state.get(self.name) not in offered:
            st.session_state.pop(self.name, None)
        return {"key": self.name, "bind": "query-params"}

    @property
    def is_named(self) -> bool:
        """Whether the widget has a value, or the address one for it."""
        return self.name in st.session_state or self.name in st.query_params

    def held(self, otherwise: Any) -> Any:
        """The widget's value, where it has one."""
        return st.session_state.get(self.name, otherwise)

    def keep(self, value: Any) -> None:
        """Let the widget have this value, and so the address."""
        st.session_state[self.name] = value


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """A value that stands in the address under a name, unless it is the default.

    `read` raises ValueError for text that means nothing; what the address asks for in vain counts as not asked.
    """

    name: str
    read: Callable[[str], Value]
    write: Callable[[Value], str]
    default: Value | None = None

    @property
    def text(self) -> str | None:
        """What stands in the address, whatever it means; None where nothing does."""
        return st.query_params.get(self.name)

    def value(self, otherwise: Value, offered: Collection[Value] | None = None) -> Value:
        """What the address says, if it is among what is offered."""
        asked = self._asked()
        if asked is None or (offered is not None and asked not in offered):
            return otherwise
        return asked

    def among(self, offered: Sequence[Value]) -> Value:
        """What the address says, if it is offered, or else what is offered first."""
        return self.value(offered[0], offered)

    def keep(self, value: Value | None) -> None:
        """Have the address say this; the default and None take it out."""
        text = None if value is None or value == self.default else self.write(value)
        if text == self.text:
            return
        if text is None:
            del st.query_params[self.name]
        else:
            st.query_params[self.name] = text

    def widget(self, value: Value, then: Callable[[], None] | None = None) -> dict[str, Any]:
        """Arguments of a widget that shows this value; the address keeps what is chosen instead."""
        key = f"url.{self.name}"
        if st.session_state.get(key) != value:  # at first, and on a way back in the browser
            st.session_state[key] = value

        def keep() -> None:
            if st.session_state[key] is not None:  # as when the widget is drawn again after a while without it
                self.keep(st.session_state[key])
            if then:
                then()

        return {"key": key, "on_change": keep}

    def link(self, value: Value) -> str:
        """The address of this page as it is, with this value."""
        query = st.query_params.to_dict() | {self.name: self.write(value)}
        return f"{st.context.url or ''}?{urlencode(query)}"

    def _asked(self) -> Value | None:
        text = self.text
        try:
            return None if text is None else self.read(text)
        except ValueError:
            return None


def finite(text: str) -> float:
    """A number that is one."""
    value = float(text)
    if not abs(value) < float("inf"):
        raise ValueError(f"a number must be finite, got {text!r}.")
    return value


def not_negative(text: str) -> float:
    """A number from 0 up."""
    value = float(text)
    if not value >= 0:
        raise ValueError(f"a number must not be negative, got {text!r}.")
    return value


def words(text: str) -> list[str]:
    """Words with commas between them."""
    return text.split(",")
