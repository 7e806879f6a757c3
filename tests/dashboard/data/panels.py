"""The panel of own data on a page, as somebody has it before them."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.admission.data_owners import Owner, add_owner
from core.datasets.samples import Samples
from dashboard.data.opening import POPOVER
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.core.heads import brought
from tests.dashboard.pages import opened

ADA, BEN, CID = (Visitor(name[0].lower() * 32, name) for name in ("Ada", "Ben", "Cid"))
TEACHER = Visitor("f" * 32, "Ms Li", is_teacher=True)


class Reader:
    """Who opens the pages; None is the user of this machine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.become(ADA)

    def become(self, who: Visitor | None) -> None:
        """From now on it is this one."""
        self._patch.setattr(visitors, "chosen_way", WayIn(code="sunday") if who else WayIn())
        self._patch.setattr(visitors, "found_in", lambda *_: who)


def kept(samples: Samples, *owners: Visitor, title: str = "secret voices") -> str:
    """A set in the store, which these have brought."""
    data = brought(samples, title).data
    for owner in owners:
        add_owner(data, Owner(owner.id, owner.name))
    return data


def panel(page: str, **query: str) -> AppTest:
    """The page with its panel open."""
    return again(opened(page, **query))


def again(app: AppTest) -> AppTest:
    """The same page, drawn anew."""
    app.session_state[POPOVER] = True
    app.run()
    assert not app.exception, app.exception
    return app


def clicked(app: AppTest, key: str) -> AppTest:
    """After a click on a button of the panel, which stays open."""
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


def keys(app: AppTest) -> set[str]:
    """Of all buttons."""
    return {str(button.key) for button in app.button}


def words(app: AppTest) -> str:
    """All that the page says, as it is read."""
    parts = [one.value for one in [*app.markdown, *app.caption, *app.error, *app.info]]
    return "\n".join(parts).replace("\\", "")


def everything(app: AppTest) -> str:
    """All that is sent, in one text."""
    return json.dumps([str(one) for one in app.main]) + str(app.query_params)
