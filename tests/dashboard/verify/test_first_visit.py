"""An example is called one as long as nobody has chosen it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard.lookups.runs import lessons
from tests.dashboard.pages import chosen_in_the_list, opened


def examples(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption if "an example that comes with Metric Lab" in caption.value]


def test_the_first_visit_shows_an_example_and_says_so_on_every_look() -> None:
    app = opened("verify")
    (said,) = examples(app)
    assert "digits · batch-hard · recorded" in said and "**Measure a file**" in said
    assert app.run() and examples(app) == [said]


def test_a_lesson_that_somebody_chose_is_no_example() -> None:
    first, other = lessons()[:2]
    assert not examples(opened("verify", run=first))
    app = chosen_in_the_list(opened("verify"), other)
    assert not examples(app)
    assert not examples(chosen_in_the_list(app, first))
