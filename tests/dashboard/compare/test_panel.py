"""Runs side by side: their maps, the settings that differ and the numbers of their last snapshots."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compare.panel import NUMBERS
from dashboard.lookups import runs

pytestmark = pytest.mark.usefixtures("own_store")
NAMES = ("digits-softmax", "digits-batch-hard")


def page(*names: str) -> None:
    from dashboard.compare import panel

    panel.watch(names)


def opened(*names: str) -> AppTest:
    app = AppTest.from_function(page, args=names, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def table_of(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value.set_index("")


def test_only_what_differs_is_told_of_the_settings() -> None:
    table = table_of(opened(*NAMES))
    assert list(table.columns) == ["softmax", "batch-hard"]
    assert "loss" in table.index and "encoder" not in table.index and "dataset" not in table.index
    assert "–" in set(table["softmax"]), "what only the other run has"


def test_the_numbers_are_those_of_the_last_snapshots() -> None:
    table = table_of(opened(*NAMES))
    for name, title in zip(NAMES, table.columns, strict=True):
        last = runs.run_of(name).snapshots()[-1]
        for number in NUMBERS:
            said = float(table.loc[number.title, title].replace(",", ""))
            assert said == pytest.approx(number.of(last), abs=0.05 if number.of(last) >= 10 else 0.0005)


def test_maps_and_curves_are_drawn_and_it_is_said_of_what() -> None:
    app = opened(*NAMES)
    assert len(app.get("bidi_component")) == 2
    caption = app.caption[0].value
    data = runs.data(NAMES[0])
    assert f"{data.probe_count:,} held-out images" in caption and data.protocol in caption
