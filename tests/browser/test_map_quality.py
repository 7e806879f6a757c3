"""The choice of a map in a real browser: points glide to where the other map has them, and the sentence follows."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Page, expect

from core.jobs.measure_map_quality import measured
from core.maps.other_maps import OWN, SEED
from core.runs.run_folder import Run
from tests.browser.rest import at_rest
from tests.browser.test_mine import PIXEL

STEP = 20
SECONDS = 90_000  # a process that loads UMAP on a machine that does other things
QUALITY = ".st-key-map-quality"
MAP = '.live-figure[aria-label^="Map of the points"]'
PICTURE = """() => document.querySelector('.live-figure[aria-label^="Map of the held-out"] .live-figure-points')
  .toDataURL()"""


def choose(page: Page, title: str) -> None:
    page.locator(QUALITY).get_by_role("radio", name=title, exact=True).click()


def wait_for(page: Page, run: Run, kind: str) -> None:
    """Until the sentence has the numbers of this map."""
    quality = measured(run, STEP, kind).quality
    words = re.compile(f"trustworthiness {quality.trustworthiness:.3f}.* {100 * quality.contradicted:.1f} % of the")
    expect(page.locator(QUALITY)).to_contain_text(words, timeout=SECONDS)
    at_rest(page)


def test_on_explore_a_point_is_clicked_where_the_other_map_has_it(page: Page, address: str, run: Run) -> None:
    page.goto(f"{address}/explore?run={run.folder.name}")
    page.wait_for_selector(f"{MAP} .main-svg", timeout=60_000)
    wait_for(page, run, OWN)
    choose(page, "UMAP")
    wait_for(page, run, SEED)
    layout = measured(run, STEP, SEED).layout.astype(float)
    apart = np.linalg.norm(layout[:, None] - layout, axis=2) + 99 * np.eye(len(layout))
    loneliest = int(apart.min(axis=1).argmax())
    page.mouse.click(*page.evaluate(PIXEL, [MAP, *layout[loneliest].tolist()]))
    page.wait_for_url(re.compile(f"query={loneliest}(&|$)"))
    assert "map=seed" in page.url


def test_on_train_the_map_and_the_sentence_change_and_come_back(page: Page, address: str, run: Run) -> None:
    page.goto(f"{address}/train?run={run.folder.name}")
    page.wait_for_selector(".live-figure .main-svg", timeout=60_000)
    wait_for(page, run, OWN)
    own = page.evaluate(PICTURE)
    choose(page, "UMAP")
    wait_for(page, run, SEED)
    assert "map=seed" in page.url and page.evaluate(PICTURE) != own
    play = page.get_by_role("button", name="Play", exact=True)
    assert play.is_disabled() and page.get_by_text("of this moment alone").is_visible()
    page.go_back()
    wait_for(page, run, OWN)
    assert page.evaluate(PICTURE) == own and play.is_enabled()
