"""What the bars of the pages are measured on, for tests and bench alike: the pages, their main controls, and axe-core.

axe-core comes with axe-playwright-python, of the packages that bring it the one with a version of this year; the copy
that another one brings is four years old. Only its script is used: what is asked of it is a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# Addresses by page, each with a figure at once, and the page's main control.
PAGES: Mapping[str, str] = {
    "learn": "",
    "train": "train",
    "mine": "mine?run=digits-semi-hard",
    "verify": "verify?run=digits-softmax",
    "explore": "explore?run=digits-softmax",
    "compare": "compare",
}
MAIN: Mapping[str, str] = {
    "learn": "button:has-text('Train this yourself')",
    "train": "button:has-text('Start')",
    "mine": ".live-figure-handle",
    "verify": ".live-figure-handle",
    "explore": ".st-key-query input, [class*=st-key-query] input",
    "compare": ".live-figure-range",
}
ONE_MAP = ("learn", "train", "mine", "explore")  # whose first figure is a map alone
SEVERE = ("serious", "critical")
# Words that name what cannot be used now are exempt, which axe knows of fields, and not of groups of buttons.
RULES = {"resultTypes": ["violations"]}
IDLE = "[data-testid=stButtonGroup]:has(button:disabled) [data-testid=stWidgetLabel]"
# What is pressed and can be seen, smaller than `least` pixels one way. Not what lies within a field that is pressed as
# a whole, nor links in sentences, nor the field of a slider, whose handle is what is moved, nor plotly's own buttons,
# which fingers do not get, nor what is in the menu of pages while that is closed.
SMALL = """(least) => [...document.querySelectorAll('button, a[href], [role=slider], [type=range], [role=radio]')]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => !one.closest('.modebar, svg, [data-testid=stSelectbox], [data-testid=stMultiSelect]'))
  .filter((one) => !one.closest('[data-testid=stMarkdown] p, [data-testid=stSidebar]'))
  .filter((one) => !(one.tagName === 'INPUT' && one.closest('[data-testid=stSlider]')))
  .map((one) => [one.getAttribute('aria-label') || one.textContent, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 1 && (width < least || height < least))
  .map(([name, { width, height }]) => `${name.slice(0, 30)}: ${Math.round(width)} x ${Math.round(height)}`)"""
UNNAMED = """[...document.querySelectorAll('.live-figure, [data-testid=stMain] img')]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.getAttribute('aria-label') || one.getAttribute('alt') || '').trim())
  .map((one) => one.outerHTML.slice(0, 100))"""


def box(page: Page, selector: str) -> dict[str, float]:
    """Where the first of these stands: left, top, right, bottom, width and height."""
    return page.locator(selector).first.evaluate("(one) => one.getBoundingClientRect().toJSON()")


def faults(page: Page) -> list[str]:
    """What axe-core finds that is serious or critical."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None and spec.origin is not None, "axe-playwright-python is a requirement of the tests"
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "([rules, idle]) => axe.run({ exclude: [[idle]] }, rules).then(({ violations }) => violations)", [RULES, IDLE]
    )
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SEVERE
        for node in fault["nodes"]
    ]
