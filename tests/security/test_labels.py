"""Whatever somebody writes into labels, groups, sessions, names of files, columns and data sets stays text on every
page where it is drawn: every string that a page sends is looked at, but for fields that never hold Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.admission.findings import findings
from core.datasets.admitted import DataCard, write_admitted
from core.datasets.brought import Brought
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.encoders import Linear
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.runs.store import Store
from dashboard.data import panel
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import list_of_runs, opened, visited
from tests.dashboard.sent import sent_to_components

STRANGE = (
    "![x](http://127.0.0.1:9/p)<img src=x onerror=alert(1)>:material/home: **b** $x$ <a href='http://127.0.0.1:9'>"
)
MARKS = ("![", "](http", "<img", ":material/home:", "**b**", "$x$", "<a href")
# Fields of Streamlit's messages that are shown as they are: the browser makes no Markdown and no HTML of them.
PLAIN = {"Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "Image.alt", "Text.body"}
PLAIN |= {"BidiComponent.json"}  # of our own components; what plotly draws of it is looked at in check_figure
SECTIONS = ("wrong-pairs", "identities", "calibration", "over-epochs", "hand-over")


def strange(count: int) -> tuple[str, ...]:
    return tuple(f"{STRANGE} {number}" for number in range(count))


def brought(kind: type[Samples]) -> str:
    """The id of an admitted set in which every word is strange."""
    generator = np.random.default_rng(0)
    labels = np.arange(240) % 24
    if kind is Images:
        coarse = generator.integers(0, 256, (24, 4, 4), dtype=np.uint8).repeat(4, axis=1).repeat(4, axis=2)
        values: np.ndarray = coarse[labels] ^ generator.integers(0, 32, (240, 16, 16), dtype=np.uint8)
    else:
        values = generator.normal(size=(24, 8))[labels] + 0.5 * generator.normal(size=(240, 8))
        values = values.astype(np.float32)
    values[3] = values[27]
    samples = kind(
        values,
        labels,
        strange(24),
        groups=np.arange(240) // 24 % 4,
        group_names=strange(4),
        sessions=np.arange(240) // 24 % 3,
        session_names=strange(3),
        names=np.array(strange(240)),
    )
    left_out = {"count": 1, "reasons": {STRANGE: 1}, "first": [{"name": STRANGE, "reason": STRANGE}]}
    card = DataCard(
        id=samples.digest[:32],
        kind="images" if kind is Images else "vectors",
        title=STRANGE,
        created="2026-11-30T00:00:00+00:00",
        count=240,
        class_names=samples.class_names,
        group_names=samples.group_names,
        session_names=samples.session_names,
        origin={"name": STRANGE, "columns": dict.fromkeys(("label", "group", "session"), STRANGE)},
        preparation={"height": 16, "width": 16, "fit": "stretch", "channels": 1},
        found={"unreadable": left_out, "aside": left_out, **findings(samples)},
    )
    return write_admitted(samples, card).name


def run_of(store: Store) -> str:
    experiment = Experiment(
        dataset=Brought(data=brought(Images)),
        split=ByIdentity(),
        encoder=Linear(),
        schedule=Schedule(epochs=2, probe_points=60),
    )
    return made_run(store.root, experiment, pulls=(0.0, 0.05, 0.1)).folder.name  # with wrong pairs at its end


def strings(app: AppTest) -> Iterator[tuple[str, str]]:
    """All that a page sends, as name of the message and its field, and text."""
    for node in app._tree:
        if getattr(node, "proto", None) is not None:
            yield from _strings(node.proto)


def _strings(message: Any) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        name = f"{message.DESCRIPTOR.name}.{field.name}"
        values = list(value.values()) if hasattr(value, "values") else value if field.is_repeated else [value]
        for one in values:
            if isinstance(one, str):
                yield name, one
            elif hasattr(one, "ListFields"):
                yield from _strings(one)


def check(app: AppTest) -> None:
    """Nothing strange is left as Markdown; and it is there, or nothing was looked at."""
    sent = list(strings(app))
    bare = [(name, re.sub(r"\\.", "", text)) for name, text in sent if name not in PLAIN]
    assert not [one for one in bare if any(mark in one[1] for mark in MARKS)]
    for data in sent_to_components(app):
        check_figure(data)


def check_figure(data: dict[str, Any]) -> None:
    """What plotly itself writes, which reads tags: titles, legends, and the hover of lines."""
    figure = json.loads(data["figure"]) if isinstance(data.get("figure"), str) else data.get("figure") or {}
    drawn = [note.get("text", "") for note in figure.get("layout", {}).get("annotations", [])]
    for trace in figure.get("data", []):
        drawn += [trace.get("name", ""), str(trace.get("hovertemplate", ""))]
        if trace.get("type") != "scattergl":  # of those our own canvas draws the words (components/figure/words.js)
            drawn.append(json.dumps(trace.get("text", "")))
    assert not [text for text in drawn if "<img" in text or "<a " in text]


@pytest.mark.parametrize("page", ["train", "mine", "compare", "status"])
def test_words_of_brought_data_are_text(page: str, store: Store) -> None:
    name = run_of(store)
    check(list_of_runs(opened(page, run=name, runs=f"{name},digits-softmax")))


@pytest.mark.parametrize("section", SECTIONS)
def test_so_they_are_in_every_section_of_verify(section: str, store: Store) -> None:
    name = run_of(store)
    app = opened("verify", run=name, section=section, goal="hand", threshold="0.9")
    check(app)
    if section == "wrong-pairs":
        captions = [image.proto.imgs[0].caption for image in app.get("image")]
        assert [text for text in captions if "127\\.0\\.0\\.1" in text], "captions of images are Markdown"


@pytest.mark.parametrize("colour", ["class", "column:groups"])
def test_so_they_are_on_explore_in_every_colour(colour: str, store: Store) -> None:
    name = run_of(store)
    for suspects in ("label-errors", "duplicates", "hubs", "outliers"):
        check(opened("explore", run=name, colour=colour, suspects=suspects, query="5", search="1"))


def test_so_they_are_on_the_cards_of_data(store: Store) -> None:
    for kind in (Images, Vectors):
        brought(kind)
    app = visited("train")
    app.session_state[panel.POPOVER] = True
    app.run()
    assert not app.exception
    check(app)
    options = app.selectbox(key="data.chosen").options
    assert len(options) == 2
    app.selectbox(key="data.chosen").select_index(1).run()
    check(app)


def test_what_is_looked_at_holds_the_strange_words() -> None:
    """The test of the tests: unescaped, any of them is found."""
    app = AppTest.from_string(f"import streamlit as st\nst.button('a', help={STRANGE!r})\nst.tabs([{STRANGE!r}])").run()
    found = {name for name, text in strings(app) if any(mark in text for mark in MARKS)}
    assert found == {"Button.help", "Tab.label"}
    with pytest.raises(AssertionError):
        check(app)
