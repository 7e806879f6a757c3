"""The report of a threshold fits one sheet of paper, and a narrow window."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from core.handover.report import report
from core.thresholds.outcome import Outcome
from core.verification.goals import Cost, Far
from core.verification.protocols import FOLDS
from tests.core.reports import of_embeddings, of_similarities

FULL = {
    "run": "0" * 32,
    "epoch": 2.0,
    "step": 20,
    "data_protocol": "open-set, by identity",
    "data_digest": "d" * 64,
    "model_digest": "a" * 64,
}
CASES = {
    "folds": lambda: of_embeddings(Cost(10.0, 1.0, 0.75), FOLDS, "a long name " * 20),
    "unsupported": lambda: of_embeddings(Far(0.001), name="<b>faces</b>.npz"),
    "similarities": lambda: of_similarities(Far(0.001), "x" * 255),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_report_is_one_page(case: Callable[[], tuple[dict[str, Any], Outcome]], page: Page, tmp_path: Path) -> None:
    card, told = case()
    (tmp_path / "report.html").write_text(report({**card, **FULL}, told))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("svg").count() == 2
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12]", printed), "the sheet must be A4"
