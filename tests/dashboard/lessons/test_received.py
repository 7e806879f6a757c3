"""What a class has handed in, graded again, in tables."""

from __future__ import annotations

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from core.handover.csv_table import csv_of
from core.lessons.handin import HandIn
from core.lessons.tasks import Verdict
from dashboard.lessons import received
from dashboard.lessons.received import FIELDS, Received
from tests.core.lessons.handed import handed_in
from tests.dashboard.lessons.test_guide import smallest

pytestmark = pytest.mark.usefixtures("empty_store")
ADDRESS = {"run": "digits-semi-hard", "epoch": "0.5714", "lesson": "hardness", "step": "4"}


def page() -> None:
    import streamlit as st

    from core.lessons.handin_folder import HandedIn
    from dashboard.lessons import received

    st.session_state["graded"] = received.graded(HandedIn(st.session_state["handed"], ()))


def graded(*handed: HandIn) -> list[Received]:
    """In a page, whose address says something else, and as it did afterwards."""
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["run"] = "digits-softmax"
    app.session_state["handed"] = {f"{number}.json": one for number, one in enumerate(handed)}
    app.run()
    assert not app.exception and "digits-softmax" in app.query_params["run"]
    return app.session_state["graded"]


def at(margin: str, **changes: object) -> HandIn:
    return handed_in(answer=float(margin), address=ADDRESS | {"margin": margin}, **changes)


def test_an_answer_is_graded_by_its_own_run_and_snapshot_whatever_the_file_claims() -> None:
    right, boast = graded(
        at(smallest(), verdict=Verdict(False, "too_small")), at("0.02", verdict=Verdict(True, "right"))
    )
    assert (right.state, right.is_graded_again, right.doubt) == ("right", True, "the file says otherwise")
    assert (boast.state, boast.doubt) == ("wrong", "the file says otherwise")
    (same,) = graded(at("0.02", verdict=Verdict(False, "too_small")))
    assert same.state == "wrong" and not same.doubt


def test_where_the_run_is_gone_the_verdict_of_the_file_stands_and_that_is_said() -> None:
    (found,) = graded(handed_in(address={"run": "x"}))
    assert found.state == "right" and not found.is_graded_again and "the run must be one" in found.doubt


@pytest.mark.parametrize(
    "handed",
    [
        handed_in(answer="not a number", address=ADDRESS),
        handed_in(answer=1e300, address=ADDRESS | {"epoch": "x", "margin": "x"}),
        handed_in(lesson="embedding", step="task", answer="../../etc", address={}),
        handed_in(lesson="maps", step="task", answer=1e9, address={"run": "digits-semi-hard"}, page="explore"),
        handed_in(lesson="unknown", answer=3.0),
        handed_in(lesson="", step="", answer=0.5, address={"run": "../../etc"}),
        handed_in(address={"url.kept": "x", "lang": "zh"}),
    ],
)
def test_no_hand_in_breaks_the_page_of_all(handed: HandIn) -> None:
    (found,) = graded(handed)
    assert found.state in ("right", "wrong", "ungraded") and found.answer


def test_a_link_leads_to_the_page_as_it_was_and_to_no_other_server() -> None:
    evil = handed_in(address={"run": "x)](http://evil.example", "margin": "0.3"}, page="train")
    (found,) = graded(evil)
    assert found.link == "/mine?run=x%29%5D%28http%3A%2F%2Fevil.example&margin=0.3"
    (other,) = graded(handed_in(lesson="", step="", page="http://evil"[:4]))
    assert other.link.startswith("/verify?")


def test_what_students_write_is_no_formula_in_a_spreadsheet() -> None:
    found = Received("a.json", handed_in(name="=1+1", reason="@SUM(A1)\nnew line"), True)
    (head, line) = list(csv.reader(io.StringIO(csv_of(FIELDS, [received.line_of(found)]))))
    assert tuple(head) == FIELDS
    values = dict(zip(FIELDS, line, strict=True))
    assert values["name"] == "'=1+1" and values["reason"].startswith("'@SUM") and values["graded_again"] == "yes"
    assert values["verdict"] == "right" and values["guesses"] == "margin: as_many; late: fewer"


def test_marks_have_a_line_for_each_student_and_escape_names() -> None:
    def one(name: str, task: str, is_right: bool) -> Received:
        handed = handed_in(name=name, step=task, verdict=Verdict(is_right, "right"))
        return Received(f"{name}{task}", handed, True)

    found = received.marks([one("[x](http://a)", "task", True), one("ben", "task", False), one("ben", "margin", True)])
    assert [line[0] for line in found] == [r"\[x\]\(http\://a\)", "ben"]
    assert "check_circle" in found[0][1] and found[0][2] == "" and "cancel" in found[1][1]


def test_of_each_student_the_last_one_of_a_task_is_shown() -> None:
    first = Received("a", handed_in(name="Ada", answer=0.1), True)
    later = Received("b", handed_in(name="ada", answer=0.2, date="2026-09-02T10:00:00+00:00"), True)
    other = Received("c", handed_in(name="Ben", step="margin"), True)
    assert received.last_of_task([later, first, other], "hardness.task") == [later]


def test_tasks_and_guesses_have_words_where_there_are_some() -> None:
    assert received.task_name("hardness.task") == "Easy, semi-hard, hard"
    assert received.task_name("@digits-semi-hard").startswith("Threshold of ")
    assert received.task_name("threshold.task") == "Choosing a threshold"
    assert received.task_name("unknown.x") == "unknown x"
    assert received.guess_in_words("hardness", "late", "fewer") == "fewer"
    assert received.guess_in_words("hardness", "late", "<b>" * 40) == ("<b>" * 40)[:60]
    assert [received.step_name("hardness", name) for name in ("late", "x" * 40)] == ["3", "x" * 30]
