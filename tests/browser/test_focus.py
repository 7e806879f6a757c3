"""Who goes through a page with the keyboard sees where they are, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.served import Serve
from tests.browser.shown_pages import THEMES, drawn
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
MOST_STEPS = 120
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
# Of what has the focus: its kind, and how its outline (or that of what stands for it) stands out from the ground, as a
# ratio of contrast; 0 where there is none of 2 pixels; "again" once it had the focus before. Where a handle of a figure
# has it, its grip has a rim of ink.
FOCUSED = """() => {
  const at = document.activeElement
  if (!at || at === document.body || at.matches('main')) return null
  if (at.wasFocused) return 'again'
  at.wasFocused = true
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number)
  const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
  const parts = [0.2126, 0.7152, 0.0722]
  const light = (colour) => parts.reduce((sum, part, at) => sum + part * linear(colour[at] / 255), 0)
  const below = numbers(getComputedStyle(document.querySelector('.stApp')).backgroundColor)
  const contrast = (colour) => {
    const [of, alpha = 1] = [numbers(colour).slice(0, 3), numbers(colour)[3]]
    const [line, ground] = [light(of.map((value, at) => alpha * value + (1 - alpha) * below[at])), light(below)]
    return (Math.max(line, ground) + 0.05) / (Math.min(line, ground) + 0.05)
  }
  let best = 0
  const grip = at.matches('.live-figure-handle') && at.querySelector('.live-figure-grip')
  if (grip && parseFloat(getComputedStyle(grip).strokeWidth) >= 2) best = contrast(getComputedStyle(grip).stroke)
  for (let [node, up] = [at, 0]; node && up < 5; [node, up] = [node.parentElement, up + 1]) {
    const style = getComputedStyle(node)
    const { width, height } = node.getBoundingClientRect()
    const isShown = style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2
    const isSeen = node.checkVisibility({ opacityProperty: true }) && Math.min(width, height) > 8
    if (isShown && isSeen) best = Math.max(best, contrast(style.outlineColor))
  }
  const told = ['data-testid', 'class', 'type'].map((name) => at.getAttribute(name)?.split(' ')[0])
  return [`${at.tagName.toLowerCase()} ${at.getAttribute('role') ?? ''} ${told.find(Boolean) ?? ''}`, best]
}"""


def walk(page: Page) -> dict[str, float]:
    """The kinds of controls that the Tab key comes to, with the least contrast of their outlines."""
    found: dict[str, float] = {}
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused == "again":
            return found
        if focused:
            kind, contrast = focused
            found[kind] = min(found.get(kind, contrast), contrast)
    return found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "name",
    [
        "train",
        *(pytest.param(name, marks=pytest.mark.soak) for name in ("", "compare")),
        *(pytest.param(f"{name}?run=digits-softmax", marks=pytest.mark.soak) for name in ("mine", "verify", "explore")),
    ],
)
def test_whatever_the_tab_key_comes_to_is_outlined(name: str, theme: str, page: Page, serve: Serve) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{serve(APP)}/{name}")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    drawn(page)
    page.add_style_tag(content=STILL)
    found = walk(page)
    assert len(found) >= 5, found
    assert not (faint := {kind: contrast for kind, contrast in found.items() if contrast < 3}), faint
