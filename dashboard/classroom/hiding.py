"""What a teacher's link hides: on every page that the reader comes to, and its settings stay as the link has them.

This is teaching and no access control: whoever edits the address by hand sees what it then says.
"""

from __future__ import annotations

from dashboard import url
from dashboard.classroom import limits
from dashboard.classroom.parts import PAGE, PARTS, known_keys, part_of
from dashboard.components.hidden_parts import leave_out
from dashboard.settings import HIDE
from dashboard.wording import joined, say


def hidden() -> tuple[str, ...]:
    """The keys that the address hides, of those that there are."""
    if HIDE.text is None:
        return ()
    known = known_keys()
    return tuple(key for key in dict.fromkeys(HIDE.read(HIDE.text)) if key in known)


def hidden_pages() -> frozenset[str]:
    """The pages that the bar leaves out."""
    return frozenset(key.removeprefix(f"{PAGE}.") for key in hidden() if key.startswith(f"{PAGE}."))


def hidden_families() -> frozenset[str]:
    """The families of settings of Train that stay as they are."""
    parts = (part_of(key) for key in hidden())
    return frozenset(part.family for part in parts if part and part.family)


def begin(page: str) -> None:
    """Where a page begins: leave out its hidden parts, have what all of them set stay, and say what is no part,
    and no limit."""
    limits.of_link()
    keys = hidden()
    if HIDE.text is not None and (strange := [key for key in HIDE.read(HIDE.text) if key not in keys]):
        why = say("classroom.no_part", parts=joined("things", (key[:40] for key in strange[:3])))
        HIDE.refuse(why, joined("things", map(name_of, keys)) or say("classroom.nothing_hidden"), instead=list(keys))
    parts = {key: part for key in keys if (part := part_of(key))}
    leave_out([one for key, part in parts.items() if key.startswith(f"{page}.") for one in part.keys])
    url.fix({setting.name for part in parts.values() for setting in part.settings})


def name_of(key: str) -> str:
    """What a part is called, with its page."""
    page, _, part = key.partition(".")
    if page == PAGE:
        return say("classroom.whole_page", page=say(f"pages.{part}.name"))
    return say("classroom.part_of", page=say(f"pages.{page}.name"), part=part_name(page, part))


def part_name(page: str, part: str) -> str:
    """What a part is called on its page."""
    is_family = bool(PARTS[page][part].family)
    return say(f"train.family.{part}") if is_family else say(f"classroom.parts.{page}.{part}")
