"""The language of a page in a browser: in the page's own tag, and by the switch, which no width hides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rest import at_rest


@pytest.mark.parametrize("width", [1280, 390])
def test_the_browser_is_told_which_language_it_reads_and_the_address_which_was_chosen(
    width: int, page: Page, address: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/train?lang=zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans", timeout=60_000)
    at_rest(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_url("**/train?lang=en*")
