from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.datasets.pictograms import Pictograms
from core.encoders import Mlp
from core.experiment.splits import ByIdentity
from core.makers import easier_protocols
from core.makers.easier_protocols import SPLITS, experiment_of, kept_rows, main, measured, table
from core.makers.marked_text import with_marked
from tests.imports import ROOT


def test_the_table_of_the_page_is_that_of_the_file() -> None:
    page = (ROOT / "docs" / "RESULTS.md").read_text()
    assert with_marked(page, "easier-protocols", table(kept_rows())) == page, "make format writes it again"


def test_every_split_is_measured_with_all_pairs_and_across_groups() -> None:
    rows = kept_rows()
    assert list(dict.fromkeys(row["split"] for row in rows)) == [split.name for split in SPLITS]
    for split in SPLITS:
        own = [row["pairs"] for row in rows if row["split"] == split.name]
        assert own == ["all", "positives-across-group", "pairs-across-group"]


def test_a_row_says_what_all_pairs_would_read() -> None:
    tiny = replace(experiment_of(ByIdentity()), dataset=Pictograms(identities=60), encoder=Mlp(width=16, dimension=2))
    tiny = replace(tiny, schedule=replace(tiny.schedule, epochs=1, probe_points=60))
    rows = measured(tiny)
    assert [row["pairs"] for row in rows] == ["all", "positives-across-group", "pairs-across-group"]
    across = rows[2]
    assert across["gained"]["auc"]["value"] == pytest.approx(rows[0]["auc"] - across["auc"], abs=2e-4)
    lines = table(rows).splitlines()
    assert lines[0].startswith("| split | pairs that count | Recall@1 |") and lines[2].endswith("|  |  |")
    assert f"{across['gained']['auc']['value']:+.3f} (" in lines[4]


def test_the_command_keeps_the_rows_and_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- easier-protocols:begin -->\n<!-- easier-protocols:end -->\n")
    row = {"split": "by-identity", "protocol": "open-set", "pairs": "all", "recall_at_1": 0.5, "map_at_r": 0.25}
    monkeypatch.setattr(easier_protocols, "FILE", tmp_path / "rows.json")
    monkeypatch.setattr(easier_protocols, "measured", lambda experiment: [row | {"auc": 0.9, "eer": 0.1}])
    main([str(page)])
    assert len(kept_rows()) == len(SPLITS) and "0.250" in page.read_text()
