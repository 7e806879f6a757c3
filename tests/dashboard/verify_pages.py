"""The Verify page of a run, opened without a browser, and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.statistics.pair_distances import pair_distances
from core.statistics.roc import Curve, exact_curve
from tests.dashboard.sent import sent_with
from tests.imports import ROOT


def opened(run: Run, **query: str) -> AppTest:
    """With these parameters in the address; no exception, and the page's own header."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in ({"run": run.folder.name} | query).items():
        app.query_params[name] = value
    app.switch_page("views/verify.py")
    app.run()
    assert not app.exception, app.exception
    assert "Verify" in [header.value for header in app.subheader]
    return app


def said_by(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.caption, *app.markdown))


def sent(app: AppTest, words: str) -> bool:
    """Whether a live figure was sent that holds these words."""
    return sent_with(app, words) is not None


def group(app: AppTest, label: str) -> Any:
    """The buttons of which one is chosen."""
    return next(group for group in app.get("button_group") if group.label == label)


def threshold_of(app: AppTest) -> float:
    """Where Python puts the handle, out of what it sends to the browser."""
    data = sent_with(app, "threshold to drag")
    assert data is not None
    return data["handles"][0]["value"]


def curve_of(run: Run, step: int = 20) -> Curve:
    """Of every distance."""
    embeddings, distance = run.snapshot(step, "embeddings")["embeddings"], run.experiment().distance
    return exact_curve(pair_distances(distance.prepared(embeddings), run.probe()["labels"], distance=distance))


def named(app: AppTest, name: str) -> str | None:
    """What the address says under a name, whichever form the testing library has it in."""
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def spread(ordered: Sequence[Any], identities: Callable[[Any], Iterable[int]], count: int, each: int = 2) -> list[Any]:
    """Of wrong pairs in their order the first ones, no more than `each` of the same identities while there are others,
    one pair at a time."""
    taken: Counter[frozenset[int]] = Counter()
    chosen: list[Any] = []
    for pair in ordered:
        taken[frozenset(identities(pair))] += 1
        if taken[frozenset(identities(pair))] <= each and len(chosen) < count:
            chosen.append(pair)
    chosen += [pair for pair in ordered if pair not in chosen][: count - len(chosen)]
    return [pair for pair in ordered if pair in chosen]
