"""What readers have made of a run in the list of runs: its title, a note, who asked for it, and whether it is put
away or deleted.

The engine has no part in it: pages write it to `entry.json` beside the engine's `state.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.system.atomic_files import write_json

FILE = "entry.json"
TITLE_LENGTH, NOTE_LENGTH, TAG_LENGTH = 200, 4000, 40
MOST_TAGS = 20


@dataclass(frozen=True)
class Entry:
    """Times are UTC in ISO form and empty where it has not come to that."""

    title: str = ""
    """What the run is called instead of by its settings."""
    note: str = ""
    archived_at: str = ""
    """A run that is archived is listed only where archived ones are asked for."""
    deleted_at: str = ""
    """A run that is deleted is shown nowhere, and can be restored until the engine removes its files."""
    shared_at: str = ""
    """What a reader brought is shown to others from then on."""
    owners: str = "[]"
    """Those who asked for it, as JSON: see `owners_in`."""
    tags: str = "[]"
    """What readers call several runs alike, as a JSON list: see `tags_in`."""
    starred_at: str = ""
    """A run that is starred can be listed with the other starred ones alone."""

    @property
    def tagged(self) -> tuple[str, ...]:
        """Its tags, in their order."""
        return tags_in(self.tags)

    @property
    def owned_by(self) -> dict[str, str]:
        """The names of those who asked for it by their ids, the first one first."""
        return owners_in(self.owners)

    def __post_init__(self) -> None:
        lengths = (("title", self.title, TITLE_LENGTH), ("note", self.note, NOTE_LENGTH))
        for what, text, most in (*lengths, *(("tag", tag, TAG_LENGTH) for tag in self.tagged)):
            if len(text) > most:
                raise ValueError(
                    f"the {what} of a run must have at most {most:,} characters, got {len(text):,}. Shorten it."
                )
        if len(self.tagged) > MOST_TAGS:
            raise ValueError(f"a run must have at most {MOST_TAGS} tags, got {len(self.tagged)}. Leave some out.")

    def write(self, folder: Path) -> None:
        """Keep it in the run folder, where it outlives the index."""
        write_json(folder / FILE, asdict(self))


def owners_in(listed: str) -> dict[str, str]:
    """A JSON list of pairs of an id and a name, as a table has it; what is none names nobody."""
    try:
        return {str(owner): str(name) for owner, name in json.loads(listed)}
    except (TypeError, ValueError):
        return {}


def tags_in(listed: str) -> tuple[str, ...]:
    """A JSON list of tags, as a table has it; what is none has none."""
    try:
        found = json.loads(listed)
    except (TypeError, ValueError):
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def written_tags(tags: Iterable[str]) -> str:
    """What `tags_in` reads: each once, without spaces around it, and none that is empty."""
    return json.dumps(list(dict.fromkeys(tag for one in tags if (tag := one.strip()))), ensure_ascii=False)


ENTRY_COLUMNS = tuple(field.name for field in fields(Entry))


def entry_of(folder: Path) -> Entry:
    """What a run folder says; the empty entry where it says nothing that can be read."""
    try:
        content = json.loads((folder / FILE).read_text())
        known = {name: content[name] for name in ENTRY_COLUMNS if isinstance(content.get(name), str)}
        return Entry(**known)
    except (OSError, ValueError, AttributeError):
        return Entry()
