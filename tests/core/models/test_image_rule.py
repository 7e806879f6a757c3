"""How images become what a network takes, against torchvision and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torchvision.transforms.v2 import functional as transforms

from core.models.image_rule import RANGES, ImageRule, from_zero_to_one

RULE = ImageRule(4, 5, 3, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_values_are_those_of_torchvision() -> None:
    images = pixels(3, 4, 5, 3)
    scaled = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    expected = transforms.normalize(scaled, list(RULE.mean), list(RULE.deviation)).numpy()
    np.testing.assert_allclose(RULE.values_of(images), expected, atol=1e-6)
    last = replace(RULE, layout="NHWC").values_of(images)
    assert last.shape == (3, 4, 5, 3) and np.array_equal(last.transpose(0, 3, 1, 2), RULE.values_of(images))


def test_in_the_other_order_mean_and_deviation_stay_with_their_channels() -> None:
    images = pixels(2, 4, 5, 3)
    other = replace(RULE, order="BGR", mean=RULE.mean[::-1], deviation=RULE.deviation[::-1])
    np.testing.assert_array_equal(other.values_of(images), RULE.values_of(images)[:, ::-1])
    assert not np.array_equal(RULE.values_of(images)[:, 0], RULE.values_of(images)[:, 2])


def test_grey_becomes_three_equal_colours_and_colours_one_grey() -> None:
    plain = ImageRule(4, 5, 3, (0.0,) * 3, (1.0,) * 3)
    grey = pixels(2, 4, 5)
    assert np.array_equal(plain.values_of(grey)[:, 1], grey.astype(np.float32) / 255)
    one = ImageRule(4, 5, 1, (0.0,), (1.0,))
    coloured = pixels(2, 4, 5, 3)
    expected = coloured @ np.array([0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(one.values_of(coloured)[:, 0], expected, atol=1e-5)


@pytest.mark.parametrize("told", RANGES)
def test_a_mean_of_any_range_means_the_same_change(told: str) -> None:
    shares = np.linspace(0, 1, 7)
    low, high = {"0 to 1": (0, 1), "0 to 255": (0, 255), "-1 to 1": (-1, 1)}[told]
    expected = (shares * (high - low) + low - 0.3) / 0.7
    (mean,) = from_zero_to_one((0.3,), told, is_mean=True)
    (deviation,) = from_zero_to_one((0.7,), told, is_mean=False)
    np.testing.assert_allclose((shares - mean) / deviation, expected, atol=1e-12)


def test_a_part_is_cut_at_whole_pixels_and_is_never_empty() -> None:
    rule = replace(RULE, part=(24 / 112, 4 / 92, 108 / 112, 88 / 92))
    assert rule.rows_of(112) == (24, 108) and rule.columns_of(92) == (4, 88)
    assert rule.rows_of(56) == (12, 54) and rule.columns_of(46) == (2, 44)
    assert rule.rows_of(1) == (0, 1) and RULE.rows_of(9) == (0, 9)
    assert replace(RULE, part=(0.99, 0.0, 1.0, 1.0)).rows_of(3) == (2, 3)


def test_it_comes_back_from_plain_values_and_knows_its_shape() -> None:
    rule = replace(RULE, order="BGR", layout="NHWC", fit="pad", part=(0.1, 0.2, 0.8, 0.9))
    assert ImageRule.read(rule.written()) == rule and rule.shape == (4, 5, 3) and RULE.shape == (3, 4, 5)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"channels": 2}, "1 or 3 channels and sides of 1 to 1,024 pixels, got 2 channels of 4 x 5"),
        ({"height": 0}, "sides of 1 to 1,024 pixels"),
        ({"width": 1025}, "sides of 1 to 1,024 pixels"),
        ({"mean": (0.0,)}, "each of 3 channels must have a mean and a deviation above 0"),
        ({"deviation": (1.0, 0.0, 1.0)}, "a deviation above 0, got"),
        ({"mean": (0.0, float("nan"), 0.0)}, "must have a mean and a deviation"),
        ({"layout": "CHWN"}, "layout must be NCHW or NHWC, got 'CHWN'"),
        ({"order": "GBR"}, "order must be RGB or BGR"),
        ({"fit": "squeeze"}, "fit must be stretch or crop or pad"),
        ({"part": (0.5, 0.0, 0.5, 1.0)}, "part must be top, left, bottom and right as shares"),
        ({"part": (0.0, 0.0, 1.0)}, "part must be top, left"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ImageRule.read({**RULE.written(), **changes})


@pytest.mark.parametrize("written", [None, [], {}, {"height": 1}, {**RULE.written(), "mean": 3}])
def test_what_is_damaged_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="the rule for images must be whole"):
        ImageRule.read(written)


def test_an_unknown_range_is_refused() -> None:
    with pytest.raises(ValueError, match="range must be 0 to 1, 0 to 255, -1 to 1, got '0 to 2'"):
        from_zero_to_one((0.0,), "0 to 2", is_mean=True)
