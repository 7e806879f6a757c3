"""Every loss of the playground has the value, the terms and the gradients of core's, on a thousand configurations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from core.losses import LOSSES
from tests.browser.playground_configurations import CONFIGURATIONS, configurations, moved, values_of
from tests.browser.playground_module import asked, open_modules
from tests.core.lessons.test_families import DRAWN

TINY = 1e-12
EVALUATE = """
const results = JSON.parse(given).map((one) => {
  const tensors = Object.entries(one.learned).map(([name, values]) => [name, Float64Array.from(values)])
  const learned = Object.fromEntries(tensors)
  const x = module.situationOf({ ...one, points: Float64Array.from(one.points), learned })
  const result = module.evaluated(x)
  const grown = Object.entries(result.learned).map(([name, values]) => [name, [...values]])
  const followed = Object.entries(x.kind.follow?.(x) ?? {}).map(([name, values]) => [name, [...values]])
  const [term, { parameters }] = [result.terms[0], x]
  const said = term ? x.kind.line(x, { term, parameters, result }) : ["empty"]
  return {
    objective: result.objective, counts: [result.count, result.active], values: result.terms.map(({ value }) => value),
    gradients: { points: [...result.gradient], ...Object.fromEntries(grown) },
    followed: Object.fromEntries(followed), said,
  }
})
return JSON.stringify(results)
"""


@pytest.fixture
def modules(page: Page) -> Iterator[Page]:
    """A tab with the scripts; torch has one thread meanwhile, since many are slower on a few points."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    open_modules(page)
    yield page
    torch.set_num_threads(threads)


def results_of(page: Page, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(asked(page, "losses.js", EVALUATE, json.dumps(given)))


def agree(ours: list[float], expected: list[float], name: str = "") -> bool:
    """To rounding, in the scale of the largest: sums are added up in another order. The sine of two points that lie
    opposite each other has half of the digits."""
    scale, least = max([1.0, *map(abs, expected)]), 1e-6 if name == "tuplet-margin" else 1e-9
    return len(ours) == len(expected) and bool(np.allclose(ours, expected, rtol=least, atol=least * scale))


def counts_agree(ours: dict[str, Any], counts: list[int]) -> bool:
    """Of terms so small that rounding decides whether they are above 0, either way is right."""
    surely, perhaps = (sum(value > least for value in ours["values"]) for least in (TINY, -TINY))
    return ours["counts"][0] == counts[0] and surely <= min(ours["counts"][1], counts[1]) <= perhaps


def test_every_loss_of_core_has_its_counterpart(modules: Page) -> None:
    names = asked(modules, "losses.js", "return Object.keys(module.LOSSES)")
    assert sorted(names) == sorted(LOSSES), "every loss of core is written in dashboard/components/playground, too"


@pytest.mark.parametrize("name", LOSSES)
def test_value_terms_and_gradients_are_those_of_core(name: str, modules: Page) -> None:
    given = configurations(name)
    results, expected = results_of(modules, given), values_of(given)
    assert len(given) == CONFIGURATIONS
    assert sum(any(one["gradients"]["points"]) for one in expected) > CONFIGURATIONS / 3, "many must move something"
    for one, ours, core in zip(given, results, expected, strict=True):
        shown = f"{ours} {core} {json.dumps(one)}"
        assert agree([ours["objective"]], [core["objective"]]), shown
        assert counts_agree(ours, core["counts"]), shown
        assert set(ours["gradients"]) == set(core["gradients"]), shown
        assert all(agree(ours["gradients"][key], core["gradients"][key], name) for key in core["gradients"]), shown
        assert all("NaN" not in line and "undefined" not in line for line in ours["said"]), ours["said"]


@pytest.mark.parametrize("name", ["center", "triplet-center"])
def test_centres_follow_their_points_as_in_core(name: str, modules: Page) -> None:
    given = configurations(name, 60)
    results = results_of(modules, given)
    assert any(ours["followed"] for ours in results)
    for one, ours in zip(given, results, strict=True):
        expected = moved(one)
        assert all(agree(values, expected[key]) for key, values in ours["followed"].items())


@pytest.mark.parametrize("name", LOSSES)
def test_margin_learned_tensors_and_their_rates_are_declared_as_in_core(name: str, modules: Page) -> None:
    for one in configurations(name, 12):
        loss = LOSSES[name](**one["parameters"])
        body = """const { loss, parameters, classes, size } = given
        const started = Object.entries(module.startingParts(loss, parameters, classes, size))
        const parts = Object.fromEntries(started.map(([key, rows]) => [key, rows.length]))
        return [module.hardnessMarginOf(loss, parameters), parts, module.ratesOf(loss, parameters)]"""
        margin, parts, rates = asked(modules, "losses.js", body, one)
        learned = loss.learned(one["classes"], one["size"], torch.Generator())
        assert margin == pytest.approx(loss.hardness_margin)
        assert parts == {key: tensor.numel() for key, tensor in learned.items()}
        assert rates == pytest.approx(loss.learning_rates())


def test_a_wrong_gradient_is_seen(modules: Page) -> None:
    """The comparison itself can fail: of a loss whose margin is a little off."""
    given = configurations("triplet", 40)
    wrong = [one | {"parameters": one["parameters"] | {"margin": one["parameters"]["margin"] + 0.01}} for one in given]
    results = results_of(modules, wrong)
    pairs = zip(values_of(given), results, strict=True)
    assert sum(not agree([ours["objective"]], [core["objective"]]) for core, ours in pairs) > 10


def test_what_is_drawn_for_nine_points_is_what_the_lesson_on_families_relies_on(modules: Page) -> None:
    assert asked(modules, "descent.js", "return module.drawsOf([0, 0, 0, 1, 1, 1, 2, 2, 2])") == DRAWN
