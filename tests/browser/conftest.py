"""A server and a browser for tests of pages.

`serve(path, environment)` starts a Streamlit server in a store of its own and returns its address; `page` is a browser
tab that fails the test on any console error and any exception in a script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.served import FLAGS, Server, chromium, started

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of 1280 x 720; page errors and console errors fail the test when it ends."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    tab.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    yield tab
    context.close()
    assert not faults, f"the browser reported {len(faults)} faults: {faults[:5]}"


def _is_fault(message: ConsoleMessage) -> bool:
    """Opened below its root, Streamlit looks for its server beside the page first and is told 404."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """The servers that run, by address; all end with the session, and the engines that they started."""
    running: dict[str, Server] = {}
    yield running
    for server in running.values():
        server.close()


@pytest.fixture(scope="session")
def serve(servers: dict[str, Server], tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`serve(path, environment)` -> the address of a server running that app, one a path and environment."""
    addresses: dict[tuple[str, ...], str] = {}

    def start(path: Path | str, environment: Mapping[str, str] | None = None) -> str:
        key = (str(path), *(f"{name}={value}" for name, value in sorted((environment or {}).items())))
        if key not in addresses:
            server = started(path, environment or {}, tmp_path_factory.mktemp("server"))
            servers[server.address] = server
            addresses[key] = server.address
        return addresses[key]

    return start
