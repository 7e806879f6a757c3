"""What changes images is set in one place, whichever family it is of."""

from __future__ import annotations

from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.setting_changes import setting_differences
from core.params import params_of
from dashboard.train.guests import GUESTS, guests_of, marks_of
from tests.dashboard.settings_page import drawn, run, shown

MOVES = ("behind.train.schedule.schedule.shift", "behind.train.schedule.schedule.mirror")


def test_what_the_schedule_does_to_images_stands_under_the_augmentation() -> None:
    assert [guest.mark for guest in guests_of("augmentation")] == ["schedule.shift", "schedule.mirror"]
    assert not guests_of("schedule") and not guests_of("loss")


def test_every_parameter_that_stands_elsewhere_has_a_place() -> None:
    """A family with a menu would have to say of which member it is."""
    declared = [
        (family, one)
        for family, kinds in FAMILIES.items()
        for kind in kinds.values()
        for one in params_of(kind)
        if one.shown_under
    ]
    assert [(guest.family, guest.declared) for guest in GUESTS] == declared
    assert {one.shown_under for _, one in declared} <= set(FAMILIES)


def test_a_difference_is_seen_where_its_widget_stands() -> None:
    changes = {
        "schedule": {"shift": 2, "epochs": 3},
        "augmentation": {"kind": "turns-and-shifts", "shift": 0.2},
    }
    still = Experiment().changed({"augmentation": {"kind": "turns-and-shifts"}})
    differences = setting_differences(still, Experiment().changed(changes))
    assert sorted(marks_of("augmentation", differences)) == ["schedule.shift", "shift"]
    assert marks_of("augmentation", differences)["shift"].there == 0.2
    assert sorted(marks_of("schedule", differences)) == ["epochs"] and not marks_of("loss", differences)


def test_their_widgets_change_the_schedule_and_are_drawn_once() -> None:
    app = drawn(Experiment().changed({"augmentation": {"kind": "turns-and-shifts"}}))
    assert [number.key for number in app.number_input].count(MOVES[0]) == 1
    app.number_input(key=MOVES[0]).set_value(3)
    app.toggle(key=MOVES[1]).set_value(True)
    schedule = shown(run(app)).schedule
    assert (schedule.shift, schedule.mirror) == (3, True)
    app.number_input(key="behind.train.augmentation.turns-and-shifts.shift").set_value(0.25)
    experiment = shown(run(app))
    assert experiment.schedule == schedule and experiment.augmentation.described()["shift"] == 0.25
