"""Every page as readers meet it, for pictures and for tests of how it looks: what to open, and a store with it all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from core.augmentations import TurnsAndShifts
from core.datasets.images import Images
from core.datasets.strokes import Strokes
from core.distances import EUCLIDEAN
from core.experiment.experiment import Experiment
from core.jobs.measure_embeddings import Brought, Upload
from core.jobs.measure_scores import ScoredUpload
from core.lessons.handin_folder import keep
from core.runs.store import Store
from core.verification.scored_pairs import ScoredPairs
from dashboard.compare.beneath import VIEWS as BENEATH
from tests.browser.rest import STILL_FRAMES, at_rest
from tests.core.heads import brought, head, vectors
from tests.core.lessons.handed import ADAS, handed_in
from tests.core.measuring import measured
from tests.dashboard.compared_strategies import compared
from tests.dashboard.made_heads import made_head
from tests.dashboard.made_runs import EXPERIMENT, PULLS, collapse, made_run

SIZES = {"390": (390, 844), "820": (820, 1180), "1280": (1280, 720), "1920": (1920, 1080)}
SECTIONS = ("wrong-pairs", "identities", "calibration", "over-epochs", "hand-over")  # of Verify
THEMES = ("light", "dark")
DATA = ".st-key-data-popover button:visible"  # a popover with a tooltip has two buttons, one of them hidden
RUNS = "[class*=st-key-runs-panel] button"
LINK = ".st-key-link-menu button:visible"
FAILURE = "The images could not be read: digits.npz must have 3,823 rows, got 12. Remove the file and resume."
# Drawn, and nothing is about to be; what plays by itself need not rest.
DRAWN = """(frames) => {
  const busy = '[data-stale=true], [data-testid=stStatusWidget], [data-testid=stSkeleton]'
  const isDrawn = (figure) => !figure.getClientRects().length || figure.querySelector('.main-svg')
  const isSettled = document.querySelector('[data-test-script-state=notRunning]') && !document.querySelector(busy)
  const isThere = isSettled && [...document.querySelectorAll('.live-figure')].every(isDrawn)
  window.still = isThere ? (window.still ?? 0) + 1 : 0
  return window.still > frames
}"""
FILLED = "document.querySelector('[data-testid=stPopoverBody]')?.innerText.trim()"


@dataclass(frozen=True)
class View:
    """A page with its query, and what is opened on it: the first element of that selector is clicked."""

    address: str
    opens: str = ""
    shows: str = ".live-figure .main-svg"
    """What is there once it is drawn."""

    def open(self, page: Page, server: str) -> None:
        """Go there, whatever the page showed before."""
        page.goto("about:blank")
        page.goto(f"{server}/{self.address}")
        page.locator(self.shows).first.wait_for(state="attached", timeout=60_000)
        drawn(page)
        if self.opens:
            if (folded := page.locator(".st-key-train-unfold").get_by_text("Settings")).is_visible():
                folded.click()  # on a telephone settings fold away
            page.locator(self.opens).first.click()
            page.wait_for_function(FILLED, timeout=60_000)
            drawn(page)


def drawn(page: Page) -> None:
    """Wait until everything is drawn and, where nothing plays, at rest."""
    page.wait_for_function(DRAWN, arg=STILL_FRAMES, timeout=60_000)
    if not page.get_by_role("button", name="Pause", exact=True).count():
        at_rest(page)


def whole(page: Page) -> None:
    """Make the window as high as the page, so that one need not scroll."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    drawn(page)


def shown_store(root: Path) -> dict[str, View]:
    """Fill the store with a run of each kind; the views of every page by name. No engine may be at work there."""
    store, strokes = Store(root), replace(EXPERIMENT.schedule, probe_points=160)
    _keep_sets(root)
    _keep_handins(root)
    many = made_run(root, replace(EXPERIMENT, dataset=Strokes(identities=40), schedule=strokes)).folder.name
    collapsed = made_run(root, _seeded(3))
    collapse(collapsed)
    failed = made_run(root, _seeded(4), pulls=PULLS[:2], state="running").folder.name
    store.set_state(failed, "failed", FAILURE)
    waiting = store.submit(_seeded(6).described(), _seeded(6).run_id(), _seeded(6).title()).id
    running = made_run(root, _seeded(5), pulls=PULLS[:2], state="running").folder.name
    varied = made_run(root, replace(_seeded(7), augmentation=TurnsAndShifts(turn=30.0))).folder.name
    points, scores = _brought(store, _points()), _brought(store, _scores())
    own = made_run(root).folder.name
    four = ",".join(("digits-semi-hard", "digits-softmax", collapsed.folder.name, running))
    script = "[data-test-script-state=notRunning]"
    comparison = f"compare?comparison={compared(root).id}"
    return {
        "learn": View(""),
        "learn-runs": View("", RUNS),
        "train": View("train"),
        "train-data": View("train", DATA),
        "train-running": View(f"train?run={running}"),
        "train-failed": View(f"train?run={failed}", shows=script),
        "train-waiting": View(f"train?run={waiting}", shows=script),
        "train-collapsed": View(f"train?run={collapsed.folder.name}"),
        **{f"train-{family}": View("train", f".st-key-settings-{family} button") for family in ("loss", "miner")},
        "train-images": View(f"train?run={varied}", shows=".st-key-train-examples img"),
        "mine": View(f"mine?run={own}"),
        **{f"verify-{section}": View(f"verify?run={many}&section={section}") for section in SECTIONS},
        "verify-runs": View("verify", RUNS),
        "verify-data": View("verify", "[data-testid=stPopoverButton]:has-text('Measure a file')"),
        "verify-sets": View("verify", DATA),
        "verify-points": View(f"verify?run={points}"),
        "verify-scores": View(f"verify?run={scores}&section=hand-over"),
        "explore": View(f"explore?run={own}&epoch=0&query=17"),
        "explore-data": View(f"explore?run={points}", DATA),
        "explore-questions": View("explore?run=digits-softmax&questions=true"),
        "explore-points": View(f"explore?run={points}&search=person 7&suspects=outliers"),
        "compare": View("compare"),
        "compare-four": View(f"compare?runs={four}"),
        "compare-strategies": View("compare", ".st-key-strategies-menu button"),
        "comparison": View(comparison),
        **{f"comparison-{view}": View(f"{comparison}&view={view}") for view in BENEATH},
        "status": View("status", shows=script),
        "link": View(f"mine?run={own}", LINK),
        "handins": View("handins"),
    }


def _keep_handins(root: Path) -> None:
    """Of a class of twelve at one task, one of whom lies far from the others, and a file that is none."""
    for number in range(12):
        answer = 0.9 if number == 4 else 0.1 + 0.02 * (number % 5)
        address = ADAS.address | {"margin": f"{answer:.2f}"}
        name = f"Student {number} of the class"
        keep(root / "handins", str(number), handed_in(name=name, answer=answer, address=address))
    (root / "handins" / "broken.json").write_text("{")


def _keep_sets(root: Path) -> None:
    """Brought vectors with a head that was trained on them, the newest, and images; as the user of this machine has
    them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRIC_LAB_STORE", str(root))
        images = Strokes(identities=40).load()
        brought(Images(images.pixels, images.labels, images.class_names), "signs of the whole school.zip")
        made_head(root, head(brought(vectors(), "voices of the choir.npz")))


def _seeded(seed: int) -> Experiment:
    return replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=seed))


def _brought(store: Store, upload: Brought) -> str:
    name = measured(store, upload)[0].folder.name
    for state in ("running", "finished"):
        store.set_state(name, state)
    return name


def _points() -> Upload:
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(12), 10)
    points = generator.normal(size=(12, 4))[labels] + 0.4 * generator.normal(size=(120, 4))
    names = tuple(f"person {label}" for label in range(12))
    return Upload("faces of the whole team.npz", points, labels, names, EUCLIDEAN)


def _scores() -> ScoredUpload:
    generator, is_same = np.random.default_rng(0), np.arange(500) < 150
    scores = np.round(generator.normal(0.4 + 0.3 * is_same, 0.1), 2)
    pairs = ScoredPairs(-scores, is_same, is_similarity=True, lines=np.arange(500) + 2)
    return ScoredUpload("my scores.csv", pairs)
