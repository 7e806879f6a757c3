"""Who brought an admitted data set: several may have brought the same, and each keeps it."""

from __future__ import annotations

import json

from core.datasets.admitted import data_root, folder_of
from core.system.atomic_files import write_json

FILE = "owners.json"


def owners_of(data_id: str) -> tuple[str, ...]:
    """The ids of those who brought it; none where nobody is told apart, or the file is damaged."""
    path = folder_of(data_id) / FILE
    try:
        listed = json.loads(path.read_text())
    except (OSError, ValueError):
        return ()
    return tuple(owner for owner in listed if isinstance(owner, str)) if isinstance(listed, list) else ()


def add_owner(data_id: str, owner: str) -> None:
    """Somebody has brought it, too; an empty id is nobody's."""
    owners = owners_of(data_id)
    if owner and owner not in owners:
        write_json(folder_of(data_id) / FILE, [*owners, owner])


def admitted_ids() -> list[str]:
    """All sets that are kept, the newest first."""
    cards = data_root().glob("*/data.json")
    found = sorted(cards, key=lambda card: card.stat().st_mtime, reverse=True)
    return [card.parent.name for card in found if card.parent.name[0] != "."]
