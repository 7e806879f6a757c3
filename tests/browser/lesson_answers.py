"""How a reader does the tasks of the lessons in a browser, by the gestures of the pages; the answers are core's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from core.lessons.lesson import Step
from core.lessons.placements import (
    HardBySide,
    OtherByProduct,
    OutsideBoundary,
    PushingPairs,
    ShortCut,
    TripletIs,
)
from core.lessons.tasks import ErrorEvidence, FarAtMost, FirstEpochBelow, LargestOf, LostNeighbour, SmallestMargin
from core.records.snapshot_record import SnapshotRecord
from core.runs.run_folder import Run
from core.system.locations import ASSETS
from dashboard.lessons.evidence import number_of
from dashboard.playground.situation import points_of
from dashboard.playground.starts import points_at
from dashboard.wording import say
from tests.browser.rest import at_rest

MOST_KEYS = 400
Answer = Callable[[Page, Step], None]


def recorded(step: Step) -> Run:
    """The run that a step is on."""
    return Run(ASSETS / "recorded" / step.address["run"])


def snapshot_of(step: Step, run: Run) -> SnapshotRecord:
    """The snapshot that a step is on: of its epoch, or the last."""
    lines = run.snapshots()
    return next((line for line in lines if f"{line.epoch:.4g}" == step.address.get("epoch")), lines[-1])


def drag(page: Page, name: str, wanted: float) -> None:
    """Move the handle of this name by keys until it is as near to a value as its stops allow."""
    handle = page.get_by_role("slider", name=name).first
    handle.focus()

    def value() -> float:
        return float(handle.get_attribute("aria-valuenow") or "nan")

    for stride, other in (("PageUp", "PageDown"), ("ArrowRight", "ArrowLeft")):
        for _ in range(MOST_KEYS):
            before = value()
            page.keyboard.press(stride if before < wanted else other)
            if (before < wanted) is (value() >= wanted) or value() == before:
                break
    if value() < wanted:
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(rf"{name.lower()}={re.escape(f'{value():.6g}'[:6])}"))
    at_rest(page)


def smallest_margin(page: Page, step: Step) -> None:
    """The first margin of the snapshot that reaches the share."""
    assert isinstance(step.task, SmallestMargin)
    run = recorded(step)
    line = snapshot_of(step, run)
    arrays = run.snapshot(line.step, "margins", "semi_hard_counts")
    reaches = arrays["semi_hard_counts"] / (line.triplets or 1) >= step.task.share
    drag(page, "Margin", float(arrays["margins"][np.argmax(reaches)]))


def far_at_most(page: Page, step: Step) -> None:
    """The largest threshold that keeps to the rate."""
    assert isinstance(step.task, FarAtMost)
    run = recorded(step)
    appraisal = run.appraisal(run.snapshots()[-1].step)
    assert appraisal is not None
    curve = appraisal.everyone.curve
    evidence = ErrorEvidence(curve.thresholds, curve.false_accept_rate, 1 - curve.true_accept_rate)
    right = [at for at in curve.thresholds.tolist() if step.task.grade(at, evidence).is_right]
    drag(page, "Threshold", right[len(right) // 2])


def first_epoch(page: Page, step: Step) -> None:
    """The first epoch with a smaller share of hard triplets, by the slider of epochs."""
    assert isinstance(step.task, FirstEpochBelow)
    lines = recorded(step).snapshots()
    below = [(line.hard or 0) / (line.triplets or 1) < step.task.share for line in lines]
    page.get_by_role("slider", name="Epoch").first.focus()
    for _ in range(below.index(True)):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**epoch={lines[below.index(True)].epoch:.4g}*")
    at_rest(page)


def lost_point(page: Page, step: Step) -> None:
    """A point that the map has lost, by its number."""
    assert isinstance(step.task, LostNeighbour)
    run = recorded(step)
    arrays = run.snapshot(run.snapshots()[-1].step, "embeddings", "map")
    near = [_nearest(arrays[kind], step.task.among) for kind in ("embeddings", "map")]
    kept = [len(truly & drawn) for truly, drawn in zip(*near, strict=True)]
    field = page.get_by_role("spinbutton", name=say("explore.query.label")).first
    field.fill(str(kept.index(0)))
    field.press("Enter")
    page.wait_for_url(f"**query={kept.index(0)}*")
    at_rest(page)


def run_of_most(page: Page, step: Step) -> None:
    """The run with the largest or smallest number, by its choice below the task."""
    assert isinstance(step.task, LargestOf)
    numbers = [number_of(name, step.task.number) for name in step.task.runs]
    choose(page, numbers.index((min if step.task.smallest else max)(numbers)))


def moved(row: int, x: float, y: float) -> Answer:
    """A point of the playground, by its row, dragged to a place."""

    def drag_it(page: Page, step: Step) -> None:
        points = page.locator(".playground-mark[data-mark^='point.']")
        places = [place for place in _places(step)]
        boxes = [points.nth(at).bounding_box() or {} for at in range(len(places))]
        middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
        scale = (middles[1][0] - middles[0][0]) / (places[1][0] - places[0][0])
        start, (from_x, from_y) = middles[row], places[row]
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(start[0] + scale * (x - from_x), start[1] - scale * (y - from_y), steps=8)
        before = page.url
        page.mouse.up()
        page.wait_for_function("before => location.href !== before", arg=before)
        at_rest(page)

    return drag_it


def let_go(page: Page, step: Step) -> None:
    """Descend until no term is above 0."""
    before = page.url
    page.get_by_role("button", name=re.compile("Let go")).click()
    expect(page.locator(".playground")).to_contain_text(re.compile(r"Loss 0\.000\b"), timeout=60_000)
    page.wait_for_function("before => location.href !== before", arg=before)  # it has come to rest by itself
    at_rest(page)


def _places(step: Step) -> list[tuple[float, ...]]:
    says = step.address
    return list(points_of(says.get("points") or points_at(says["start"], says["space"]), says["space"])[0])


def choose(page: Page, at: int) -> None:
    """One of the choices in the guide."""
    page.locator(".st-key-lesson").get_by_role("radio").nth(at).click()
    at_rest(page)


def check(page: Page) -> str:
    """Have the answer graded; what is said of it."""
    guide = page.locator(".st-key-lesson")
    guide.get_by_role("button", name="Check").click()
    said = guide.get_by_text(re.compile(r"Right\.|Not quite\.|nothing to check"))
    expect(said.last).to_be_visible()
    at_rest(page)
    return said.last.inner_text()


def _nearest(where: np.ndarray, among: int) -> list[set[int]]:
    points = where.astype(np.float64)
    squared = np.square(points[:, None] - points[None]).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    return [set(row.tolist()) for row in np.argsort(squared, axis=1, kind="stable")[:, :among]]


ANSWERS: dict[type[Any], Answer] = {
    SmallestMargin: smallest_margin,
    FarAtMost: far_at_most,
    FirstEpochBelow: first_epoch,
    LostNeighbour: lost_point,
    LargestOf: run_of_most,
    PushingPairs: moved(1, 0.1, 0.0),
    TripletIs: moved(2, -0.94, 0.34),
    OutsideBoundary: let_go,
    OtherByProduct: moved(2, 1.5, 1.0),
    ShortCut: moved(1, 0.0, 0.0),
    HardBySide: moved(2, -0.643, -0.766),
}
