"""Which pairs count, out of the address and by a click, and what that does to everything on the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.statistics.crossed import crossed_distances
from core.statistics.crossing import Crossing, PairProtocol
from core.statistics.roc import exact_curve
from core.verification.goals import Eer
from tests.dashboard.pages import notes
from tests.dashboard.verify_pages import named, opened, said_by, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")
ACROSS = "pairs-across-group"


def chooser(app: AppTest) -> Any:
    return next(box for box in app.selectbox if box.label == "Pairs that count")


def card_of(app: AppTest) -> dict[str, Any]:
    return next(json.loads(code.value) for code in app.code if code.value.startswith("{"))


def test_pairs_across_groups_move_the_threshold_to_theirs(drawn: Run) -> None:
    app = opened(drawn, goal="eer", pairs=ACROSS, protocol="same-pairs")
    last = drawn.snapshots()[-1].step
    crossing = Crossing.of(PairProtocol.named(ACROSS), drawn.probe()["labels"], drawn.crossed_columns())
    pairs = crossed_distances(drawn.snapshot(last, "embeddings")["embeddings"], crossing, drawn.experiment().distance)
    assert threshold_of(app) == Eer().threshold(exact_curve(pairs))
    assert threshold_of(app) != threshold_of(opened(drawn, goal="eer", protocol="same-pairs"))
    assert f"{len(pairs.positive):,} genuine and {len(pairs.negative):,} impostor pairs" in said_by(app)
    record = next(found for found in drawn.protocols() if found.name == ACROSS)
    assert f"AUC **{record.auc:.4f}**" in said_by(app)


def test_the_choice_is_made_by_a_click_and_stands_in_the_address(drawn: Run) -> None:
    app = opened(drawn, goal="eer")
    assert chooser(app).value == "all"
    chooser(app).select(ACROSS).run()
    assert not app.exception and named(app, "pairs") == ACROSS
    assert "with pairs of the same group counted as well, AUC would read" in said_by(app)
    assert "positive pairs across groups only: the same as all pairs" in said_by(opened(drawn))


def test_the_card_says_which_pairs_chose_its_threshold(drawn: Run) -> None:
    card = card_of(opened(drawn, pairs=ACROSS, section="hand-over"))
    assert card["pairs"] == ACROSS and "across groups only" in card["protocol_in_words"]
    assert card["pairs_in_words"] == "positive and negative pairs across groups only"
    record = next(found for found in drawn.protocols() if found.name == ACROSS)
    assert card["area_under_curve"] == record.auc
    plain = card_of(opened(drawn, section="hand-over"))
    assert plain["pairs"] == "all" and "across" not in plain["protocol_in_words"]


@pytest.mark.parametrize("section", ["wrong-pairs", "calibration", "hand-over"])
def test_sections_that_heed_the_choice_are_drawn(drawn: Run, section: str) -> None:
    assert "This is told of all pairs" not in said_by(opened(drawn, pairs=ACROSS, section=section))


@pytest.mark.parametrize("section", ["identities", "over-epochs"])
def test_sections_of_all_pairs_say_so(drawn: Run, section: str) -> None:
    assert "This is told of all pairs" in said_by(opened(drawn, pairs=ACROSS, section=section))


def test_what_cannot_be_known_is_said_in_one_line(many: Run, drawn: Run) -> None:
    app = opened(many, pairs=ACROSS)
    assert "name no groups or sessions" in said_by(app) and any("the pairs" in note for note in notes(app))
    earlier = opened(drawn)
    earlier.selectbox(key="snapshot").select(10).run()
    assert "can be chosen at the last snapshot" in said_by(earlier)
