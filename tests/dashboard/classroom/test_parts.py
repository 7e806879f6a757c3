"""The parts that can be hidden: each is there on its page, and has words."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from dashboard import settings
from dashboard.classroom.hiding import name_of
from dashboard.classroom.parts import PARTS, known_keys, part_of
from dashboard.components.hidden_parts import KEY
from dashboard.url import Setting
from dashboard.wording import ENGLISH, catalogue
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("own_store")


def keys_on(app: AppTest) -> set[str]:
    """Of containers and widgets, as the browser makes classes of them."""
    found: set[str] = set()
    waiting = list(app._tree.children.values())
    while waiting:
        node = waiting.pop()
        waiting += list(getattr(node, "children", {}).values())
        found |= set(re.findall(r'id: "([^"]+)"', str(getattr(node, "proto", ""))))
    return found


@pytest.mark.parametrize("page", PARTS)
def test_every_part_is_on_its_page(page: str, many: Run) -> None:
    """With a run whose pairs can be told apart by identity, and with one in which something is suspected."""
    runs = {"verify": many.folder.name, "explore": "digits-semi-hard"}
    there = "\n".join(keys_on(opened(page, **({"run": runs[page]} if page in runs else {}))))
    for name, part in PARTS[page].items():
        for key in part.keys:
            ending = "" if key.endswith("*") else r"(\n|$)"
            assert re.search(re.escape(key.removesuffix("*")) + ending, there), f"{page}.{name}: {key}"


def test_keys_are_plain_and_every_page_and_part_is_called_something() -> None:
    assert all(KEY.fullmatch(key) for parts in PARTS.values() for part in parts.values() for key in part.keys)
    assert all(name_of(key) for key in known_keys()) and len(set(map(name_of, known_keys()))) == len(known_keys())


def test_words_are_of_parts_that_there_are() -> None:
    said = {tuple(key.split(".")[2:]) for key in catalogue(ENGLISH) if key.startswith("classroom.parts.")}
    own = {(page, part) for page, parts in PARTS.items() for part, found in parts.items() if not found.family}
    assert said == own


def test_what_a_part_fixes_is_a_setting_of_the_address() -> None:
    declared = {id(one) for one in (*vars(settings).values(), *settings.NUMBERS.values()) if isinstance(one, Setting)}
    fixed = [one for parts in PARTS.values() for part in parts.values() for one in part.settings]
    assert fixed and all(id(one) in declared for one in fixed)
    assert part_of("mine.epoch") and not part_of("page.mine") and not part_of("mine.nothing") and not part_of("")
