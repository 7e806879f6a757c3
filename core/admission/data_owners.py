"""Who brought an admitted data set, and what each of them has made of it: several may have brought the same values, and
each keeps a title and a card of their own.

owners.json        in the folder of a set: an entry for each owner's id
cards/DIGEST.json  the card of an owner whose own differs from data.json, which is that of whoever brought it first
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from core.datasets.admitted import DataCard, data_root, folder_of, read_card
from core.system.atomic_files import write_json

FILE, CARDS, LOCK = "owners.json", "cards", ".lock"
TITLE_LENGTH = 100
MACHINE = ""  # the id of the user of this machine, by a page or the command line


@dataclass(frozen=True)
class Owner:
    """Who brings something: the id, the name that others read, and whether what they keep is limited (core/admission/
    room.py)."""

    id: str = MACHINE
    name: str = ""
    is_limited: bool = False


@dataclass(frozen=True)
class DataEntry:
    """What one owner has made of a set. Times are UTC in ISO form and empty where it has not come to that; an empty
    title leaves the one of their card."""

    name: str = ""
    title: str = ""
    archived_at: str = ""
    deleted_at: str = ""
    shared_at: str = ""

    def __post_init__(self) -> None:
        if len(self.title) > TITLE_LENGTH:
            raise ValueError(
                f"the title of a set must have at most {TITLE_LENGTH} characters, got {len(self.title):,}. Shorten it."
            )

    @property
    def is_shared(self) -> bool:
        """Whether others see it for this owner's sake."""
        return bool(self.shared_at) and not self.deleted_at


Entries = Mapping[str, DataEntry]  # by the id of the owner, the first one first


@contextmanager
def keeping() -> Iterator[None]:
    """While a set is kept, changed or removed: one process after the other in a store."""
    data_root().mkdir(parents=True, exist_ok=True)
    with FileLock(data_root() / LOCK):
        yield


def entries_of(data_id: str) -> dict[str, DataEntry]:
    """The entries of those who brought it; none where nobody is told apart, or the file is damaged.

    Raises ValueError for what is no id.
    """
    path = folder_of(data_id) / FILE
    try:
        written = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    if isinstance(written, list):  # of an earlier version: ids alone
        return {owner: DataEntry() for owner in written if isinstance(owner, str)}
    owners = written.get("owners") if isinstance(written, dict) else None
    return {owner: _entry(entry) for owner, entry in owners.items()} if isinstance(owners, dict) else {}


def owners_of(data_id: str) -> tuple[str, ...]:
    """The ids of those who brought it and have not deleted it."""
    return tuple(owner for owner, entry in entries_of(data_id).items() if not entry.deleted_at)


def add_owner(data_id: str, owner: Owner, card: DataCard | None = None, *, was_there: bool = False) -> None:
    """Somebody has brought it, too: it is in their list again where they had archived or deleted it. `card` is kept for
    them where it differs from that of whoever came first. A set that `was_there` without owners is this machine's, too,
    from then on. Call it while `keeping`."""
    entries = entries_of(data_id)
    if was_there and not entries and owner.id != MACHINE:
        entries = {MACHINE: DataEntry()}
    path = _card_path(data_id, owner.id)
    if card is not None and _differs(card, read_card(folder_of(data_id))):
        path.parent.mkdir(exist_ok=True)
        write_json(path, card.written())
    elif card is not None:
        path.unlink(missing_ok=True)  # of an earlier title
    if owner.id == MACHINE and not entries:  # whose all sets are that are nobody's
        return
    before = entries.get(owner.id, DataEntry())
    now = replace(before, name=owner.name or before.name, archived_at="", deleted_at="")
    _write(data_id, {**entries, owner.id: now})


def change(data_id: str, owners: Collection[str], **changes: str) -> dict[str, DataEntry]:
    """Change the entries of these owners, of which MACHINE alone may be new; how they were before, for `put_back`.

    Raises ValueError for a title that is too long.
    """
    with keeping():
        entries = entries_of(data_id)
        before = {owner: entries.get(owner, DataEntry()) for owner in owners if owner in entries or owner == MACHINE}
        _write(data_id, {**entries, **{owner: replace(entry, **changes) for owner, entry in before.items()}})
    return before


def put_back(data_id: str, before: Entries) -> None:
    """Take back what `change` has changed."""
    with keeping():
        _write(data_id, {**entries_of(data_id), **before})


def own_card(data_id: str, owner: str) -> DataCard:
    """The card of a set as this owner has it. Raises ValueError where there is no such set."""
    first = read_card(folder_of(data_id))
    try:
        card = DataCard.read(json.loads(_card_path(data_id, owner).read_text()))
    except (OSError, ValueError):
        card = first
    entry = entries_of(data_id).get(owner, DataEntry())
    return replace(card, title=entry.title or card.title)


def admitted_ids() -> list[str]:
    """All sets that are kept, the newest first."""
    cards = data_root().glob("*/data.json")
    found = sorted(cards, key=lambda card: card.stat().st_mtime, reverse=True)
    return [card.parent.name for card in found if card.parent.name[0] != "."]


def moment() -> str:
    """Now, as an entry has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _entry(written: object) -> DataEntry:
    known = written if isinstance(written, dict) else {}
    names = [one.name for one in fields(DataEntry)]
    try:
        return DataEntry(**{name: known[name] for name in names if isinstance(known.get(name), str)})
    except ValueError:  # a title that somebody has made too long by hand
        return DataEntry()


def _write(data_id: str, entries: Entries) -> None:
    written: dict[str, Any] = {owner: asdict(entry) for owner, entry in entries.items()}
    write_json(folder_of(data_id) / FILE, {"owners": written})


def _card_path(data_id: str, owner: str) -> Path:
    """By a digest: an id may be anything that a proxy or a test calls somebody."""
    return folder_of(data_id) / CARDS / f"{sha256(owner.encode()).hexdigest()[:32]}.json"


def _differs(one: DataCard, other: DataCard) -> bool:
    """Whether two cards of the same values say something else, the moment apart."""
    first, second = (json.dumps(replace(card, created="").written(), sort_keys=True) for card in (one, other))
    return first != second
