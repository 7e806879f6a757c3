"""The runs of `own_store`, looked up anew in every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st

from core.runs.run_folder import Run


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    _empty()
    yield
    _empty()


def _empty() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def name(run: Run, own_store: None) -> str:
    """Of the made run, whose last snapshot is at step 20."""
    return run.folder.name
