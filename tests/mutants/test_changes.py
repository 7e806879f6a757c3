"""Each change is one, in a formula, and the file is otherwise as it was."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants.changes import changed, changes_of

SOURCE = '''
"""A text of 1 - 2."""
LIMIT = 3 - 1


def f(x, y=2 - 1):
    """Returns x + 1."""
    if x < 0:
        raise ValueError(f"x must be above {0 - 1}")
    kept: int = x[0] + x[1:]
    return -kept * np.minimum(x - y, 1) if not x >= y else "a" + "b"
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "one.py").write_text(SOURCE)
    return tmp_path / "one.py"


def test_every_kind_of_change_is_found_where_a_formula_is(file: Path) -> None:
    found = [(change.line, change.kind) for change in changes_of(file, file.parent)]
    assert sorted(found) == [
        (10, "a term left out"),
        (10, "an index moved"),
        (10, "an index moved"),
        (10, "another sign"),
        (11, "a term left out"),
        (11, "another bound"),
        (11, "another sign"),
        (11, "another sign"),
        (11, "no minus"),
        (11, "no not"),
        (11, "the other end"),
    ]


def test_a_change_is_made_once(file: Path) -> None:
    plain = ast.unparse(ast.parse(SOURCE))
    results = [ast.unparse(changed(SOURCE, change)) for change in changes_of(file, file.parent)]
    assert len(set(results)) == len(results) and plain not in results
    for result in results:
        different = [pair for pair in zip(plain.splitlines(), result.splitlines(), strict=True) if pair[0] != pair[1]]
        assert len(different) == 1
    assert any("return kept * np" in result for result in results)
    assert any("x[0] + x[2:]" in result for result in results)
    assert any("np.maximum(x - y, 1)" in result for result in results)
