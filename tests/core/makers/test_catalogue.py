from __future__ import annotations

from core.makers.catalogue import TABLES, catalogue
from core.makers.marked_text import with_marked
from core.params import params_of
from tests.imports import ROOT


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "METHODS.md").read_text()
    assert with_marked(page, "catalogue", catalogue()) == page, "make format writes them again"


def test_the_catalogue_names_every_member_and_parameter() -> None:
    for family, kinds in TABLES.items():
        written = catalogue().split(f"| `{family}` |")[1].split("\n\n")[0]  # two families may share a name
        for name, kind in kinds.items():
            row = next(line for line in written.splitlines() if line.startswith(f"| {name} |"))
            assert all(f"`{declared.name}`" in row for declared in params_of(kind))
