"""Status: how the server does, for whoever looks after it."""

import platform

import streamlit as st

from core.engine.overview import Overview
from core.system.locations import ROOT
from dashboard.components.page_end import guarded
from dashboard.entrance import visitors
from dashboard.lookups import server_status
from dashboard.lookups.disk_use import size_in_words
from dashboard.markdown import plain
from dashboard.runs import queue_view
from dashboard.wording import count, joined, say

LOOK_SECONDS = 5.0
HEALTH = "/api/health"


def watch() -> None:
    """All of it, at this moment."""
    now = server_status.status()
    facts = {
        say("pages.status.engine"): engine(now.engine, now.at_work),
        say("pages.status.waiting"): waiting(now.waiting),
        say("pages.status.memory"): memory(now),
        say("pages.status.disk"): say(
            "pages.status.disk_is", used=size_in_words(now.store), free=size_in_words(now.free_disk)
        ),
        say("pages.status.way"): way(),
        say("pages.status.versions"): versions(),
    }
    st.markdown("\n".join(f"- {say('pages.status.fact', name=name, fact=fact)}" for name, fact in facts.items()))
    queue_view.show()
    st.caption(say("pages.status.look", seconds=LOOK_SECONDS, path=HEALTH))


def engine(seen: Overview, busy: int) -> str:
    """Whether one is there, and how many of its workers are at work."""
    if seen.process is None:
        return say("pages.status.asleep")
    said = say("pages.status.awake", process=seen.process, ready=seen.ready, slots=seen.slots + 1, busy=busy)
    if seen.compiling:
        said += " · " + say("pages.status.compiling", workers=plain(joined("things", seen.compiling)))
    return said


def waiting(number: int) -> str:
    """How many runs wait."""
    return count("pages.status.runs", number) if number else say("pages.status.nobody")


def memory(now: server_status.Status) -> str:
    """Of every process, and what is left."""
    parts = {say("pages.status.page"): now.page_memory} | now.engine.memory
    said = [say("pages.status.memory_of", name=name, size=size_in_words(taken)) for name, taken in parts.items()]
    return " · ".join([*said, say("pages.status.free", size=size_in_words(now.free_memory))])


def disk(now: server_status.Status) -> str:
    """What the store takes of it, and what is left."""
    return say("pages.status.disk_is", used=size_in_words(now.store), free=size_in_words(now.free_disk))


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


st.subheader(say("pages.status.title"), anchor=False)
st.fragment(guarded(watch), run_every=LOOK_SECONDS)()
