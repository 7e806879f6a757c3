"""Ways from a comparison to the pages of one run."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from tests.dashboard.compare.test_matrix import said
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import opened


@pytest.mark.parametrize("page", ["train", "mine", "verify"])
def test_a_run_opens_on_its_page(page: str, empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1)
    app = opened("compare", comparison=comparison.id, view="distances")
    app.button(key=f"compare.leads.{page}.distances.1").click().run()
    assert not app.exception
    assert app.session_state["url.kept"]["run"] == comparison.runs_of("random")[0]
    assert app.session_state["url.kept"]["comparison"] == comparison.id, "the way back leads to it"
    assert page.capitalize() in "\n".join(one.value for one in app.subheader)


def test_behind_one_button_is_every_run_that_has_begun(empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    app = opened("compare", comparison=comparison.id)
    app.session_state["compare.leads"] = True
    app.run()
    keys = {one.key for one in app.button}
    assert {f"compare.leads.verify.menu.{run_id}" for run_id in comparison.members} <= keys
    assert said(app).count("Seed 1") == 2
