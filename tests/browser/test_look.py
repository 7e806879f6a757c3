"""What every page looks like at every size: no text is cut, covered or beyond the window, and no figure's either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboard.compare.beneath import VIEWS as BENEATH
from dashboard.verify import sections
from tests.browser.bars import faults
from tests.browser.served import Serve
from tests.browser.shown_pages import SECTIONS, SIZES, THEMES, View, drawn, shown_store
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
# What is wrong with any text that can be seen: it reaches out of an ancestor that cuts what reaches out, or out of the
# window, or out of its figure, or it lies over another text. Left out:
# - icons, which are drawings, though a ligature makes them of a word;
# - text for screen readers alone, a pixel wide or clipped away;
# - pieces of a formula that lie over each other, as a fraction's do (whether it is cut is looked at in test_train.py);
# - what lies below an open popover, and text that is scrolled to within an element, which is there to scroll.
FAULTS = """() => {
  const SLACK = 2
  const opened = [...document.querySelectorAll('[data-testid=stPopoverBody]')].at(-1)
  const texts = []
  const walker = document.createTreeWalker(opened ?? document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const element = node.parentElement
    if (!node.textContent.trim() || element.closest('style, script, title, [data-testid=stIconMaterial]')) continue
    if (element.closest('.katex-mathml, [role=tooltip], .hoverlayer')) continue
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const drawn = element.closest('svg text') // whole, with all its pieces
    if (drawn && texts.some((text) => text.node === drawn)) continue
    const boxes = drawn ? [drawn.getBoundingClientRect()] : [...range.getClientRects()]
    for (const box of boxes) if (box.width > 2 && box.height > 2) texts.push({ node: drawn ?? node, element, box })
  }
  const say = ({ node }) => node.textContent.trim().slice(0, 40)
  const faults = new Set()
  const visible = texts.filter((text) => {
    const { box, element } = text
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at)
      const isCut = [style.overflowX, style.overflowY].map((overflow) => ['hidden', 'clip'].includes(overflow))
      const scrolls = [style.overflowX, style.overflowY].map((overflow) => ['auto', 'scroll'].includes(overflow))
      const frame = at.getBoundingClientRect()
      if (at.clientWidth <= 2 && isCut[0]) return false
      if (style.clipPath === 'inset(50%)') return false
      const isSvgText = element.closest('svg') && at instanceof SVGElement
      const over = [frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom]
      if (scrolls[1] && at.scrollHeight > at.clientHeight && Math.max(over[2], over[3]) > 0) return false
      if (scrolls[0] && at.scrollWidth > at.clientWidth && Math.max(over[0], over[1]) > 0) return false
      if (isSvgText) continue
      if ((isCut[0] && Math.max(over[0], over[1]) > SLACK) || (isCut[1] && Math.max(over[2], over[3]) > SLACK)) {
        faults.add(`cut by ${Math.round(Math.max(...over))}: ${say(text)}`)
        return true
      }
    }
    if (box.right > innerWidth + 1 || box.left < -1) faults.add(`beyond the window: ${say(text)}`)
    const figure = element.closest('.live-figure-plot')?.getBoundingClientRect()
    const { left, right, top, bottom } = figure ?? box
    const out = Math.max(left - box.left, box.right - right, top - box.top, box.bottom - bottom)
    if (out > SLACK) faults.add(`out of its figure by ${Math.round(out)}: ${say(text)}`)
    return true
  })
  const lying = visible.filter(({ element }) => !element.closest('.katex'))
  lying.forEach((one, index) => lying.slice(index + 1).forEach((other) => {
    if (one.node === other.node) return
    const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
    const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
    const least = Math.min(one.box.height, other.box.height)
    if (across > SLACK && down > 0.3 * least) faults.add(`over each other: ${say(one)} | ${say(other)}`)
  }))
  for (const field of (opened ?? document).querySelectorAll('input, textarea')) {
    if (field.type === 'range' || !field.checkVisibility() || field.clientWidth <= 2) continue
    const pen = document.createElement('canvas').getContext('2d')
    pen.font = getComputedStyle(field).font
    const asked = field.value ? 0 : pen.measureText(field.placeholder ?? '').width
    if (Math.max(field.scrollWidth, asked) > field.clientWidth + 1) {
      faults.add(`cut in its field: ${field.getAttribute('aria-label')} = ${field.value || field.placeholder}`)
    }
  }
  return [...faults]
}"""
VIEWS = [
    *("learn", "learn-runs", "train", "train-running", "train-failed", "train-waiting", "train-collapsed"),
    *("train-loss", "train-miner", "train-data", "train-images", "verify-sets", "explore-data", "mine"),
    *(f"verify-{section}" for section in SECTIONS),
    *("explore", "explore-points"),
    *("verify-data", "verify-points", "verify-scores", "compare", "compare-four", "compare-strategies"),
    *("comparison", *(f"comparison-{view}" for view in BENEATH), "status", "link", "handins"),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("store")
    with without_engine(root):
        yield root


@pytest.fixture(scope="module")
def views(root: Path) -> dict[str, View]:
    return shown_store(root)


@pytest.fixture
def address(serve: Serve, root: Path, views: dict[str, View]) -> str:
    return serve(APP, {"METRIC_LAB_STORE": str(root)})


ALWAYS = ("train", "compare")  # the others take some minutes


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.soak) for name in VIEWS]
)
def test_no_text_is_cut_or_covered_at_any_size(name: str, page: Page, address: str, views: dict[str, View]) -> None:
    page.emulate_media(reduced_motion="reduce")  # what plays would be looked at in the middle of a step
    faults: dict[str, list[str]] = {}
    for place, (size, (width, height)) in enumerate(reversed(SIZES.items())):
        page.set_viewport_size({"width": width, "height": height})
        if place == 0 or views[name].opens:
            views[name].open(page, address)
        drawn(page)
        if found := page.evaluate(FAULTS):
            faults[size] = found
    assert not faults, "\n".join(f"{size}: {fault}" for size, found in faults.items() for fault in found)


# What of each page is its numbers, which stand beside or below its first figure.
NUMBERS = {
    "learn": ".st-key-running-numbers tr",
    "train": ".st-key-running-numbers tr",
    "mine": ".live-figure-readout-value",
    "verify-wrong-pairs": ".live-figure-readout-value",
    "explore": ".st-key-explore-whole p",
    "compare": ".st-key-compare-numbers tr:nth-child(-n + 4)",
}
BOTTOMS = "(found) => found.map((one) => one.getBoundingClientRect().bottom)"
# The end of the last text or figure of the window, and the size of its smallest text.
FILLED = """() => {
  const texts = [...document.querySelectorAll('.stMain *')].filter((one) => one.checkVisibility() &&
    [...one.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()) && !one.closest('.katex'))
  const ends = texts.map((one) => one.getBoundingClientRect().bottom).filter((bottom) => bottom <= innerHeight)
  return [Math.max(...ends), Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize)))]
}"""


@pytest.mark.soak
@pytest.mark.parametrize("name", NUMBERS)
def test_the_main_figure_and_its_numbers_need_no_scrolling_and_a_large_window_is_used(
    name: str, page: Page, address: str, views: dict[str, View]
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 720})
    views[name].open(page, address)
    figure, *_ = page.locator(".live-figure-stage").evaluate_all(BOTTOMS)
    numbers = page.locator(NUMBERS[name]).evaluate_all(BOTTOMS)
    assert figure <= 720 and len(numbers) >= 3 and max(numbers) <= 720, (figure, numbers)
    page.set_viewport_size({"width": 1920, "height": 1080})
    drawn(page)
    end, smallest = page.evaluate(FILLED)
    assert end > 0.75 * 1080 and smallest >= 16, (end, smallest)


def test_every_section_of_verify_is_looked_at() -> None:
    assert set(SECTIONS) == set(sections.SECTIONS)


@pytest.mark.soak
@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_serious_in_any_view(name: str, page: Page, address: str, views: dict[str, View]) -> None:
    for theme in THEMES:
        page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
        views[name].open(page, address)
        assert not faults(page), theme
