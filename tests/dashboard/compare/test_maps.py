"""The maps of runs side by side: of what they are, and what a reader goes to from them."""

from __future__ import annotations

import pytest

from dashboard.lookups import runs
from tests.dashboard.compare.test_panel import NAMES, opened

pytestmark = pytest.mark.usefixtures("own_store")


def test_maps_and_curves_are_drawn_and_it_is_said_of_what() -> None:
    app = opened(*NAMES)
    assert len(app.get("bidi_component")) == 2
    caption = app.caption[0].value
    data = runs.data(NAMES[0])
    assert f"{data.probe_count:,} held-out images" in caption and data.protocol in caption
