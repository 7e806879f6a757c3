"""The map of Explore: every point keeps its row, looks tell what they say by shape too, and the query has its lines."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard import palette
from dashboard.figures import maps, point_map
from dashboard.palette import Theme
from tests.dashboard.colour_vision import apart

LAYOUT = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 2.0]], np.float32)
TEXTS = ["a", "b", "c", "d"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def drawn(look: dict[str, object], found: np.ndarray | None = None) -> object:
    return point_map.point_map(LAYOUT, maps.still_axes([LAYOUT]), look, TEXTS, found, "light")


def test_every_point_has_its_place_its_row_and_its_text() -> None:
    base, over, *_ = drawn(point_map.by_name(np.array([0, 1, 0, 1]), "light")).data
    assert base.customdata.tolist() == [0, 1, 2, 3] and list(base.text) == TEXTS
    assert np.stack([base.x, base.y], axis=1).tolist() == LAYOUT.tolist()
    assert len(over.x) == 0 and base.opacity is None


def test_what_a_search_found_stands_out_and_the_rest_steps_back() -> None:
    base, over, *_ = drawn(point_map.by_number(np.arange(4.0), "light"), np.array([1, 3])).data
    assert over.customdata.tolist() == [1, 3] and list(over.text) == ["b", "d"]
    assert base.opacity < 0.5 and over.marker.size > base.marker.size
    assert over.marker.color.tolist() == [1, 3] and not over.marker.showscale and base.marker.showscale


def test_nothing_found_leaves_all_behind() -> None:
    base, over, *_ = drawn(point_map.by_name(np.zeros(4, int), "light"), np.zeros(0, int)).data
    assert base.opacity < 0.5 and len(over.x) == 0


def test_numbers_run_from_the_lowest_to_the_highest_that_is_known() -> None:
    look = point_map.by_number(np.array([np.nan, 3.0, 5.0]), "dark")
    assert (look["cmin"], look["cmax"]) == (3, 5)
    assert [colour for _, colour in look["colorscale"]] == list(palette.SCALE["dark"])
    assert point_map.by_number(np.full(2, np.nan), "dark")["cmin"] == 0
    equal = point_map.by_number(np.ones(2), "dark")
    assert equal["cmin"] < equal["cmax"]


def test_a_verdict_has_a_shape_and_a_colour() -> None:
    look = point_map.by_verdict(np.array([0, 1, 2]), "light")
    assert len(set(look["symbol"])) == len(set(look["color"])) == 3


@pytest.mark.parametrize("theme", THEMES)
def test_both_ends_of_the_scale_differ_for_all_eyes(theme: Theme) -> None:
    assert apart(*palette.SCALE[theme]) > 25


def test_names_stand_at_the_medians_of_few_kinds_alone() -> None:
    figure = drawn(point_map.by_name(np.zeros(4, int), "light"))
    before = len(figure.data)
    point_map.class_names_on(figure, LAYOUT, np.array([0, 0, 0, 1]), ["left", "right"], "light")
    words = figure.data[-1]
    assert list(words.text) == ["left", "right"] and (words.x[0], words.y[1]) == (0, 2)
    point_map.class_names_on(figure, np.zeros((20, 2)), np.arange(20), [str(kind) for kind in range(20)], "light")
    assert len(figure.data) == before + 1


def test_the_query_has_solid_lines_to_right_answers_and_dotted_ones_to_wrong() -> None:
    frame = point_map.marks(LAYOUT, 0, np.array([1, 3, 2]), np.array([True, False, True]))
    right, wrong, star = frame["data"]
    assert right["x"].tolist()[:2] == [0, 1] and len(right["x"]) == 6 and np.isnan(right["x"][2])
    assert (wrong["x"][1], wrong["y"][1]) == (2, 2) and len(wrong["x"]) == 3
    assert (star["x"].tolist(), star["y"].tolist()) == ([0], [0])
    traces = drawn(point_map.by_name(np.zeros(4, int), "light")).data
    assert [traces[index].name for index in frame["traces"]] == ["right", "wrong", "query"]
    assert (traces[2].line.dash, traces[3].line.dash) == (None, "dot")
