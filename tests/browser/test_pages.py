"""The pages in a real browser: the first screen moves, a live run does not disturb what one looks at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from core.engine.process import engine_process, stop_engine
from core.experiment.experiment import Experiment
from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.rest import at_rest
from tests.browser.served import Serve, Server
from tests.engines import eventually, without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
LESSON = ROOT / "assets" / "recorded" / "digits-semi-hard"
UPDATES = 60

# Counts what Streamlit takes away while the test looks, and keeps the nodes of the first figure.
WATCH = """() => {
  const root = document.querySelector('.live-figure')
  window.watched = {root, plot: root.querySelector('.js-plotly-plot'), removed: 0}
  const isContainer = (node) => node.nodeType === 1 && node.matches('[data-testid=stElementContainer]')
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.removedNodes) if (isContainer(node)) watched.removed += 1
  }).observe(document.body, {childList: true, subtree: true})
}"""
# A live map rests a fifth of a second before it asks for the next one; the test need not wait for that.
ASK_OFTEN = "setTimeout = ((wait) => (call, time, ...rest) => wait(call, time == 200 ? 20 : time, ...rest))(setTimeout)"
RANGES = "() => { const {xaxis, yaxis} = watched.plot._fullLayout; return [...xaxis.range, ...yaxis.range] }"


@pytest.fixture
def live_run(tmp_path: Path, serve: Serve) -> Iterator[tuple[str, str, Callable[[int], None]]]:
    """A store whose one run grows by a snapshot whenever the test says so, and a server on it."""
    store = Store(tmp_path / "store")
    experiment = Experiment()
    row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
    recorded, run = Run(LESSON), Run(store.folder(row.id))
    for name in ("run.json", "probe.npz", "probe.png", "baselines.json", "steps.jsonl"):
        shutil.copy(recorded.folder / name, run.folder / name)
    (run.folder / "snapshots").mkdir()
    store.set_state(row.id, "running")
    arrays = [recorded.snapshot(numbers.step) for numbers in recorded.snapshots()]
    of_its_map = {"step", "epoch", "seconds", "map"}
    first = recorded.snapshots()[0].written()
    numbers = {name: value for name, value in first.items() if name not in of_its_map}

    def grow(snapshot: int) -> None:
        when = MapRecord(step=snapshot, epoch=float(snapshot), seconds=float(snapshot), map="umap")
        run.write_map(when, {"map": arrays[snapshot % len(arrays)]["map"]})
        run.write_statistics(when, numbers, arrays[snapshot % len(arrays)])

    with without_engine(store.root):
        yield serve(APP, {"METRIC_LAB_STORE": str(store.root)}), row.id, grow


def test_the_first_screen_plays_a_recorded_run_without_a_click(page: Page, serve: Serve) -> None:
    page.goto(serve(APP))
    canvas = page.locator("canvas.live-figure-points").first
    canvas.wait_for()
    page.wait_for_function("document.querySelector('canvas.live-figure-points').draws > 20")
    page.wait_for_function("document.querySelector('.live-figure').dataset.frame !== 'epoch 0'")


def test_the_first_screen_plays_below_a_base_path(page: Page, serve: Serve) -> None:
    """Behind a proxy that shares its host: everything that the figure fetches lies below the path, pictures too."""
    missed: list[str] = []
    page.on("response", lambda answer: missed.append(answer.url) if is_astray(answer) else None)
    address = serve(APP, {"STREAMLIT_SERVER_BASE_URL_PATH": "lab"})
    assert address.endswith("/lab")
    with page.expect_response(lambda answer: answer.url.endswith("/lab/runs/digits-semi-hard/probe.png")) as picture:
        page.goto(f"{address}/")
    page.wait_for_function("document.querySelector('.live-figure')?.dataset.frame > ''")
    page.locator(".live-figure").nth(1).locator(".main-svg").first.wait_for(state="attached")
    assert picture.value.ok and picture.value.headers["content-type"] == "image/png" and not missed


def is_astray(answer: Response) -> bool:
    """Whether a request of the figure was answered by nobody, or by Streamlit's own page."""
    is_figure = "/vendor/" in answer.url or "/runs/" in answer.url
    return is_figure and (not answer.ok or "html" in answer.headers.get("content-type", ""))


def test_the_web_process_holds_no_heavy_library(page: Page, serve: Serve, servers: dict[str, Server]) -> None:
    address = serve(APP)
    for name in ("", "train", "mine", "verify", "compare", "explore"):
        page.goto(f"{address}/{name}")
        page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    mapped = Path(f"/proc/{servers[address].process.pid}/maps").read_text()
    assert "python" in mapped
    for library in ("libtorch", "_swigfaiss", "llvmlite", "sklearn"):
        assert library not in mapped


@pytest.mark.soak
def test_sixty_live_updates_leave_the_figure_and_the_zoom_alone(
    page: Page, live_run: tuple[str, str, Callable[[int], None]]
) -> None:
    address, run_id, grow = live_run
    grow(0)
    page.goto(f"{address}/train?run={run_id}")
    page.locator("canvas.live-figure-points").first.wait_for()
    page.locator(".live-figure .nsewdrag").first.wait_for(state="attached")
    at_rest(page)
    page.evaluate(ASK_OFTEN)
    page.evaluate(WATCH)
    whole = page.evaluate(RANGES)
    box = page.locator(".live-figure .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.7, steps=5)
    page.mouse.up()
    page.wait_for_function(f"(whole) => JSON.stringify(({RANGES})()) !== JSON.stringify(whole)", arg=whole)
    at_rest(page)
    zoomed = page.evaluate(RANGES)
    for snapshot in range(1, UPDATES + 1):
        grow(snapshot)
        page.wait_for_function(f"watched.root.dataset.frame === 'epoch {snapshot}'", timeout=60_000)
    assert page.evaluate("watched.root.isConnected && watched.plot.isConnected")
    assert page.evaluate("watched.root.querySelector('.js-plotly-plot') === watched.plot")
    assert page.evaluate(RANGES) == pytest.approx(zoomed, abs=1e-6)
    assert page.evaluate("watched.removed") == 0


def test_one_click_from_home_leads_to_a_live_run_that_a_refresh_and_another_server_find_again(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    address = serve(APP, {"METRIC_LAB_STORE": str(tmp_path / "store"), "METRIC_LAB_SLOTS": "1"})
    store = Store(tmp_path / "store")
    try:
        page.goto(address)
        page.get_by_role("button", name="Train this yourself").click(timeout=60_000)
        page.wait_for_url("**/train?run=*", timeout=60_000)
        (row,) = store.rows()
        run = Run(store.folder(row.id))
        eventually(lambda: store.row(row.id).state == "running", "the run is running")
        page.get_by_text("running ·").wait_for(timeout=60_000)
        eventually(lambda: len(run.snapshots()) >= 3, "the run shows its first snapshots")
        page.wait_for_function("(document.querySelector('.live-figure')?.dataset.frame ?? '').startsWith('epoch')")
        page.reload()
        page.locator("canvas.live-figure-points").first.wait_for(timeout=60_000)
        beside = {"METRIC_LAB_STORE": str(store.root), "METRIC_LAB_SLOTS": "1", "METRIC_LAB_LANGUAGE": "en"}
        engine, second = engine_process(store.root), page.context.new_page()
        second.goto(page.url.replace(address, serve(APP, beside)))
        second.locator("canvas.live-figure-points").first.wait_for(timeout=60_000)
        assert len(store.rows()) == 1
        assert json.loads((run.folder / "run.json").read_text())["id"] == row.id
        body = second.get_by_test_id("stMainBlockContainer")  # Streamlit has a button of that name above it
        body.get_by_role("button", name="Stop", exact=True).click(timeout=60_000)
        eventually(lambda: store.row(row.id).state == "stopped", "the run is stopped from the other server")
        page.get_by_text("stopped · after").wait_for(timeout=120_000)
        assert engine_process(store.root) == engine, "both servers ask the same engine"
    finally:
        stop_engine(store.root)


def test_compared_runs_share_one_scrub_bar(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(APP)}/compare")
    page.locator("canvas.live-figure-points").first.wait_for()
    bars = page.locator(".live-figure input[type=range]")
    bars.first.wait_for()
    assert bars.count() == 1
    bars.first.focus()
    page.keyboard.press("Home")
    page.wait_for_function("document.querySelector('.live-figure').dataset.frame === 'epoch 0'")


def test_a_large_window_grows_type_and_figures_alike(page: Page, serve: Serve) -> None:
    measured = """() => {
        const [box] = [...document.querySelectorAll('.live-figure-stage')].map((stage) => stage.getBoundingClientRect())
        const tick = document.querySelector('.live-figure [class$="tick"] text')
        return [getComputedStyle(document.documentElement).fontSize, box.height, tick.style.fontSize].map(parseFloat)
    }"""
    seen = []
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(serve(APP))
        page.locator('.live-figure [class$="tick"] text').first.wait_for(state="attached")
        seen.append(page.evaluate(measured))
    small, large = seen
    assert (
        small[0] == 15 and [round(after / before, 2) for before, after in zip(small, large, strict=True)] == [1.5] * 3
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_word_of_what_is_chosen_is_as_easy_to_read_as_the_others(theme: str, page: Page, serve: Serve) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"{serve(APP)}/verify")
    page.get_by_text("FRR at most", exact=True).wait_for(timeout=60_000)
    colours = page.evaluate(
        """() => [...document.querySelectorAll('[role=radiogroup]')[0].querySelectorAll('p')]
            .map((word) => getComputedStyle(word).color)"""
    )
    assert len(colours) > 5 and len(set(colours)) == 1


def test_choices_take_a_second_line_rather_than_being_cut(page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(serve(APP))
    page.get_by_role("radio").last.wait_for()
    cut = "(choices) => choices.filter((one) => one.getBoundingClientRect().right > innerWidth).length"
    assert page.get_by_role("radio").evaluate_all(cut) == 0


@pytest.mark.parametrize(
    "name",
    ["mine", *(pytest.param(name, marks=pytest.mark.soak) for name in ("", "train", "verify", "compare", "explore"))],
)
def test_nothing_is_wider_than_the_window(page: Page, serve: Serve, name: str) -> None:
    """Opened on a telephone and turned, and on a small screen."""
    for width, height in ((390, 844), (844, 390), (820, 1180), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        if width not in (844, 820):
            page.goto(f"{serve(APP)}/{name}")
            page.locator(".live-figure .main-svg").first.wait_for()
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
