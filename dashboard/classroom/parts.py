"""The parts of each page that a teacher's link can hide, by keys that links keep: to add one, give it a key on its
page, name it here and in words/en/classroom.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.experiment.experiment import FAMILIES
from dashboard.settings import (
    ANCHOR,
    COLOUR,
    EPOCH,
    GOAL,
    NUMBERS,
    PLAY,
    PROTOCOL,
    QUERY,
    RECORDING,
    SAFE_SIDE,
    SEARCH,
    SECTION,
    SNAPSHOT,
    SPACE,
    START,
    SUSPECTS,
    WEIGHTS,
)
from dashboard.url import Setting

RUNS = "runs.panel"  # the list of runs


@dataclass(frozen=True)
class Part:
    """What is hidden, by the keys of containers and widgets; the settings of the address that stay as they are then,
    and the family of settings of Train that does. A key that ends with a star stands for all that begin so."""

    keys: tuple[str, ...]
    settings: tuple[Setting[Any], ...] = ()
    family: str = ""


PARTS: dict[str, dict[str, Part]] = {
    "learn": {
        "recordings": Part(("recording",), (RECORDING,)),
        "story": Part(("learn.story",)),
        "train": Part(("learn.train",)),
        "runs": Part((RUNS,)),
        "lessons": Part(("lessons",)),
        "curves": Part(("running.progress",)),
        "numbers": Part(("running.numbers",)),
    },
    "playground": {
        "loss": Part(("play",), (PLAY,)),
        "start": Part(("start",), (START,)),
        "space": Part(("space",), (SPACE,)),
    },
    "train": {
        "source": Part(("train.source",)),
        "runs": Part((RUNS,)),
        "start": Part(("train.start",)),
        **{family: Part((f"family.{family}",), family=family) for family in FAMILIES},
        "curves": Part(("running.progress",)),
        "numbers": Part(("running.numbers",)),
    },
    "mine": {
        "runs": Part((RUNS,)),
        "epoch": Part(("epoch",), (EPOCH,)),
        "anchor": Part(("anchor",), (ANCHOR,)),
        "map": Part(("mine.map.*",)),
        "plane": Part(("mine.plane.*",)),
    },
    "verify": {
        "runs": Part((RUNS,)),
        "data": Part(("verify.data",)),
        "snapshot": Part(("snapshot",), (SNAPSHOT,)),
        "goal": Part(("verify.goal",), (GOAL, *NUMBERS.values(), SAFE_SIDE)),
        "report": Part(("url.protocol",), (PROTOCOL,)),
        "weights": Part(("url.weights",), (WEIGHTS,)),
        "curves": Part(("verify.ROC", "verify.DET")),
        "words": Part(("awaits.intervals",)),
        "section": Part(("url.section", "awaits.section"), (SECTION,)),
    },
    "compare": {
        "runs": Part((RUNS,)),
        "start": Part(("strategies.menu",)),
        "numbers": Part(("compare.numbers",)),
    },
    "explore": {
        "runs": Part((RUNS,)),
        "epoch": Part(("epoch",), (EPOCH,)),
        "colour": Part(("colour",), (COLOUR,)),
        "search": Part(("search",), (SEARCH,)),
        "query": Part(("query",), (QUERY,)),
        "answers": Part(("explore-answers",)),
        "suspects": Part(("suspects", "explore-suspects"), (SUSPECTS,)),
    },
}
PAGE = "page"  # of the keys of whole pages, which are left out of the bar


def known_keys() -> tuple[str, ...]:
    """All keys that a link can hide: `mine.epoch` for a part, `page.mine` for a page in the bar."""
    of_parts = (f"{page}.{part}" for page, parts in PARTS.items() for part in parts)
    return (*of_parts, *(f"{PAGE}.{page}" for page in PARTS))


def part_of(key: str) -> Part | None:
    """The part of that key; None for a page."""
    page, _, name = key.partition(".")
    return PARTS.get(page, {}).get(name)
