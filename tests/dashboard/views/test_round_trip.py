"""An address that a page has written leads to the same page: bar 20 of the experience. A hundred states, drawn at
random from what pages offer, are opened, and what each says of itself is opened anew, by somebody else; fifty broken
addresses open pages all the same. `make soak` takes all of them, and every other check some."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from dashboard import settings
from dashboard.url import Setting
from tests.dashboard.pages import opened
from tests.dashboard.sent import sent_to_components

STATES, BROKEN, FEW = 100, 50, 8
LONGEST = 2_000  # characters
POINTS, EPOCHS = 300, ("0", "1", "2")
RECORDINGS = ("digits-semi-hard", "digits-batch-hard", "digits-softmax")
SECTIONS = ("wrong-pairs", "identities", "calibration", "over-epochs", "hand-over")
KINDS = (
    "selectbox",
    "select_slider",
    "number_input",
    "slider",
    "text_input",
    "multiselect",
    "radio",
    "toggle",
    "checkbox",
)
GARBAGE = (
    *("", " ", "-1", "1e999", "nan", "0x10", "9" * 400, "ß" * 40, "\u202e"),
    *("<script>", "../../etc", "[]", "a,b,,c", "'; --"),
)
NAMES = sorted({one.name for one in vars(settings).values() if isinstance(one, Setting)} | set(settings.NUMBERS))


def mine(random: Random, run: str) -> dict[str, str]:
    return {
        "run": run,
        "epoch": random.choice(EPOCHS),
        "anchor": str(random.randrange(POINTS)),
        "margin": f"{random.randrange(0, 200) / 100:g}",
    }


def verify(random: Random, run: str) -> dict[str, str]:
    goal = random.choice(
        [
            {"goal": "hand", "threshold": f"{random.randrange(20, 150) / 100:g}"},
            {"goal": "far", "far": f"{random.randrange(1, 400) / 10:g}"},
            {"goal": "eer"},
            {},
        ]
    )
    return {"run": run, "section": random.choice(SECTIONS), "safe": random.choice(("true", "false"))} | goal


def explore(random: Random, run: str) -> dict[str, str]:
    query = {"run": run, "epoch": random.choice(EPOCHS), "query": str(random.randrange(POINTS))}
    return query | random.choice([{}, {"search": "3"}, {"suspects": "outliers"}])


def compare(random: Random, run: str) -> dict[str, str]:
    chosen = random.sample((*RECORDINGS, run), random.choice((2, 3)))
    return {"runs": ",".join(chosen), "metric": random.choice(("map_at_r", "auc", "recall_at_1"))}


def train(random: Random, run: str) -> dict[str, str]:
    return {"run": run} | random.choice([{}, {"frame": "epoch 0"}, {"frame": "epoch 1"}])


def learn(random: Random, run: str) -> dict[str, str]:
    return {"recording": random.choice(RECORDINGS)} | random.choice([{}, {"lesson": "embedding", "step": "1"}])


PAGES: dict[str, Callable[[Random, str], dict[str, str]]] = {
    "mine": mine,
    "verify": verify,
    "explore": explore,
    "compare": compare,
    "train": train,
    "learn": learn,
}


def controls(app: AppTest) -> dict[str, Any]:
    """What every control of the page says, the handles and frames of its figures too."""
    said = {f"{kind} {one.key or one.label}": one.value for kind in KINDS for one in app.get(kind)}
    said |= {f"choice {one.key or one.label}": one.value for one in app.get("button_group")}
    for row, data in enumerate(sent_to_components(app)):
        for handle in data.get("handles", []):
            said[f"{row} {handle['name']}"] = handle["value"]
        if data.get("scrub"):
            said[f"{row} frame"] = data["scrub"].get("frame")
    return said


def address(app: AppTest) -> str:
    """What the page puts into the address."""
    return next(data["query"] for data in sent_to_components(app) if "query" in data)


def comes_back(seed: int, run: str) -> str:
    """The address that a page in a state of its own writes, once it has led to the same page in another session."""
    random = Random(seed)
    page = list(PAGES)[seed % len(PAGES)]
    first = opened(page, **PAGES[page](random, run))
    written = address(first)
    assert controls(first), page
    again = opened(page, **dict(parse_qsl(written, keep_blank_values=True)))
    assert controls(again) == controls(first), (page, written)
    assert address(again) == written and len(written) <= LONGEST
    return f"{page}?{written}"


def broken(seed: int, run: str) -> dict[str, str]:
    random = Random(seed)
    asked = {name: random.choice(GARBAGE) for name in random.sample(NAMES, random.randint(1, 4))}
    return asked if random.random() < 0.5 else {"run": run} | asked


def opens(seed: int, run: str) -> str:
    """What a page that was asked for with a broken address has in place of it."""
    return address(opened(list(PAGES)[seed % len(PAGES)], **broken(seed, run)))


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("count", [FEW, pytest.param(STATES, marks=pytest.mark.soak)])
def test_an_address_leads_back_to_the_same_controls(count: int, run: Run) -> None:
    written = {comes_back(seed, run.folder.name) for seed in range(count)}
    assert len(written) > 0.7 * count, "the states differ"


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("count", [FEW, pytest.param(BROKEN, marks=pytest.mark.soak)])
def test_no_broken_address_breaks_a_page(count: int, run: Run) -> None:
    assert all(len(opens(seed, run.folder.name)) <= LONGEST for seed in range(count))
