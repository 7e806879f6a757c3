"""Pages opened as a reader opens them, and what they say that one can do elsewhere."""

from __future__ import annotations

import shlex

from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.experiment.options import Parser, read_experiment
from tests.imports import ROOT


def opened(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{page}.py")
    app.run()
    assert not app.exception, app.exception
    return app


def notes(app: AppTest) -> list[str]:
    """What the page says that its address asks for in vain."""
    said = [caption.value.replace("\\", "") for caption in app.caption]
    return [words.removeprefix(":material/info: ") for words in said if "The address asks for" in words]


def trained_by(command: str) -> Experiment:
    """What the command line trains when it is given this command."""
    program, *words = shlex.split(command)
    assert [program, *words[:3]] == ["python", "-m", "core", "train"]
    return read_experiment(words[3:], Parser(prog="train", allow_abbrev=False))[0]
