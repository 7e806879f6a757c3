"""The teacher's page of hand-ins."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons.handin_folder import keep
from core.lessons.tasks import Verdict
from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.core.lessons.handed import handed_in
from tests.dashboard.pages import figures, opened

pytestmark = pytest.mark.usefixtures("empty_store")
RUN = {"run": "digits-semi-hard", "epoch": "0.5714", "lesson": "hardness", "step": "4"}


def fill(folder: Path) -> None:
    """Five students at one task, one of them twice, and two files that are none."""
    for number, answer in enumerate([0.02, 0.1, 0.1, 0.12, 0.9]):
        address = RUN | {"margin": str(answer)}
        guesses = {"late": "fewer" if number % 2 else "more"}
        keep(folder, f"s{number}", handed_in(name=f"Student {number}", answer=answer, address=address, guesses=guesses))
    keep(folder, "again", handed_in(name="Student 0", answer=0.11, address=RUN, date="2026-09-02T10:00:00+00:00"))
    (folder / "broken.json").write_text('{"format":')
    (folder / "list.json").write_text("[1]")


def said(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in (*app.markdown, *app.caption, *app.info, *app.error))


def test_it_begins_with_the_folder_of_the_class(empty_store: Store) -> None:
    app = opened("handins")
    assert app.text_input(key="handins.folder").value == str(empty_store.root / "handins")
    assert "There are no hand-ins here yet" in said(app) and not app.error
    fill(empty_store.root / "handins")
    app.button(key="handins.again").click().run()
    text = said(app)
    assert "5 students · 6 hand-ins · 2 files that cannot be read" in text
    assert "broken.json: a hand-in must be JSON, got a fault in line 1" in text.replace("**", "")
    assert "list.json: the file must be a hand-in of Metric Lab" in text.replace("**", "")
    assert "| Easy, semi-hard, hard | 5 |" in text and "Student 4 |" in text
    assert "Guess at step 3" in text and "How often each answer was given, right and wrong ones apart" in figures(app)
    assert [one.proto.label for one in app.get("download_button")] == ["Save as CSV"]


def test_a_folder_elsewhere_and_an_archive_in_it_are_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "monday"
    fill(elsewhere)
    with zipfile.ZipFile(elsewhere / "late.zip", "w") as archive:
        archive.writestr("x.json", handed_in(name="Zoë", answer="?", step="other").written())
    app = opened("handins")
    app.text_input(key="handins.folder").set_value(str(elsewhere)).run()
    assert "6 students · 7 hand-ins" in said(app)
    app.text_input(key="handins.folder").set_value(str(tmp_path / "nowhere")).run()
    assert "the folder of hand-ins must be there" in said(app) and not app.exception


def test_what_students_write_is_text_and_links_lead_to_pages(empty_store: Store) -> None:
    evil = "![x](http://evil.example/p) <img src=x onerror=alert(1)> | $x$"
    address = RUN | {"x": "](http://evil.example)"}
    keep(
        empty_store.root / "handins",
        "a",
        handed_in(name=evil[:60], reason=f"{evil}\n# big", answer=evil, address=address, guesses={"late": evil}),
    )
    app = opened("handins")
    tables = "\n".join(one.value for one in app.markdown if "|" in one.value)
    assert not re.search(r"(?<!\\)(<|!\[|\$)", tables) and "\n# big" not in tables and "\\<img" in tables
    assert "asks for another kind of answer" in tables
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", tables)
    assert links and all(target.startswith("/mine?run=digits-semi-hard") for target in links)


def test_it_is_not_for_students(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(empty_store.root / "handins")
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    for visitor in (Visitor("a" * 32, "Ada"), Visitor("b" * 32, "Li", is_teacher=True)):
        monkeypatch.setattr(visitors, "found_in", lambda *_, visitor=visitor: visitor)
        app = opened("handins")
        if visitor.is_teacher:
            assert "5 students" in said(app)
        else:
            assert "for whoever runs this server" in said(app) and "Student" not in said(app)
            assert not app.text_input and not app.get("file_uploader")


def test_a_task_of_which_no_answer_is_a_number_has_no_figure(empty_store: Store) -> None:
    keep(
        empty_store.root / "handins",
        "a",
        handed_in(lesson="embedding", step="task", answer="digits-softmax", verdict=Verdict(True, "right"), guesses={}),
    )
    app = opened("handins")
    assert not app.exception and not [one for one in figures(app) if "answer was given" in one]
