"""Pages opened as a reader opens them, and what they say that one can do elsewhere."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Iterator

import numpy as np
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.experiment.options import Parser, read_experiment
from dashboard.components.page_end import ICON
from tests.dashboard.sent import sent_to_components
from tests.imports import ROOT

TEXTS = ("markdown", "caption", "info", "error", "warning", "success", "subheader")
WIDGETS = ("button", "button_group", "checkbox", "multiselect", "number_input", "selectbox", "toggle")
OF_FIGURES = ("text", "ticktext", "name", "hovertemplate")


def opened(page: str, **query: str) -> AppTest:
    """The page, drawn to its end."""
    app = visited(page, **query)
    assert not (ended := [one.value for one in app.error if one.icon == ICON]), ended
    return app


def visited(page: str, **query: str) -> AppTest:
    """The page, however far it could be drawn."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{page}.py")
    app.run()
    assert not app.exception, app.exception
    return app


def counts_on_the_plane(app: AppTest) -> tuple[float, str, str]:
    """The margin that the handle of the plane stands at, and its triplets of all anchors and of this one."""
    handle = next(
        one
        for data in sent_to_components(app)
        for one in data.get("handles", [])
        if one["name"] == "margin" and one["axis"]
    )
    stops = np.frombuffer(base64.b64decode(handle["stops"]["bdata"]), handle["stops"]["dtype"])
    row = int(np.abs(stops - handle["value"]).argmin())
    shares = [
        (readout["label"].split(",")[0], readout["values"][row].split(" · ")[0]) for readout in handle["readouts"]
    ]
    return handle["value"], " · ".join(f"{count} {hardness}" for hardness, count in shares), handle["words"]["own"][row]


def list_of_runs(app: AppTest) -> AppTest:
    """The page with its list of runs open."""
    app.session_state["runs.panel"] = True
    return app.run()


def figures(app: AppTest) -> list[str]:
    """What the figures on the page are called."""
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return [one["alt"] for one in sent if "alt" in one and not one["alt"].startswith("The loss")]  # nor of a card


def listed_titles(app: AppTest) -> list[str]:
    """The lines of its list of runs, in their order."""
    lines = [one for one in list_of_runs(app).button if (one.key or "").startswith("runs.pick.")]
    return [one.label.removeprefix("**").removesuffix("**").replace("\\", "") for one in lines]


def pressed(app: AppTest, key: str) -> AppTest:
    """The page after a click on a button of its list of runs, which stays open."""
    list_of_runs(app).button(key=key).click().run()
    assert not app.exception
    return list_of_runs(app)


def chosen_in_the_list(app: AppTest, name: str) -> AppTest:
    """The page after a click on that line of its list of runs."""
    list_of_runs(app).button(key=f"runs.pick.{name}").click().run()
    assert not app.exception
    return app


def checked_runs(app: AppTest) -> list[str]:
    """The runs that are shown, as the list of runs has them."""
    lines = [one for one in list_of_runs(app).button if (one.key or "").startswith("runs.pick.")]
    return [one.key.removeprefix("runs.pick.") for one in lines if one.key and one.label.startswith("**")]


def shown_run(app: AppTest) -> str:
    """The run that the page shows."""
    (name,) = checked_runs(app)
    return name


def notes(app: AppTest) -> list[str]:
    """What the page says that its address asks for in vain."""
    said = [caption.value.replace("\\", "") for caption in app.caption]
    return [words.removeprefix(":material/info: ") for words in said if "The address asks for" in words]


def trained_by(command: str) -> Experiment:
    """What the command line trains when it is given this command."""
    program, *words = shlex.split(command)
    assert [program, *words[:3]] == ["python", "-m", "core", "train"]
    return read_experiment(words[3:], Parser(prog="train", allow_abbrev=False))[0]


def words_on(app: AppTest) -> list[str]:
    """All that the page shows: its texts, its widgets with what they offer, and what its figures are made of."""
    told = [one.value for kind in TEXTS for one in app.get(kind)]
    for kind in WIDGETS:
        for one in app.get(kind):
            told += [one.proto.label, getattr(one.proto, "help", "")]
            told += [getattr(option, "content", option) for option in getattr(one.proto, "options", ())]
    told += [block.proto.popover.label for block in app.get("popover")]
    told += [block.label for block in app.get("expander")]
    drawn = sent_to_components(app)
    told += [text for data in drawn for text in (data.get("alt", ""), *_texts_of(json.loads(data.get("figure", "{}"))))]
    return [text.replace("\\", "") for text in told if text]


def _texts_of(part: object, key: str = "") -> Iterator[str]:
    """What is written in a figure."""
    if isinstance(part, str) and key in OF_FIGURES:
        yield part
    if isinstance(part, list):
        for own in part:
            yield from _texts_of(own, key)
    if isinstance(part, dict):
        for name, own in part.items():
            yield from _texts_of(own, name)
