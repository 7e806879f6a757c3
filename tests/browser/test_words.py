"""Words looked up in a browser: with the keyboard, by touch on a telephone, by a link in a lesson and by address."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.rest import at_rest

# Whether the middle of the picture's box is inside the window and the picture has come.
IS_SEEN = """(image) => { const box = image.getBoundingClientRect()
  return image.complete && image.naturalWidth > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0
    && box.right <= innerWidth }"""
CUT = """(root) => [...root.querySelectorAll('p, li, h3, h4, img')].filter((one) =>
  one.getBoundingClientRect().right > innerWidth).length"""


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog")


def heading(page: Page) -> Locator:
    """The name of the word that is open."""
    return drawer(page).locator(".word-card h3")


def test_a_word_is_looked_up_and_left_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/mine")
    button = page.get_by_role("button", name="Words")
    button.wait_for()
    at_rest(page)
    button.focus()
    page.keyboard.press("Enter")
    expect(drawer(page).get_by_role("heading", name="On this page")).to_be_visible()
    search = drawer(page).get_by_role("combobox")
    search.focus()
    page.keyboard.type("semi-hard")
    expect(page.get_by_role("option").first).to_have_text("Semi-hard triplet · semi-hard")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Semi-hard triplet")
    page.wait_for_url("**word=semi-hard*")
    link = drawer(page).locator(".word-card").get_by_role("link", name="Margin")
    link.focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Margin")
    expect(drawer(page).locator(".word-card")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    page.wait_for_function("!location.search.includes('word=')")


def test_an_address_opens_a_word_with_its_picture_and_the_page_stays_as_it_is(page: Page, address: str) -> None:
    page.goto(f"{address}/mine?word=anchor&margin=0.3")
    expect(heading(page)).to_have_text("Anchor")
    picture = drawer(page).locator(".word-card img")
    page.wait_for_function(IS_SEEN, arg=picture.element_handle())
    assert "anchor.svg" in (picture.get_attribute("src") or "") and "Anchor" in (picture.get_attribute("alt") or "")
    page.wait_for_url("**margin=0.3**")


def test_a_term_in_a_lesson_opens_its_word_in_the_same_page(page: Page, address: str) -> None:
    page.goto(f"{address}/mine?lesson=hardness&step=1")
    term = page.locator(".st-key-lesson").get_by_role("link", name="anchor", exact=True)
    term.wait_for()
    at_rest(page)
    page.evaluate("window.isTheSamePage = true")
    term.click()
    expect(heading(page)).to_have_text("Anchor")
    page.wait_for_url("**lesson=hardness**word=anchor*")
    assert page.evaluate("window.isTheSamePage") and len(page.context.pages) == 1


def tap(page: Page, what: Locator) -> None:
    """Touch the middle of it with a finger."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def test_a_word_is_looked_up_by_touch_and_nothing_is_cut_off(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/mine")
    button = page.get_by_role("button", name="Words")
    button.wait_for()
    at_rest(page)
    tap(page, button)
    link = drawer(page).locator(".word-list").get_by_role("link", name="Triplet", exact=True)
    link.wait_for()
    at_rest(page)
    tap(page, link)
    expect(heading(page)).to_have_text("Triplet")
    page.wait_for_function(IS_SEEN, arg=drawer(page).locator(".word-card img").element_handle())
    assert drawer(page).evaluate(CUT) == 0
    tap(page, drawer(page).get_by_role("button", name="Close"))
    expect(drawer(page)).to_have_count(0)
