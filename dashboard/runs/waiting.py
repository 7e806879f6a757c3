"""What a reader is told who waits for a run: its place in the queue, what is before it, and about how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

from core.engine.process import engine_problem, ready_workers
from core.runs.durations import BLOCKS, cost_of
from core.runs.queue_places import Place
from core.runs.run_row import Row
from dashboard.core_words import plain_words
from dashboard.entrance.rights import may_see
from dashboard.lookups import runs
from dashboard.lookups.estimates import estimates
from dashboard.lookups.queue_places import place_in_queue
from dashboard.markdown import plain
from dashboard.runs.submit import compiling
from dashboard.wording import joined, say

NAMED = 2  # runs before it that are named


def place_in_words(row: Row) -> str:
    """Of a run that waits, as "2nd of 3"; nothing for one that does not wait any more."""
    place = place_in_queue(row)
    if place and place.count == 1:
        return say("runs.waiting.alone")
    if place is None:
        return ""
    return say("runs.waiting.place", ordinal=_ordinal(place.number), number=place.number, count=place.count)


def reason_in_words(row: Row) -> str:
    """What a run waits for, as "behind faces.npz · starts in about 4 s · takes about 6 s"."""
    place = place_in_queue(row)
    if place is None:
        return say("runs.waiting.taken_up")
    said = [_reason(place)]
    if (starts := estimates().until(place)) is not None:
        said.append(say("runs.waiting.starts", time=about(starts)))
    if (takes := estimates().takes(row)) is not None:
        said.append(say("runs.waiting.takes", time=about(takes)))
    return " · ".join(said)


def left_in_words(row: Row) -> str:
    """Of a run at work; nothing where that is not known."""
    left = estimates().left(row)
    return "" if left is None else say("runs.waiting.left", time=about(left))


def of_others() -> str:
    """What a run is called that is somebody else's own."""
    return say("runs.waiting.of_others")


def about(seconds: float) -> str:
    """A time that nobody knows to the second."""
    if seconds >= 90:
        return say("runs.waiting.minutes", minutes=seconds / 60)
    return say("runs.waiting.seconds", seconds=max(seconds, 1))


def _reason(place: Place) -> str:
    """What it waits for, as it is."""
    ready = ready_workers(runs.store().root)
    if ready is None:
        return plain_words(engine_problem(runs.store().root)) or say("runs.waiting.engine")
    if not ready:
        return plain(compiling()) or say("runs.waiting.workers")
    if place.at_work or place.queued:
        names = [*map(_at_work, place.at_work), *map(_title, place.queued[:NAMED])]
        return say("runs.waiting.behind", names=_named(names, len(place.at_work) + place.number - 1))
    if len(place.others) >= ready:
        return say("runs.waiting.all_taken", names=_named([*map(_title, place.others)], len(place.others)))
    return plain(compiling()) or say("runs.waiting.next")


def _at_work(row: Row) -> str:
    """The run that is before another; of one that is measured in blocks that is one block."""
    cost = cost_of(runs.store(), row) if row.is_awaited else None
    return say("runs.waiting.block", title=_title(row)) if cost and cost.work == BLOCKS else _title(row)


def _title(row: Row) -> str:
    """What others have brought has a name that is theirs alone."""
    return plain(row.title) if may_see(row) else of_others()


def _named(names: Sequence[str], count: int) -> str:
    """The first of so many."""
    if count > NAMED:
        names = [*names[:NAMED], say("runs.waiting.more", count=count - NAMED)]
    *others, last = names
    return say("runs.waiting.and", names=joined("things", others), last=last) if others else last


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
