"""A server and a browser for tests of pages.

`serve(path, environment)` starts a Streamlit server in a store of its own and returns its address; `page` is a browser
tab that fails the test on any console error and any exception in a script.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, ViewportSize, sync_playwright

from core.runs.run_folder import Run
from tests.browser.served import FLAGS, Serve, Server, chromium, started
from tests.dashboard.made_runs import made_run
from tests.engines import without_engine
from tests.imports import ROOT

SIZE: ViewportSize = {"width": 1280, "height": 720}
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One Chromium with one profile for all tests: what the pages share is fetched and compiled once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=chromium(), args=FLAGS, viewport=SIZE
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of 1280 x 720; page errors and console errors fail the test when it ends.

    It is the tab of the test before, because a new one costs a second of compiling; nothing that a test did stays.
    """
    tab = browser.pages[0]
    tab.set_viewport_size(SIZE)
    faults: list[str] = []

    def on_error(error: Error) -> None:
        faults.append(f"exception: {error}")

    def on_console(message: ConsoleMessage) -> None:
        if _is_fault(message):
            faults.append(message.text)

    tab.on("pageerror", on_error)
    tab.on("console", on_console)
    yield tab
    _leave(tab, is_usable=not request.node.stash.get(FAILED, False))
    tab.remove_listener("pageerror", on_error)
    tab.remove_listener("console", on_console)
    assert not faults, f"the browser reported {len(faults)} faults: {faults[:5]}"


def _leave(tab: Page, is_usable: bool) -> None:
    """Empty the tab for the next test and close all others; one whose test failed may hold a key down: replace it."""
    if is_usable:
        tab.unroute_all(behavior="ignoreErrors")
        if tab.url.startswith("http"):
            tab.evaluate("localStorage.clear(), sessionStorage.clear()")
        tab.context.clear_cookies()
        tab.emulate_media(color_scheme="null", reduced_motion="null")
        tab.mouse.move(0, 0)
        tab.goto("about:blank")
    browser = tab.context
    kept = tab if is_usable else browser.new_page()
    for other in browser.pages:
        if other is not kept:
            other.close()
    browser.clear_cookies()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


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
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The only run of a store that is only looked at, without an engine."""
    root = tmp_path_factory.mktemp("store")
    with without_engine(root):
        yield made_run(root)


@pytest.fixture
def address(serve: Serve, run: Run) -> str:
    """Of a server that knows that run."""
    return serve(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(run.folder.parents[1])})


@pytest.fixture(scope="session")
def serve(servers: dict[str, Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(path, environment)` -> the address of a server running that app, one a path and environment.

    A store that the environment does not name gets no engine.
    """
    addresses: dict[tuple[str, ...], str] = {}
    idle = ExitStack()

    def start(path: Path | str, environment: Mapping[str, str] | None = None) -> str:
        key = (str(path), *(f"{name}={value}" for name, value in sorted((environment or {}).items())))
        if key not in addresses:
            folder = tmp_path_factory.mktemp("server")
            if "METRIC_LAB_STORE" not in (environment or {}):
                idle.enter_context(without_engine(folder / "store"))
            server = started(path, environment or {}, folder)
            servers[server.address] = server
            addresses[key] = server.address
        return addresses[key]

    with idle:
        yield start
