from pathlib import Path

import pytest

from core.admission.data_owners import FILE, add_owner, admitted_ids, owners_of
from core.datasets.admitted import data_root


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))


def made(letter: str) -> str:
    folder = data_root() / (letter * 32)
    folder.mkdir(parents=True)
    (folder / "data.json").write_text("{}")
    return folder.name


def test_several_may_have_brought_the_same_and_nobody_is_no_owner() -> None:
    name = made("a")
    assert owners_of(name) == ()
    for owner in ("one", "two", "one", ""):
        add_owner(name, owner)
    assert owners_of(name) == ("one", "two")


@pytest.mark.parametrize("content", ["", "{", "{}", "3", '[1, "one"]'])
def test_a_damaged_file_names_nobody_that_it_does_not_name(content: str) -> None:
    name = made("a")
    (data_root() / name / FILE).write_text(content)
    assert owners_of(name) == (("one",) if "one" in content else ())


def test_sets_that_are_whole_are_listed() -> None:
    names = {made("a"), made("b")}
    (data_root() / ("c" * 32)).mkdir()
    (data_root() / ".coming").mkdir()
    assert set(admitted_ids()) == names
    with pytest.raises(ValueError, match="data must be the id"):
        owners_of("..")
