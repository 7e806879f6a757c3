"""Compare in Chinese: what is compared is called as on Train, wherever it stands."""

from __future__ import annotations

import re

import pytest

from core.comparison.axes import USUAL
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import Comparison, comparison_of, keep
from core.experiment.experiment import FAMILIES
from core.jobs.measure_reached import kept_at, measured
from core.params import params_of
from core.runs.store import Store
from dashboard.compare.beneath import VIEWS
from dashboard.core_words import names
from dashboard.wording import say, speaking
from tests.dashboard.compared_strategies import BASE
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import opened, words_on

SETTINGS = {
    one.label for kinds in FAMILIES.values() for kind in kinds.values() for one in params_of(kind)
} | FAMILIES.keys()
VALUES = {member.replace("-", " ") for kinds in FAMILIES.values() for member in kinds} | {
    choice
    for kinds in FAMILIES.values()
    for kind in kinds.values()
    for one in params_of(kind)
    for choice in one.choices
    if isinstance(choice, str)
}
CHINESE = names("zh")
# What a method is called in papers, behind its Chinese name; icons and images.
BESIDE = re.compile(r"\([A-Za-z -]+\)|:material/\w+:|!\[\]\([^)]*\)")
# Those that Chinese calls otherwise, or has only there.
ENGLISH = sorted(
    name
    for name in SETTINGS | VALUES
    if len(name) > 1 and name in CHINESE and name not in BESIDE.sub("", CHINESE[name]).casefold()
)
WRITTEN = re.compile(
    r"(?<![\w.])(" + "|".join(re.escape(name).replace(r"\ ", "[ _-]") for name in ENGLISH) + r")(?![\w.])"
)


def compared_in(store: Store, axis: str, *values: str) -> Comparison:
    """A comparison along an axis from two seeds, trained and measured."""
    plan = Plan(along(BASE, axis, values), (0, 1), Budget(UPDATES, 30))
    members = plan.members()
    for member in members:
        run = made_run(store.root, member.experiment)
        if not kept_at(store.root, run).exists():
            measured(store.root, run)
    comparison = comparison_of("对比", plan, {member.experiment.run_id(): member for member in members})
    keep(store.root, comparison)
    return comparison


@pytest.mark.parametrize(
    ("axis", "values", "told"),
    [
        ("miner", ("semi-hard", "random"), ("半难", "随机")),
        ("loss.margin", ("0.1", "0.4"), ("间隔 0.1", "间隔 0.4")),
        ("encoder.normalise", ("true", "false"), ("归一化 开", "归一化 关")),
    ],
)
def test_what_is_compared_is_chinese_in_every_view(
    axis: str, values: tuple[str, ...], told: tuple[str, ...], empty_store: Store
) -> None:
    comparison = compared_in(empty_store, axis, *values)
    with speaking("zh"):
        app = opened("compare", comparison=comparison.id, lang="zh")
        for view in VIEWS:
            app.segmented_control(key="url.view").set_value(view).run()
            assert not app.exception
            words = words_on(app)
            assert not english_in(words)
            assert all(any(name in text for text in words) for name in told)
        app.session_state["compare.leads"] = app.session_state["compare.changes.open"] = True
        assert not english_in(words_on(app.run()))


def test_the_menu_of_strategies_is_chinese_whatever_is_compared(empty_store: Store) -> None:
    made_run(empty_store.root, BASE)
    with speaking("zh"):
        app = opened("compare", lang="zh")
        app.session_state["strategies.menu"] = True
        app.run()
        for axis in (*USUAL, "loss.margin", "other"):
            app.selectbox(key="strategies.axis").set_value(axis).run()
            assert not app.exception and not english_in(words_on(app))
        for parameter in ("encoder.normalise", "miner.dialect", "schedule.learning_rate"):
            app.selectbox(key="strategies.parameter").set_value(parameter).run()
            assert not english_in(words_on(app))
        assert say("compare.setting", family="训练安排", name="学习率") in words_on(app)


def english_in(words: list[str]) -> list[tuple[str, str]]:
    """English names, each with the text that it stands in."""
    return [(found[0], text) for text in words if (found := WRITTEN.search(BESIDE.sub("", text)))]
