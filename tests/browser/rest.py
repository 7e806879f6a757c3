"""When a page is at rest: the condition to wait for where a test would else wait for time."""

from __future__ import annotations

from playwright.sync_api import Page

STILL_FRAMES = 4
OF_STREAMLIT = "[data-stale=true], [data-testid=stStatusWidget], [data-testid=stSkeleton]"
OF_FIGURES = ".live-figure[aria-busy=true]"
# The script has run, nothing waits to be replaced or fetched, and no canvas was drawn in so many frames of the browser.
AT_REST = """([frames, busy]) => new Promise((done) => {
  const isSettled = () => document.querySelector('[data-test-script-state=notRunning]') && !document.querySelector(busy)
  const draws = () => [...document.querySelectorAll('.live-figure-points')].reduce((sum, one) => sum + one.draws, 0)
  let [still, before] = [0, draws()]
  const look = () => {
    const now = draws()
    still = now === before && isSettled() ? still + 1 : 0
    before = now
    still === frames ? done(true) : requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def at_rest(page: Page, *, has_plotly: bool = True) -> None:
    """Wait until the server has answered and nothing glides any more; what plays by itself never rests, and what needs
    plotly not without it."""
    busy = f"{OF_STREAMLIT}, {OF_FIGURES}" if has_plotly else OF_STREAMLIT
    page.wait_for_function(AT_REST, arg=[STILL_FRAMES, busy])


def painted(page: Page) -> None:
    """Wait until what the last gesture changed has been painted."""
    page.evaluate(PAINTED)
