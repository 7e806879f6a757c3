"""The templates of sentences are read out of code as it is written: joined, filled in, conditional, described."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.experiment.schedule import Schedule
from core.makers.sentences import of_file, sentences, template

CODE = '''
"""A docstring of the module is silent."""
log.info("written to the log alone")

@dataclass(frozen=True)
class Kind(Base):
    """What readers choose.

    More of it is not shown.
    """
    size: int = param(3, help="how many of them")

def check(n, known):
    """A docstring of a function is silent."""
    query = "SELECT name FROM runs WHERE id = 1"
    assert n >= 0, "nobody calls it with less"
    parser.add_argument("--n", help="said by the command line alone")
    names = "a list of names".split()
    goal = "at most {share:.2f} of all, by {way}"
    if n:
        raise ValueError(f"n must be {n:.2f}, got {'none of them' if n else known}. " + way + " Choose more.")
    return f"{n} rows"
'''


def test_each_text_is_a_template_with_numbered_places(tmp_path: Path) -> None:
    (tmp_path / "losses").mkdir()
    file = tmp_path / "losses" / "kind.py"
    file.write_text(CODE)
    assert of_file(file) == [
        "What readers choose.",
        "how many of them",
        "at most {0} of all, by {1}",
        "n must be {0}, got {1}. {2} Choose more.",
        "none of them",
        "{0} rows",
    ]
    assert of_file(file, errors_alone=True) == ["n must be {0}, got {1}. {2} Choose more.", "none of them"]


@pytest.mark.parametrize(
    ("code", "expected"), [("'a b'", "a b"), ("f'{a} b {c!r}'", "{0} b {1}"), ("x + y", None), ("'a ' + b", "a {0}")]
)
def test_a_text_has_its_places(code: str, expected: str | None) -> None:
    assert template(ast.parse(code, mode="eval").body) == expected


def test_core_says_a_lot_and_nothing_twice() -> None:
    found = sentences()
    assert " ".join(Schedule.summary.split()) in found, "the only one of its family"
    assert len(found) == len(set(found)) > 1000
    assert "Take a smaller batch" in " ".join(found)
