"""Three questions to one space, side by side, once somebody asks them: ranking, rejection and clustering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from core.statistics.partitions import Agreement
from core.statistics.three_answers import QuestionNumbers, ThreeAnswers
from dashboard.components import scroll
from dashboard.components.live_figure import Packed, live_figure
from dashboard.components.page_end import guarded
from dashboard.glossary.entries import sentence_of
from dashboard.lookups import neighbourhoods, questions, runs
from dashboard.markdown import table
from dashboard.runs import state
from dashboard.settings import LESSON, QUESTIONS
from dashboard.wording import count, joined, say

KEY = "explore-questions"
SEEN = "explore.questions.seen"
LOOK_SECONDS = 0.5
TERMS_OF_NUMBERS: Mapping[str, str] = MappingProxyType({"recall": "recall_at_1", "map": "map_at_r", "eer": "eer"})
HEIGHT, LADDER_HEIGHT = 190, 165
LEAST_BETTER, LEAST_APART = 2.0, 0.01  # times as many errors, and so many more, for one question to be answered better


def show(name: str, record: SnapshotRecord) -> None:
    """Draw the answers where the address asks for them, or else the way to them: nothing is measured before."""
    is_open = QUESTIONS.value(False)
    with st.container(key=KEY, gap="small"):
        st.markdown(say("explore.questions.title"))
        if not is_open:
            st.session_state.pop(SEEN, None)
            st.caption(say("explore.questions.closed"))
            _button("ask", ":material/question_answer:", value=True)
            return
        if (answers := questions.found(name, record.step)) is None:
            st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name, record.step)
        else:
            _cards(name, record, answers)
            _button("close", ":material/close:", value=False)
        _arrive(is_whole=answers is not None and neighbourhoods.found(name, record.step) is not None)


def compared(numbers: QuestionNumbers) -> str:
    """What each question's errors come to, and which one the space answers better than which, if it does."""
    errors = {
        "ranking": 1 - numbers.recall_at_1,
        "rejection": numbers.eer,
        "clustering": 1 - numbers.bcubed_f,
    }
    best = min(errors, key=errors.__getitem__)
    worse = [kind for kind in errors if _is_clearly_more(errors[kind], errors[best])]
    verdict = say("explore.questions.alike")
    if worse:
        names = [say(f"explore.questions.{kind}.in_words") for kind in (best, *worse)]
        verdict = say(f"explore.questions.better_than_{len(worse)}", names=names)
    of_thousand = {kind: 1000 * error for kind, error in errors.items()}
    return joined("sentences", [verdict, say("explore.questions.errors", **of_thousand)])


def measured_on(answers: ThreeAnswers, record: SnapshotRecord) -> str:
    """How the sample was taken, where it is one."""
    if len(answers.rows) == record.points:
        return ""
    way = "same_share" if answers.is_same_share else "some_classes"
    values = {"shown": len(answers.rows), "all": record.points, "classes": answers.classes}
    return say(f"explore.questions.sampled.{way}", **values, of=record.classes)


def _is_clearly_more(error: float, least: float) -> bool:
    return error >= LEAST_BETTER * least and error - least >= LEAST_APART


def _arrive(*, is_whole: bool) -> None:
    """Have it seen by who comes with an address that asks for it, or has just asked: at once, and again as soon as
    the answers are there and the page above them has its whole height. A lesson has its own words on top."""
    seen = st.session_state.get(SEEN)
    if LESSON.text is None and (seen is None or is_whole > seen):
        st.session_state[SEEN] = is_whole
        scroll.bring_into_view(KEY)
    scroll.follow(KEY, at="start")


def _button(what: str, icon: str, *, value: bool) -> None:
    st.button(
        say(f"explore.questions.{what}"),
        key=f"explore.questions.{what}",
        icon=icon,
        type="secondary" if value else "tertiary",
        on_click=QUESTIONS.keep,
        args=(value,),
    )


def _cards(name: str, record: SnapshotRecord, answers: ThreeAnswers) -> None:
    drawn, numbers = questions.pictures(name, record.step, state.theme()), questions.numbers_of(record, answers)
    with st.container(key="explore-question-cards"):
        for kind, column in zip(("ranking", "rejection", "clustering"), st.columns(3, gap="small"), strict=True):
            with column, st.container(border=True, gap="xsmall", key=f"explore-question-{kind}"):
                st.markdown(say(f"explore.questions.{kind}.question"))
                _picture(kind, getattr(drawn, kind), HEIGHT)
                CARDS[kind](answers, numbers)
    st.markdown(compared(numbers), help=say("explore.questions.compared_help"))
    left, right = st.columns([1.15, 1], gap="medium", vertical_alignment="center")
    with left:
        _picture("ladder", drawn.ladder, LADDER_HEIGHT)
    with right:
        st.markdown(say("explore.questions.ladder.title"))
        st.caption(_ladder_in_words(answers))
        if words := measured_on(answers, record):
            st.caption(words)


def _picture(kind: str, figure: Packed, height: int) -> None:
    live_figure(
        figure,
        key=f"explore.questions.{kind}",
        height=height,
        alt=say(f"explore.questions.{kind}.alt"),
        tween_seconds=0.0,
    )


def _ranking(answers: ThreeAnswers, numbers: QuestionNumbers) -> None:
    _numbers("ranking", [("recall", numbers.recall_at_1), ("map", numbers.map_at_r)])
    st.caption(say("explore.questions.ranking.means", right=1000 * numbers.recall_at_1))


def _rejection(answers: ThreeAnswers, numbers: QuestionNumbers) -> None:
    _numbers("rejection", [("eer", numbers.eer), ("frr", numbers.frr_at_far_1_percent)])
    st.caption(
        say(
            "explore.questions.rejection.means",
            threshold=answers.eer_threshold,
            wrong=1000 * numbers.eer,
            refused=1000 * numbers.frr_at_far_1_percent,
        )
    )


def _clustering(answers: ThreeAnswers, numbers: QuestionNumbers) -> None:
    both = answers.at_threshold, answers.at_count
    head = ["", say("explore.questions.clustering.at_threshold"), say("explore.questions.clustering.at_count")]
    rows = [_line("groups", both, "{:,d}"), *(_line(kind, both, "{:.3f}") for kind in ("ami", "ari", "bcubed_f"))]
    st.markdown(table(head, rows), help=say("explore.questions.clustering.help"))
    means = {"found": answers.at_threshold.groups, "classes": answers.classes, "threshold": answers.eer_threshold}
    st.caption(say("explore.questions.clustering.means", **means))


def _line(key: str, both: Sequence[Agreement], form: str) -> list[str]:
    return [say(f"explore.questions.clustering.{key}"), *(form.format(getattr(one, key)) for one in both)]


def _numbers(kind: str, values: Sequence[tuple[str, float]]) -> None:
    with st.container(horizontal=True, gap="medium"):
        for key, value in values:
            head = say(f"explore.questions.{kind}.{key}")
            st.markdown(f"{head}  \n**{value:.3f}**", help=_meant(kind, key), width="content")


def _meant(kind: str, key: str) -> str:
    term = TERMS_OF_NUMBERS.get(key)
    return sentence_of(term) if term else say(f"explore.questions.{kind}.{key}_help")


def _ladder_in_words(answers: ThreeAnswers) -> str:
    claims = answers.ladder
    said = [say("explore.questions.ladder.means", claims=claims)]
    if claims.anchors and claims.shared == claims.anchors:
        said.append(say("explore.questions.ladder.all", threshold=claims.threshold))
    elif claims.shared:
        said.append(count("explore.questions.ladder.some", claims.shared, threshold=claims.threshold))
    else:
        said.append(say("explore.questions.ladder.none"))
    return joined("sentences", said)


def _wait(name: str, step: int) -> None:
    if questions.found(name, step) is not None:
        st.rerun()
    if not questions.has_failed(name, step):
        st.caption(say("explore.questions.waiting", points=len(runs.labels(name))))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(say("explore.questions.failed"), width="content")
        st.button(
            say("explore.questions.again"),
            key="explore.questions.again",
            type="tertiary",
            on_click=questions.ask_again,
            args=(name, step),
        )


CARDS = {"ranking": _ranking, "rejection": _rejection, "clustering": _clustering}
