"""Makes the README's picture: `python -m assets.make_picture`, with Chromium and the test requirements installed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.served import FLAGS, ROOT, chromium, started

PICTURE = Path(__file__).with_name("picture.png")
SIZE = {"width": 1280, "height": 720}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = started(ROOT / "dashboard" / "app.py", {}, Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport=SIZE)
            page.goto(server.address)
            page.wait_for_function("document.querySelector('canvas.live-figure-points')?.draws > 20")
            bar = page.locator(".live-figure input[type=range]").first
            bar.focus()
            page.keyboard.press("End")
            page.wait_for_timeout(1500)
            page.screenshot(path=PICTURE)
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()
