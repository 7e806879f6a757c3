"""Data that somebody brought, as they were admitted: lists of them, cards and example images. What was brought itself
is never read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import streamlit as st

from core.admission.data_owners import DataEntry, admitted_ids, entries_of, own_card
from core.datasets.admitted import DataCard, folder_of, read_card
from core.datasets.brought import Brought
from core.datasets.images import Dataset, contact_sheet
from dashboard.entrance.rights import acting_owners, asking_owner, may_see_data
from dashboard.figures.images import as_data_url
from dashboard.wording import say

EXAMPLES = 12


class Group(StrEnum):
    """Where a set stands in the list of who asks."""

    OWN = "own"
    SHARED = "shared"  # by others
    ARCHIVED = "archived"
    DELETED = "deleted"


@dataclass(frozen=True)
class ListedSet:
    """A set with its card as who asks has it, or as it is shown to them; `by` names those who brought it, where that
    was somebody else, and `entry` says what was made of it."""

    card: DataCard
    group: Group
    entry: DataEntry
    by: tuple[str, ...] = ()

    @property
    def may_change(self) -> bool:
        """Whether who asks may."""
        return self.group is not Group.SHARED


def listed() -> list[ListedSet]:
    """All sets that are there for who asks, the newest first, and those that they may restore."""
    found = (set_of(data_id) for data_id in admitted_ids())
    return [one for one in found if one is not None]


def set_of(data_id: str) -> ListedSet | None:
    """A set as it stands in the list of who asks; None where there is none for them."""
    try:
        entries, acting = entries_of(data_id), acting_owners(data_id)
        if acting:
            own = {owner: entries.get(owner, DataEntry()) for owner in acting}
            return _changeable(data_id, own, is_own=acting == (asking_owner().id,))
        if not may_see_data(data_id):
            return None
        shown = {owner: entry for owner, entry in entries.items() if entry.is_shared}
        first = next(iter(shown))
        return ListedSet(own_card(data_id, first), Group.SHARED, shown[first], _names(shown))
    except ValueError:  # what is no set any more, or of a newer version
        return None


def _changeable(data_id: str, entries: Mapping[str, DataEntry], *, is_own: bool) -> ListedSet:
    """As the owners of these entries have it together: deleted or archived where all have done so."""
    left = {owner: entry for owner, entry in entries.items() if not entry.deleted_at}
    first, entry = next(iter((left or entries).items()))
    if not left:
        group = Group.DELETED
    else:
        group = Group.ARCHIVED if all(one.archived_at for one in left.values()) else Group.OWN
    shared_at = next((one.shared_at for one in left.values() if one.shared_at), "")
    by = () if is_own else _names(entries)
    return ListedSet(own_card(data_id, first), group, replace(entry, shared_at=shared_at), by)


def _names(entries: Mapping[str, DataEntry]) -> tuple[str, ...]:
    """Of the owners, the user of this machine by a word."""
    return tuple(entry.name or say("data.of.machine") for entry in entries.values())


def card_of(data_id: str) -> DataCard | None:
    """What is known of a set; None where there is none for who asks."""
    found = set_of(data_id)
    return None if found is None else found.card


def title_of(dataset: Dataset) -> str:
    """What who asks calls a data set; of one that is not there for them, the name of its family."""
    if not isinstance(dataset, Brought) or not dataset.data:
        return dataset.title
    found = card_of(dataset.data)
    return dataset.name if found is None else found.title


def check(dataset: Dataset) -> None:
    """Raise ValueError where a data set was brought and is not there for who asks, as for one that nobody has brought:
    whoever knows its id learns nothing from it."""
    if isinstance(dataset, Brought) and dataset.data and not may_see_data(dataset.data):
        raise ValueError(say("data.gone", id=dataset.data[:40]))


def absence_of(dataset: Dataset) -> str:
    """Why there is nothing to train on for who asks, in a sentence; empty where there is."""
    try:
        check(dataset)
    except ValueError as problem:
        return str(problem)
    return dataset.absence


def is_hidden(described: Mapping[str, Any]) -> bool:
    """Whether a described data set is not there for who asks."""
    return described.get("kind") == Brought.name and bool(absence_of(Brought(str(described.get("data", "")))))


@st.cache_data(max_entries=32, show_spinner=False)
def examples(data_id: str) -> str:
    """One row of prepared images, one for each of the first identities and then more of them, as a data URL; empty for
    vectors."""
    folder = folder_of(data_id)
    if read_card(folder).kind != "images":
        return ""
    with np.load(folder / "columns.npz", allow_pickle=False) as columns:
        labels = columns["labels"]
    pixels = np.load(folder / "samples.npy", mmap_mode="r", allow_pickle=False)
    rows = np.sort(np.unique(labels, return_index=True)[1])[:EXAMPLES]
    others = np.setdiff1d(np.arange(min(len(labels), 2 * EXAMPLES)), rows)
    rows = np.concatenate([rows, others])[:EXAMPLES]
    return as_data_url(contact_sheet(np.asarray(pixels[rows]), len(rows)))
