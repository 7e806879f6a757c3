"""State in the address of a page, in one way: whatever it names is declared in settings.py, and only this file reads
and writes it.

What an address says is kept in the session, too, and travels with the reader from page to page, where Streamlit drops
it. So nothing is lost that is chosen while the server still answers: a message with an older address is told from a
way back in the browser, and from an address that was typed. Refused: Streamlit's own binding of widgets, with which a
way back from another page leads to an address without its settings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import notices
from dashboard.components.address import name_in_place
from dashboard.wording import say

Value = TypeVar("Value")
KEPT, SEEN, PLACED, WAYS_BACK = "url.kept", "url.seen", "url.placed", "url.ways_back"
FOLLOWED, PAGE = "url.followed", "url.page"  # whether this run answers a link, no gesture or way back; the last page
CHANGES = "url.changes"  # addresses before each change on this page
FIXED, INSTEAD = "url.fixed", "url.instead"  # settings that stay; what the address says once a note is closed
IN_LINKS, SUPPOSED = "url.in_links", "url.supposed"  # what links say beside the address; another address for a while
HIDDEN = "<style>[class*=st-key-address] { display: none }</style>"  # before its script is there, too
MOST_SEEN = 100  # addresses of one session that a late message may still come from
MOST_CHANGES = 50  # that can be taken back


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """A value that stands in the address under a name, unless it is the default.

    `read` raises ValueError for text that means nothing; what the address asks for in vain falls back, with a note.
    """

    name: str
    read: Callable[[str], Value]
    write: Callable[[Value], str]
    default: Value | None = None
    noun: str = ""
    """The key of what notes call it, in [noun] and [kind] of words/en/address.toml; its name where there is none."""
    key: str = ""
    """Of the widget, where it differs from `url.NAME`."""

    @property
    def text(self) -> str | None:
        """What stands in the address, whatever it means; None where nothing does."""
        return _address().get(self.name)

    @property
    def is_fixed(self) -> bool:
        """Whether it stays as the address has it, whatever is chosen on the page."""
        return self.name in st.session_state.get(FIXED, ())

    def value(self, otherwise: Value, offered: Container[Value] | None = None, why: str = "", shown: str = "") -> Value:
        """What the address says, if it is among what is offered; a note says why not, and what is shown instead."""
        text = self.text
        if text is None:
            return otherwise
        try:
            asked = self.read(text)
            if offered is None or asked in offered:
                return asked
        except ValueError:
            why = why or say("address.note.no_such", kind=self._kind)
        self.refuse(why or say("address.note.not_offered"), shown or self.write(otherwise))
        return otherwise

    def among(self, offered: Sequence[Value], why: str = "", shown: Callable[[Value], str] | None = None) -> Value:
        """What the address says, if it is offered, or else what is offered first, in the words that the page has."""
        return self.value(offered[0], offered, why, (shown or self.write)(offered[0]))

    def refuse(self, why: str, shown: str, instead: Value | None = None) -> None:
        """Say that what the address asks for is not shown, why, and what is; closing the note takes it out, or has the
        address say this instead."""
        if SUPPOSED in st.session_state:  # no reader's address
            return
        text = (self.text or "")[:80]
        if instead is not None:
            st.session_state[INSTEAD] = {**st.session_state.get(INSTEAD, {}), self.name: self.write(instead)}
        notices.add(self.name, say("address.note.refused", noun=self._noun, text=text, why=why, shown=shown))

    def keep(self, value: Value | None, without: Sequence[Setting[Any]] = ()) -> None:
        """Have the address say this; the default and None take it out, and so goes what is named beside it."""
        keep_together([(self, value), *((other, None) for other in without)])

    def put_in_links(self, value: Value | None) -> None:
        """Have links to this page say this beside its address, which does not: state that is kept elsewhere."""
        others = {name: text for name, text in in_links().items() if name != self.name}
        st.session_state[IN_LINKS] = others if value is None else others | {self.name: self.write(value)}

    def take_along(self, value: Value, without: Sequence[Setting[Any]] = ()) -> None:
        """Have the address of the page that is gone to next say this, and no more what is in `without`."""
        gone = {other.name for other in without}
        kept = {name: text for name, text in _address().items() if name not in gone}
        _remember(kept | {self.name: self.write(value)})

    def keep_in_place(self, value: Value) -> None:
        """Have the address say what is shown without anybody's choice: no way back leads to the address without it."""
        if self.text is None:
            before = urlencode(_address())
            _remember(_address() | {self.name: self.write(value)})
            name_in_place(urlencode(_address()), before=before, key=f"address.{self.name}")

    def named(self, names: Mapping[str, Value]) -> Setting[Value]:
        """This setting where each value that is offered has names of its own; the first one is written."""
        written: dict[Value, str] = {}
        for name, value in names.items():
            written.setdefault(value, name)

        def read(text: str) -> Value:
            if text not in names:
                raise ValueError(f"{self._noun} must be one of {', '.join(names)}, got {text!r}.")
            return names[text]

        return replace(self, read=read, write=written.__getitem__)

    def widget(
        self,
        value: Value | None,
        then: Callable[[], None] | None = None,
        without: Sequence[Setting[Any]] = (),
    ) -> dict[str, Any]:
        """Arguments of a widget that shows this value; the address keeps what is chosen instead, `without` others."""
        key = self.key or f"url.{self.name}"
        if st.session_state.get(key) != value:  # at first, and on a way back in the browser
            st.session_state[key] = value

        def keep() -> None:
            before = self.text
            if st.session_state[key] is not None:  # as when the widget is drawn again after a while without it
                self.keep(st.session_state[key], without)
            if then and self.text != before:  # a widget that goes is said to change as well
                then()

        return {"key": key, "on_change": keep}

    def link(self, value: Value) -> str:
        """The address of this page as it is, with this value."""
        return f"{st.context.url or ''}?{urlencode(_address() | {self.name: self.write(value)})}"

    @property
    def _noun(self) -> str:
        return say(f"address.noun.{self.noun}") if self.noun else self.name

    @property
    def _kind(self) -> str:
        return say(f"address.kind.{self.noun}") if self.noun else self.name


@dataclass(frozen=True)
class Between:
    """The numbers from one to another, both among them."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, (int, float)) and self.low <= value <= self.high


def arrive() -> None:
    """Before anything reads the address: what the browser's history says is what it says."""
    told = dict(st.query_params)
    is_new = bool(told) and KEPT in st.session_state and urlencode(told) not in st.session_state.get(SEEN, ())
    st.session_state[FOLLOWED] = is_new and not is_way_back()
    if is_way_back():
        changes = st.session_state.get(CHANGES, ())
        if changes and changes[-1] == told:
            st.session_state[CHANGES] = changes[:-1]
        _remember(told)
        st.session_state[WAYS_BACK] = ways_back() + 1


def begin(page: str) -> None:
    """Before a page draws, and after `arrive`: notes have their place, and the address has what travelled here."""
    notices.begin(_drop)
    st.html(HIDDEN)
    st.session_state[IN_LINKS] = {}
    told, address = dict(st.query_params), _address()
    is_overtaken = bool(told) and told != address  # the message that said so went with a run that was overtaken
    is_same_page = st.session_state.get(PAGE) == page
    if not is_same_page:
        st.session_state[PAGE], st.session_state[CHANGES] = page, ()
    if is_overtaken or (is_same_page and st.session_state[FOLLOWED]):  # a link to its own page leaves the browser's
        _tell(address)
    if not told or PLACED not in st.session_state:  # as after a change of pages; else nothing new is sent
        st.session_state[PLACED] = urlencode(address), urlencode(told), page
    query, before, where = st.session_state[PLACED]
    name_in_place(query, before=before, page=where, key="address")


def ways_back() -> int:
    """How often the reader has gone back or forward in the browser."""
    return st.session_state.get(WAYS_BACK, 0)


def keep_together(values: Sequence[tuple[Setting[Any], Any]]) -> None:
    """Have the address say all of this, as one step of the browser's history."""
    address = _address()
    texts = {
        one.name: None if value is None or value == one.default else one.write(value)
        for one, value in values
        if not one.is_fixed
    }
    if any(address.get(name) != text for name, text in texts.items()):
        _keep({name: text for name, text in (address | texts).items() if text is not None})


def fill_in(texts: Mapping[str, str]) -> None:
    """Have the address say of these names what is given, where it says nothing yet; no way back leads to the address
    without it."""
    before = _address()
    if missing := {name: text for name, text in texts.items() if name not in before}:
        _remember(before | missing)
        name_in_place(urlencode(_address()), before=urlencode(before), key="address.filled_in")


def address_with(values: Sequence[tuple[Setting[Any], Any]], without: Sequence[Setting[Any]] = ()) -> dict[str, str]:
    """What the address of another page says after a link to it: what travels there, with these values and without
    others."""
    gone = {one.name for one in without}
    kept = {name: text for name, text in _address().items() if name not in gone}
    return kept | {one.name: one.write(value) for one, value in values}


def fix(names: Collection[str]) -> None:
    """Have these settings, by name, stay as the address has them, whatever is chosen on the page."""
    st.session_state[FIXED] = frozenset(names)


def in_links() -> dict[str, str]:
    """What a link to this page says beside its address."""
    return dict(st.session_state.get(IN_LINKS, {}))


def whole() -> dict[str, str]:
    """What the address says, with what links say beside it."""
    return _address() | in_links()


def can_undo() -> bool:
    """Whether anything in the address was changed on this page."""
    return bool(st.session_state.get(CHANGES))


def undo() -> None:
    """Take back the last change of the address on this page; the browser's way back does so, too."""
    if can_undo():
        *earlier, before = st.session_state[CHANGES]
        st.session_state[CHANGES] = tuple(earlier)
        st.session_state[WAYS_BACK] = ways_back() + 1  # figures stand where the address says
        _tell(before)


def reset(but: Collection[str]) -> None:
    """Have the address say nothing but what it says under these names, and what is fixed."""
    kept = {*but, *st.session_state.get(FIXED, ())}
    st.session_state[WAYS_BACK] = ways_back() + 1
    _keep({name: text for name, text in _address().items() if name in kept})


@contextmanager
def supposing(address: Mapping[str, str]) -> Generator[None]:
    """Read settings as if the address said this; nothing may be kept meanwhile."""
    st.session_state[SUPPOSED] = dict(address)
    try:
        yield
    finally:
        del st.session_state[SUPPOSED]


def is_way_back() -> bool:
    """Whether the reader went back or forward in the browser to be here: the address decides everything then."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


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


def number(value: float) -> str:
    """A number with all its digits, a whole one without a point."""
    return str(int(value)) if value == int(value) else str(value)


def truth(text: str) -> bool:
    """True or false, in any case."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"a truth must be true or false, got {text!r}.")
    return text.lower() == "true"


def words(text: str) -> list[str]:
    """Words with commas between them."""
    return text.split(",")


def names(text: str) -> list[str]:
    """Names out of files, as `in_a_line` has written them."""
    return [unquote(name) for name in text.split(",")]


def in_a_line(listed: Sequence[str]) -> str:
    """Names out of files, which may hold commas, with commas between them."""
    return ",".join(name.replace("%", "%25").replace(",", "%2C") for name in listed)


def _address() -> dict[str, str]:
    """What the address says: the browser's own where it was opened or typed."""
    if SUPPOSED in st.session_state:
        return dict(st.session_state[SUPPOSED])
    told, kept = dict(st.query_params), st.session_state.get(KEPT)
    is_new = bool(told) and urlencode(told) not in st.session_state.get(SEEN, ())
    if kept is None or is_new:
        _remember(told)
        return told
    return dict(kept)


def _drop(names: Sequence[str]) -> None:
    instead = st.session_state.get(INSTEAD, {})
    address = {name: instead.get(name, "") if name in names else text for name, text in _address().items()}
    _keep({name: text for name, text in address.items() if text or name not in names})


def _keep(address: Mapping[str, str]) -> None:
    st.session_state[CHANGES] = (*st.session_state.get(CHANGES, ()), _address())[-MOST_CHANGES:]
    _tell(address)


def _tell(address: Mapping[str, str]) -> None:
    _remember(address)
    st.query_params.from_dict(dict(address))


def _remember(address: Mapping[str, str]) -> None:
    seen = st.session_state.get(SEEN, ())
    if urlencode(address) not in seen:
        st.session_state[SEEN] = (*seen, urlencode(address))[-MOST_SEEN:]
    st.session_state[KEPT] = dict(address)
