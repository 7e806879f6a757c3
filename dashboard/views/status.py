"""Status: how the server does, for whoever looks after it."""

import platform

import streamlit as st

from core.engine.overview import Overview
from core.runs.queue_places import place_of
from core.runs.store import Row
from core.system.locations import ROOT
from dashboard.components.page_end import guarded
from dashboard.entrance import visitors
from dashboard.lookups import runs, server_status
from dashboard.lookups.runs import state_in_words
from dashboard.markdown import plain, table
from dashboard.runs.run_panel import asked_for_by
from dashboard.runs.waiting import place_in_words
from dashboard.wording import say

LOOK_SECONDS = 5.0
HEALTH = "/api/health"


def size(count: int) -> str:
    """Bytes, as one says them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def watch() -> None:
    """All of it, at this moment."""
    now = server_status.status()
    facts = {
        say("pages.status.engine"): engine(now.engine, len(now.at_work)),
        say("pages.status.waiting"): waiting(now.waiting),
        say("pages.status.memory"): memory(now),
        say("pages.status.disk"): say("pages.status.disk_is", used=size(now.store), free=size(now.free_disk)),
        say("pages.status.way"): way(),
        say("pages.status.versions"): versions(),
    }
    st.markdown("\n".join(f"- **{name}:** {fact}" for name, fact in facts.items()))
    if shown := [*now.at_work, *now.waiting]:
        head = [say("pages.status.run"), say("pages.status.state")]
        is_of_many = not visitors.chosen_way.is_open
        lines = [[plain(row.title), stands(row), *([asked_for_by(row)] if is_of_many else [])] for row in shown]
        st.markdown(table([*head, *([say("pages.status.by")] if is_of_many else [])], lines))
    st.caption(say("pages.status.look", seconds=LOOK_SECONDS, path=HEALTH))


def engine(seen: Overview, busy: int) -> str:
    """Whether one is there, and how many of its workers are at work."""
    if seen.process is None:
        return say("pages.status.asleep")
    said = say("pages.status.awake", process=seen.process, ready=seen.ready, slots=seen.slots + 1, busy=busy)
    if seen.compiling:
        said += " · " + say("pages.status.compiling", workers=plain(", ".join(seen.compiling)))
    return said


def waiting(rows: list[Row]) -> str:
    """How many runs wait."""
    return say("pages.status.runs", count=len(rows)) if rows else say("pages.status.nobody")


def memory(now: server_status.Status) -> str:
    """Of every process, and what is left."""
    parts = {say("pages.status.page"): now.page_memory} | now.engine.memory
    said = [say("pages.status.memory_of", name=name, size=size(count)) for name, count in parts.items()]
    return " · ".join([*said, say("pages.status.free", size=size(now.free_memory))])


def way() -> str:
    """Who may enter, and as whom one has; no code."""
    chosen, visitor = visitors.chosen_way, visitors.now()
    if visitor is None:
        return say("pages.status.alone")
    said = say("pages.status.proxy", header=plain(chosen.header)) if chosen.header else say("pages.status.class")
    who = "pages.status.teacher" if visitor.is_teacher else "pages.status.you"
    return f"{said} · {say(who, name=plain(visitor.name))}"


def versions() -> str:
    """Of what results depend on."""
    said = [say("pages.status.python", version=platform.python_version())]
    said += [f"{name} {number}" for name, number in server_status.versions().items()]
    if commit := server_status.code_of(ROOT):
        said.append(say("pages.status.code", commit=commit))
    return plain(" · ".join(said))


def stands(row: Row) -> str:
    """Where a run is, and its place where it waits."""
    return " · ".join([state_in_words(row), *([place_in_words(row)] if place_of(runs.store(), row) else [])])


st.subheader(say("pages.status.title"), anchor=False)
st.fragment(guarded(watch), run_every=LOOK_SECONDS)()
