"""How far each map of Compare can be trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.store import Store
from dashboard.compare.map_trust import in_words
from dashboard.lookups import map_qualities
from tests.dashboard.compare.test_panel import opened, seeded
from tests.dashboard.made_runs import PULLS, made_run

WAITING = "How far this map can be trusted is being measured."


def captions(app: AppTest) -> list[str]:
    return [one.value for one in app.caption]


def two(store: Store) -> tuple[str, str]:
    """Ended runs."""
    one, other = (made_run(store.root, seeded(seed)).folder.name for seed in (0, 4))
    return one, other


@pytest.mark.usefixtures("maps_measured")
def test_a_line_stands_below_the_map_of_each_run(empty_store: Store) -> None:
    names = two(empty_store)
    qualities = [map_qualities.of_last_map(name) or map_qualities.of_last_map(name) for name in names]
    said = [one for one in captions(opened(*names)) if one.startswith("Last map: ")]
    assert said == [in_words(quality) for quality in qualities if quality]
    assert len(said) == 2 and "in the wrong order" in said[0] and "trustworthiness 0." in said[0]


def asked(app: AppTest) -> AppTest:
    """The page after a click on what asks."""
    return app.button(key="compare.trust").click().run()


def test_nothing_is_measured_before_somebody_asks(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*of: object) -> None:
        raise AssertionError("nobody has asked")

    monkeypatch.setattr(map_qualities.measure_map_quality, "start", start)
    assert WAITING not in captions(opened(*two(empty_store)))


def test_until_it_is_measured_it_says_so_and_nothing_where_it_failed(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = two(empty_store)
    app = asked(opened(*names))
    assert captions(app).count(WAITING) == 2 and not [one for one in app.button if one.key == "compare.trust"]
    monkeypatch.setattr(map_qualities, "has_failed", lambda name, step, kind: True)
    app = opened(*names)
    assert WAITING not in captions(app) and not [one for one in app.button if one.key == "compare.trust"]


def test_of_a_run_that_goes_on_nothing_is_said(empty_store: Store) -> None:
    going = made_run(empty_store.root, seeded(5), pulls=PULLS[:2], state="running").folder.name
    assert captions(asked(opened(two(empty_store)[0], going))).count(WAITING) == 1


@pytest.mark.usefixtures("maps_measured")
def test_of_few_points_and_no_triplet_it_says_that_there_is_nothing_to_judge_by(empty_store: Store) -> None:
    name, _ = two(empty_store)
    quality = map_qualities.of_last_map(name) or map_qualities.of_last_map(name)
    assert quality is not None
    assert in_words(replace(quality, k=0)).startswith(f"{100 * quality.contradicted:.1f} % of the triplets")
    assert "triplets" not in in_words(replace(quality, triplets=0))
    assert in_words(replace(quality, k=0, triplets=0)) == "Too few points to judge the map by."
