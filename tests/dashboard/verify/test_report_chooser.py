"""How the rates are reported and what is drawn below them, out of the address and by a click."""

from __future__ import annotations

import pytest

from core.runs.run_folder import Run
from tests.dashboard.verify_pages import group, named, opened, said_by, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")


def test_section_and_protocol_stand_in_the_address_by_their_names(many: Run) -> None:
    app = opened(many, section="over-epochs", protocol="ten-folds")
    sections = group(app, "Section")
    reported = next(box for box in app.selectbox if box.label == "Reported")
    assert (sections.value, reported.value) == ("over-epochs", "ten-folds")
    assert "Means over 10 folds" in said_by(app)
    sections.set_value("calibration").run()
    next(box for box in app.selectbox if box.label == "Reported").select("same-pairs").run()
    assert not app.exception and "Means over 10 folds" not in said_by(app)
    assert (app.query_params["section"], app.query_params["protocol"]) == ("calibration", "same-pairs")


def test_an_unknown_name_in_the_address_is_the_first(many: Run) -> None:
    app = opened(many, section="Over epochs", protocol="nonsense")
    sections = group(app, "Section")
    reported = next(box for box in app.selectbox if box.label == "Reported")
    assert (sections.value, reported.value) == ("wrong-pairs", "other-identities")


def test_a_protocol_waits_for_a_snapshot_that_knows_it(many: Run) -> None:
    app = opened(many, protocol="ten-folds")
    app.selectbox(key="snapshot").select(10).run()
    assert not app.exception and "Means over" not in said_by(app)
    app.selectbox(key="snapshot").select(20).run()
    assert not app.exception and "Means over 10 folds" in said_by(app)


def test_the_safe_side_is_in_the_address_and_further_from_the_limit(run: Run, many: Run) -> None:
    plain, safe = threshold_of(opened(many, far="20")), threshold_of(opened(many, far="20", safe="true"))
    assert safe < plain
    assert not [toggle for toggle in opened(many, goal="eer").toggle if toggle.label == "Safe side"]


def test_identities_weigh_alike_by_a_click_which_moves_the_handle(many: Run) -> None:
    app = opened(many, far="20")
    before = threshold_of(app)
    group(app, "Rates").set_value("identities").run()
    assert not app.exception and named(app, "weights") == "identities" and threshold_of(app) != before
    assert threshold_of(opened(many, far="20", weights="identities")) == threshold_of(app)
    assert threshold_of(opened(many, far="20", weights="nonsense")) == before
