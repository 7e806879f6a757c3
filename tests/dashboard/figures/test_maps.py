"""Maps: every frame holds every point, and the axes hold every frame."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.maps import (
    MOST_NAMES,
    axes_of,
    corners_of,
    extent,
    frame_name,
    holds,
    in_words,
    map_frame,
    moving_map,
    still_axes,
)

LABELS = np.array([0, 0, 1, 1, 2, 2])
LAYOUTS = [np.arange(12.0).reshape(6, 2) * scale for scale in (1, 3)]


def test_a_frame_moves_every_point_and_every_class_name() -> None:
    figure = moving_map(LAYOUTS[-1], still_axes(LAYOUTS), LABELS, ["a", "b", "c"], "light")
    frame = map_frame(LAYOUTS[0], 2.0, LABELS)
    assert frame["name"] == "epoch 2"
    points, names, stars = frame["data"]
    assert len(stars["x"]) == 0
    np.testing.assert_allclose(points["x"], LAYOUTS[0][:, 0])
    np.testing.assert_allclose(names["y"], [LAYOUTS[0][LABELS == label, 1].mean() for label in range(3)])
    assert [figure.data[trace].type for trace in frame["traces"]] == ["scattergl", "scattergl", "scattergl"]
    assert [figure.data[trace].mode for trace in frame["traces"]] == ["markers", "text", "markers"]
    assert list(figure.data[0].x) == list(LAYOUTS[-1][:, 0])
    assert list(figure.data[0].customdata) == list(range(6))
    assert list(figure.data[0].text) == ["a", "a", "b", "b", "c", "c"]


def test_a_frame_moves_every_learned_point() -> None:
    prototypes = [{"landmark_classes": np.array([0, 2]), "landmark_places": np.full((2, 2), place)} for place in (1, 2)]
    figure = moving_map(LAYOUTS[0], still_axes(LAYOUTS), LABELS, ["a", "b", "c"], "light", prototypes[0])
    frame = map_frame(LAYOUTS[1], 1.0, LABELS, prototypes[1])
    stars = figure.data[frame["traces"][2]]
    assert list(stars.text) == ["learned point of a", "learned point of c"]
    assert list(stars.x) == [1, 1] and list(frame["data"][2]["x"]) == [2, 2]


def test_the_axes_hold_every_frame_in_a_square() -> None:
    axes = still_axes(LAYOUTS)
    everything = np.concatenate(LAYOUTS)
    for axis, values in (("xaxis", everything[:, 0]), ("yaxis", everything[:, 1])):
        low, high = axes[axis]["range"]
        assert low < values.min() and values.max() < high
    spans = [np.ptp(axes[axis]["range"]) for axis in ("xaxis", "yaxis")]
    assert np.isclose(*spans)


@pytest.mark.parametrize("beyond", [(6.0, 0.0), (-6.0, 0.0), (0.0, 6.0), (0.0, -6.0)])
def test_axes_with_room_hold_what_grows_a_little(beyond: tuple[float, float]) -> None:
    axes = axes_of([extent(np.array([[-5.0, -5.0], [5.0, 5.0]]))], room=1.3)
    for scale, held in ((1.0, True), (6.4 / 6, True), (6.6 / 6, False)):
        assert holds(axes, extent(np.array([[0.0, 0.0], beyond]) * scale)) == held


def test_the_corners_of_axes_are_what_is_seen_on_them() -> None:
    axes = still_axes(LAYOUTS)
    low, high = corners_of(axes).tolist()
    assert [low[0], high[0]] == list(axes["xaxis"]["range"]) and [low[1], high[1]] == list(axes["yaxis"]["range"])
    assert holds(axes, corners_of(axes)) and not holds(axes, corners_of(axes) * 1.01)


def test_a_single_place_still_has_axes() -> None:
    low, high = still_axes([np.zeros((3, 2))])["xaxis"]["range"]
    assert low < high


def test_many_classes_are_not_named_on_the_map() -> None:
    labels = np.arange(MOST_NAMES + 1).repeat(2)
    layout = np.zeros((len(labels), 2))
    figure = moving_map(layout, still_axes([layout]), labels, [str(label) for label in range(MOST_NAMES + 1)], "dark")
    assert len(figure.data[1].x) == len(map_frame(layout, 0.0, labels)["data"][1]["x"]) == 0


def test_a_snapshot_has_its_name_in_words_too() -> None:
    assert [in_words(epoch) for epoch in (0, 1 / 14, 20.0)] == ["epoch 0", "epoch 0.07", "epoch 20"]


def test_frame_names_are_short_and_ordered_by_their_number() -> None:
    assert [frame_name(epoch) for epoch in (0, 1 / 14, 0.5, 1.0, 20.0)] == [
        "epoch 0",
        "epoch 0.07",
        "epoch 0.5",
        "epoch 1",
        "epoch 20",
    ]
