"""Compare in a browser: four strategies side by side in a few clicks, and one below the other on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.comparison.axes import USUAL
from core.runs.store import Store
from dashboard.compare.sweep import Sweep
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.dashboard.compared_strategies import compared
from tests.dashboard.made_runs import made_run
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
SECONDS = 60_000
CLICKS = "addEventListener('click', ({ isTrusted }) => { window.clicks = (window.clicks ?? 0) + isTrusted }, true)"
# Of the title of every map: its words, its middle and its top.
TITLES = """() => [...document.querySelectorAll('.live-figure .annotation-text')].map((title) => {
  const { left, top, width } = title.getBoundingClientRect()
  return [title.textContent, Math.round(left + width / 2), Math.round(top)]
})"""
# Of every map: how wide and how high its axes are.
MAPS = """() => {
  const layout = document.querySelector('.live-figure .js-plotly-plot')._fullLayout
  return ['', '2', '3'].map((number) => [layout[`xaxis${number}`]._length, layout[`yaxis${number}`]._length])
}"""

SEEN = "(images) => images.map((image) => image.complete && image.naturalWidth > 0)"


def test_four_strategies_stand_side_by_side_within_five_clicks(page: Page, serve: Serve, tmp_path: Path) -> None:
    """The test does the workers' part once the runs are asked for."""
    page.add_init_script(CLICKS)
    store = Store(tmp_path)
    with without_engine(tmp_path):
        page.goto(serve(APP, {"METRIC_LAB_STORE": str(tmp_path)}))
        page.locator(".live-figure .main-svg").first.wait_for(state="attached")
        page.get_by_test_id("stTopNavLink").filter(has_text="Compare").click()
        page.get_by_role("button", name="Train strategies").click(timeout=SECONDS)
        page.get_by_role("button", name="Train 4 runs").wait_for(timeout=SECONDS)
        at_rest(page)  # while the menu is still being drawn, a click may meet a button that is gone
        page.get_by_role("button", name="Train 4 runs").click(timeout=SECONDS)
        expect(page.get_by_text("each is added here with its first snapshot")).to_be_visible(timeout=SECONDS)
        assert page.evaluate("window.clicks") <= 5
        planned = Sweep("digits", "miner", USUAL["miner"], 1, 280).experiments
        assert {row.id for row in store.rows()} == {one.run_id() for one in planned}
        for experiment in planned:
            made_run(tmp_path, experiment)
        page.wait_for_function(f"({TITLES})().length === 4", timeout=SECONDS)
        names, across, down = zip(*page.evaluate(TITLES), strict=True)
        assert list(names) == [name.replace("-", " ") if name not in names else name for name in USUAL["miner"]]
        assert sorted(across) == list(across) and len(set(down)) == 1


def test_a_strategy_is_known_by_its_symbol_hidden_by_a_click_and_leads_to_its_run(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    with without_engine(tmp_path):
        comparison = compared(tmp_path, seeds=1)
        address = serve(APP, {"METRIC_LAB_STORE": str(tmp_path)})
        page.goto(f"{address}/compare?comparison={comparison.id}&view=distances")
        pills = page.locator(".st-key-compare-shown [data-testid=stButtonGroup] button")
        expect(pills).to_have_count(2, timeout=SECONDS)
        pills.locator("img").first.wait_for(timeout=SECONDS)
        assert pills.locator("img").evaluate_all(SEEN) == [True, True], "the symbols are pictures that load"
        cards = page.locator("[class*=st-key-compare-leads-verify-distances]")
        expect(cards).to_have_count(2, timeout=SECONDS)
        pills.first.click()
        expect(cards).to_have_count(1, timeout=SECONDS)
        assert "shown=random" in page.url
        at_rest(page)
        cards.locator("button:visible").click()  # one with a tooltip has two, one of them hidden
        page.wait_for_url("**/verify?**", timeout=SECONDS)
        assert f"run={comparison.runs_of('random')[0]}" in page.url


@pytest.mark.soak
def test_on_a_telephone_runs_stand_one_below_the_other_and_side_by_side_again_when_it_is_turned(
    page: Page, serve: Serve
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{serve(APP)}/compare")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    at_rest(page)
    _, across, down = zip(*page.evaluate(TITLES), strict=True)
    assert max(across) - min(across) <= 2 and sorted(set(down)) == list(down)
    for width, height in page.evaluate(MAPS):
        assert width > 300 and height > 200, "a map fills the telephone"
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function(f"new Set(({TITLES})().map(([, , top]) => top)).size === 1")
    at_rest(page)
    _, across, down = zip(*page.evaluate(TITLES), strict=True)
    assert sorted(set(across)) == list(across)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"new Set(({TITLES})().map(([, , top]) => top)).size === 3")
