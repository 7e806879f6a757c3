"""Screenshots of every page at every size in both themes: `make look`, or `python -m tests.browser.look [view ...]`.

They go to `look/`, which is not committed, as `<view>-<width>-<theme>.png`; of a telephone the whole page, too. Views
are those of shown_pages.py; a word takes all views whose name begins with it.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.served import FLAGS, chromium, started
from tests.browser.shown_pages import SIZES, THEMES, View, shown_store, whole
from tests.engines import without_engine
from tests.imports import ROOT

FOLDER = ROOT / "look"


def look(words: tuple[str, ...], folder: Path) -> None:
    """Make the pictures of the views whose names begin with one of these words."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "store"
        with ExitStack() as served:
            with without_engine(store), sync_playwright() as playwright:
                views = {name: view for name, view in shown_store(store).items() if name.startswith(words)}
                server = started("dashboard/app.py", {"METRIC_LAB_STORE": str(store)}, Path(place))
                served.callback(server.close)  # once its store has let go of the lock
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                for theme in THEMES:
                    _look_at(browser, theme, server.address, views, folder)
                browser.close()


def _look_at(browser: Browser, theme: str, server: str, views: dict[str, View], folder: Path) -> None:
    page = browser.new_page(color_scheme="dark" if theme == "dark" else "light")
    for name, view in views.items():
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            view.open(page, server)
            _keep(page, folder / f"{name}-{size}-{theme}.png")
            if width < 640 and not view.opens:
                whole(page)
                _keep(page, folder / f"{name}-{size}-whole-{theme}.png")
    page.close()


def _keep(page: Page, path: Path) -> None:
    page.screenshot(path=str(path))
    print(path, flush=True)


if __name__ == "__main__":
    look(tuple(sys.argv[1:]) or ("",), FOLDER)
