"""The images of points as data URLs, cut out of the sheet of the probe set; none for what was brought as vectors."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import palette
from dashboard.figures.images import as_data_url, framed, pair_image, sheet_of
from dashboard.lookups import runs
from dashboard.lookups.wrong_pairs import sheet
from dashboard.palette import Theme

ACROSS = 20


@st.cache_data(max_entries=64, show_spinner=False)
def has_images(name: str) -> bool:
    """Whether the run is of images."""
    return runs.record(name).probe is not None


@st.cache_data(max_entries=2048, show_spinner=False)
def image(name: str, *rows: int) -> str:
    """The images of these rows beside each other; nothing where there are none."""
    return as_data_url(_pixels(name, *rows)) if has_images(name) else ""


@st.cache_data(max_entries=4096, show_spinner=False)
def answer(name: str, row: int, theme: Theme, *, is_match: bool) -> str:
    """The image of an answer: in a solid frame where it is of the query's class, in a dashed one where it is not."""
    if not has_images(name):
        return ""
    colour = (palette.POSITIVE if is_match else palette.NEGATIVE)[theme]
    return as_data_url(framed(_pixels(name, row), colour, is_dashed=not is_match))


@st.cache_data(max_entries=16, show_spinner=False)
def gallery(name: str, rows: tuple[int, ...]) -> str:
    """The images of many rows in lines of ACROSS; nothing where there are none."""
    tiles = runs.sprite(name)
    if tiles is None or not rows:
        return ""
    size = tiles.tile_height, tiles.tile_width
    return as_data_url(sheet_of(sheet(name), size, tiles.columns, rows, min(ACROSS, len(rows))))


def _pixels(name: str, *rows: int) -> np.ndarray:
    tiles = runs.sprite(name)
    assert tiles is not None, "whoever asks has seen that there are images"
    return pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, rows)
