"""A strategy looks the same wherever it is drawn, and no two of a comparison look alike."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from core.handover.strategy_looks import looks_of
from core.losses import LOSSES
from core.miners import MINERS
from core.samplers import SAMPLERS


@pytest.mark.parametrize("family", [MINERS, LOSSES, SAMPLERS, [f"{share:.2f}" for share in range(40)]])
def test_no_two_strategies_look_alike(family: Iterable[str]) -> None:
    looks = looks_of(list(family), "light")
    assert len(set(looks.values())) == len(looks)
    assert len({look.colour for look in looks.values()}) == min(len(looks), 10), "colours repeat once all are taken"


def test_a_miner_has_one_colour_in_all_comparisons() -> None:
    two, four = (looks_of(names, "dark") for names in (["random", "semi-hard"], list(MINERS)[:4]))
    assert two["random"] == four["random"] and two["semi-hard"] == four["semi-hard"]


def test_one_that_is_added_last_changes_no_other() -> None:
    names = ["0.2", "semi-hard", "0.5", *LOSSES]
    for size in range(1, len(names)):
        assert looks_of(names, "light") | looks_of(names[:size], "light") == looks_of(names, "light")


def test_who_comes_second_to_a_colour_takes_a_free_one() -> None:
    first, other = "semi-hard", list(MINERS)[10]
    looks = looks_of([first, other], "light")
    assert looks[first] == looks_of([first], "light")[first]
    assert looks[other].colour != looks[first].colour


def test_themes_differ_by_colour_alone() -> None:
    light, dark = (looks_of(list(LOSSES), theme) for theme in ("light", "dark"))
    assert all(light[name][1:] == dark[name][1:] and light[name] != dark[name] for name in LOSSES)
