"""Three questions on Explore: nothing before they are asked, then a card for each with the numbers of the snapshot."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import measure_questions
from core.runs.run_folder import Run
from core.statistics.three_answers import QuestionNumbers
from dashboard.explore import questions
from dashboard.explore.questions import compared, measured_on
from dashboard.lookups import questions as answers_of
from dashboard.lookups import runs
from tests.dashboard.pages import figures, notes, opened

pytestmark = pytest.mark.usefixtures("own_store")
NUMBERS = QuestionNumbers(0.96, 0.7, 0.1, 0.4, 0.9, 0.95)


@pytest.fixture(autouse=True)
def nothing_measured(root: Path) -> None:
    """By a test before."""
    shutil.rmtree(root / measure_questions.HOME, ignore_errors=True)


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption])


def drawn(app: AppTest) -> list[str]:
    """The pictures of the three questions, by their first words."""
    kinds = ("Ranking:", "Rejection:", "Clustering:", "Shares of the anchors")
    return [kind for one in figures(app) for kind in kinds if one.startswith(kind)]


def test_nothing_is_measured_or_drawn_before_somebody_asks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_of, "found", None)
    app = opened("explore", run=run.folder.name)
    assert "Three questions to one space" in said(app) and not drawn(app)
    assert app.button(key="explore.questions.ask").label == "Answer all three" and "questions" not in app.query_params


@pytest.mark.usefixtures("questions_measured")
def test_once_asked_each_card_has_the_numbers_of_the_snapshot(run: Run) -> None:
    app = opened("explore", run=run.folder.name, epoch="1")
    app.button(key="explore.questions.ask").click().run()
    assert not app.exception and app.query_params["questions"] == "true"
    assert drawn(app) == ["Ranking:", "Rejection:", "Clustering:", "Shares of the anchors"]
    here = measure_questions.measured(run, 10)
    for value in (here.numbers.recall_at_1, here.numbers.map_at_r, here.numbers.eer, here.numbers.frr_at_far_1_percent):
        assert f"**{value:.3f}**" in said(app)
    first, second = here.at_threshold, here.at_count
    assert f"| Groups | {first.groups} | {second.groups} |" in said(app) and second.groups == here.classes
    assert f"| AMI | {first.ami:.3f} | {second.ami:.3f} |" in said(app)
    assert f"| BCubed F | {first.bcubed_f:.3f} | {second.bcubed_f:.3f} |" in said(app)
    assert compared(here.numbers) in said(app) and f"Of 300 anchors {here.ladder.nearest:,} find" in said(app)
    app.button(key="explore.questions.close").click().run()
    assert not drawn(app) and "questions" not in app.query_params


def test_who_waits_is_told_and_sees_the_rest_of_the_page(run: Run) -> None:
    app = opened("explore", run=run.folder.name, questions="true")
    assert "are being answered for 300 points" in said(app) and not drawn(app) and len(figures(app)) == 2


def test_a_recorded_run_answers_at_once_by_its_address() -> None:
    app = opened("explore", run="digits-softmax", questions="true")
    assert len(drawn(app)) == 4 and "**0.962**" in said(app) and "**0.102**" in said(app)
    assert "answers ranking better than rejection and clustering" in said(app)
    assert "No threshold is right on every pair of any anchor." in said(app)


def test_it_is_brought_into_view_at_once_and_when_all_is_there_and_not_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(questions.scroll, "bring_into_view", asked.append)
    app = opened("explore", run=run.folder.name, questions="true")
    app.run()
    assert asked == [questions.KEY], "answers are waited for"
    answers = measure_questions.measured(run, 20)
    monkeypatch.setattr(answers_of, "found", lambda name, step: answers)
    app.run()
    app.run()
    assert len(asked) == 2 and len(drawn(app)) == 4


def test_a_lesson_is_not_left_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(questions.scroll, "bring_into_view", asked.append)
    app = opened("explore", run="digits-softmax", questions="true", lesson="maps", step="1")
    assert asked == [] and len(drawn(app)) == 4


def test_in_chinese_too() -> None:
    app = opened("explore", run="digits-semi-hard", questions="true", lang="zh")
    assert "哪个图像最近" in said(app) and "每个锚点能作出多强的断言" in said(app) and "平均连接" in said(app)


def test_what_could_not_be_measured_is_asked_for_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(answers_of, "has_failed", lambda name, step: not asked)
    monkeypatch.setattr(answers_of, "ask_again", lambda name, step: asked.append(step))
    app = opened("explore", run=run.folder.name, questions="true")
    assert "They could not be answered." in said(app)
    app.button(key="explore.questions.again").click().run()
    assert asked == [20] and "are being answered" in said(app)


def test_an_address_that_says_neither_is_told(run: Run) -> None:
    (note,) = notes(opened("explore", run=run.folder.name, questions="perhaps"))
    assert "the three questions “perhaps”" in note


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "answers ranking better than rejection."),
        ({"bcubed_f": 0.8}, "answers ranking better than rejection and clustering."),
        ({"eer": 0.03}, "answers none of the three clearly better"),
        ({"recall_at_1": 1.0, "eer": 0.005, "bcubed_f": 0.991}, "answers none of the three clearly better"),
        ({"recall_at_1": 0.8, "eer": 0.09, "bcubed_f": 0.85}, "answers rejection better than ranking."),
        ({"recall_at_1": 0.5, "eer": 0.4, "bcubed_f": 0.85}, "answers clustering better than ranking and rejection."),
    ],
)
def test_a_question_is_answered_better_where_another_has_twice_the_errors(
    changed: dict[str, float], words: str
) -> None:
    numbers = replace(NUMBERS, **changed)
    sentence = compared(numbers)
    assert words in sentence and f"Of 1,000 queries {1000 * (1 - numbers.recall_at_1):.0f} find" in sentence


@pytest.mark.parametrize(
    ("is_same_share", "words"),
    [(True, "Measured on 719 of 60,000 points, the same share of each class"), (False, "10 of 300 classes at equal")],
)
def test_a_sample_is_told(is_same_share: bool, words: str) -> None:
    record = runs.run_of("digits-softmax").snapshots()[-1]
    answers = answers_of.found("digits-softmax", record.step)
    assert answers is not None and measured_on(answers, record) == ""
    sampled = replace(answers, is_same_share=is_same_share)
    assert words in measured_on(sampled, replace(record, points=60_000, classes=300))


def test_the_ladder_says_how_far_one_threshold_goes() -> None:
    record = runs.run_of("digits-softmax").snapshots()[-1]
    answers = answers_of.found("digits-softmax", record.step)
    assert answers is not None
    claims = answers.ladder._replace(anchors=9, nearest=9, whole=9, shared=9, threshold=0.5)
    assert "tells all pairs apart" in questions._ladder_in_words(replace(answers, ladder=claims))
    some = questions._ladder_in_words(replace(answers, ladder=claims._replace(shared=4)))
    assert "(0.5) is right on every pair of 4 anchors." in some
    one = questions._ladder_in_words(replace(answers, ladder=claims._replace(shared=1)))
    assert "(0.5) is right on every pair of 1 anchor." in one
