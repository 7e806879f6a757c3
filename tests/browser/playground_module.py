"""The scripts of the playground in a tab of their own, without a server: a page that is asked for them alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from tests.imports import ROOT

FOLDER = ROOT / "dashboard" / "components" / "playground"
HERE = "http://playground.test/"


def open_modules(page: Page) -> None:
    """Go to an empty page that can import the scripts by their names."""

    def answer(route: Route) -> None:
        name = Path(route.request.url).name
        if name.endswith((".js", ".css")):
            route.fulfill(path=FOLDER / name, content_type="text/css" if name.endswith(".css") else "text/javascript")
        else:
            route.fulfill(
                body="<!doctype html><title>modules</title><link rel=icon href=data:,><main></main>",
                content_type="text/html",
            )

    page.route(f"{HERE}**", answer)
    page.goto(HERE)


def asked(page: Page, module: str, body: str, argument: Any = None) -> Any:
    """What a function body gives back that knows `module`, the script of this name, and `given`, the argument."""
    return page.evaluate(f"async (given) => {{ const module = await import('/{module}'); {body} }}", argument)
