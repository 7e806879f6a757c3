"""The recorded runs that play on Learn: what they are called, in addresses of earlier versions, too."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.wording import ENGLISH, catalogue, say

STORIES = {  # of the recordings, as the catalogue calls them
    "digits-semi-hard": "semi_hard",
    "digits-batch-hard": "batch_hard",
    "digits-softmax": "softmax",
    "fashion-batch-hard": "collapse",
}


def title(name: str) -> str:
    """What a recording is called."""
    return say(f"pages.learn.{STORIES[name]}.title")


def short_title(name: str) -> str:
    """The same as the menu has it, in which all stand side by side."""
    return say(f"pages.learn.{STORIES[name]}.short")


def story(name: str) -> str:
    """What there is to see in it."""
    return say(f"pages.learn.{STORIES[name]}.story")


def named(recordings: Iterable[str]) -> dict[str, str]:
    """Recordings by the names that addresses may have for them: links of earlier versions have the words of the menu,
    which were in English."""
    there = list(recordings)
    before = {catalogue(ENGLISH)[f"pages.learn.{STORIES[name]}.title"]: name for name in there}
    return {name: name for name in there} | before
