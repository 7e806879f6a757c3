"""Data that somebody brought, as they were admitted: cards and example images. What was brought itself is never read
here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.admission.data_owners import admitted_ids
from core.datasets.admitted import DataCard, folder_of, read_card
from core.datasets.images import contact_sheet
from dashboard.entrance.rights import may_see_data
from dashboard.figures.images import as_data_url

EXAMPLES = 12
MOST_LISTED = 50


def card_of(data_id: str) -> DataCard | None:
    """What is known of a set; None where there is none for who asks."""
    try:
        return read_card(folder_of(data_id)) if may_see_data(data_id) else None
    except ValueError:
        return None


def own_cards() -> list[DataCard]:
    """The sets of who asks, the newest first."""
    cards = (card_of(data_id) for data_id in admitted_ids())
    return [card for card in cards if card is not None][:MOST_LISTED]


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
