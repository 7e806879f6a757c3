"""The kept stores, unpacked, and what the pages here show of them: `python -m tests.stores.unpacked` writes
cards.json anew, which holds the cards of commit ff1c64a, and of cf6e98e for its own store."""

from __future__ import annotations

import json
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages import opened

HERE = Path(__file__).parent
COMMITS = ("39b5515", "ff1c64a", "cf6e98e")
CARDS = HERE / "cards.json"


def unpack(commit: str, root: Path) -> Path:
    """The store that this commit made, as its engine left it."""
    with tarfile.open(HERE / f"{commit}.tar.xz") as packed:
        packed.extractall(root, filter="data")
    return root


def opened_well(page: str, **query: str) -> AppTest:
    """The page without a complaint."""
    app = opened(page, **query)
    assert not app.error, [complaint.value for complaint in app.error]
    return app


def card_of(run: str, step: int) -> dict[str, Any]:
    """The threshold card that Verify hands over, but for its date."""
    app = opened_well("verify", run=run, section="hand-over")
    if "snapshot" in app.session_state:  # there is a choice where a run has several
        app.selectbox(key="snapshot").select(step).run()
    assert not app.exception and not app.error
    (card,) = [json.loads(code.value) for code in app.code if code.value.startswith("{")]
    return {name: value for name, value in card.items() if name != "date"}


def steps_of(root: Path) -> dict[str, list[int]]:
    """The snapshots of every run."""
    files = sorted((root / "runs").glob("*/snapshots/*.npz"))
    runs = sorted({file.parts[-3] for file in files})
    return {run: [int(file.stem) for file in files if file.parts[-3] == run] for run in runs}


def cards_of(root: Path) -> dict[str, dict[str, Any]]:
    """Of every run in the store at METRIC_LAB_STORE, by step."""
    st.cache_data.clear()
    st.cache_resource.clear()
    return {run: {str(step): card_of(run, step) for step in steps} for run, steps in steps_of(root).items()}


def main() -> None:
    found = {}
    for commit in COMMITS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["METRIC_LAB_STORE"] = folder
            found[commit] = cards_of(unpack(commit, Path(folder)))
    CARDS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
