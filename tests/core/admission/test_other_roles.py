from __future__ import annotations

import numpy as np
import pytest

from core.admission.other_roles import with_roles
from core.datasets.vectors import Vectors

SAMPLES = Vectors(
    np.eye(4, dtype=np.float32),
    np.array([0, 0, 1, 1]),
    ("anna", "otto"),
    groups=np.array([0, 1, 2, 0]),
    group_names=("hall", "door", "yard"),
    times=np.arange(4.0),
    names=np.array(["a", "b", "c", "d"]),
)


def test_columns_are_exchanged_and_values_stay() -> None:
    found = with_roles(SAMPLES, {"group": "label", "label": "group"})
    assert found.values is SAMPLES.values and found.class_names == SAMPLES.group_names
    assert found.group_names == ("anna", "otto")
    np.testing.assert_array_equal(found.labels, SAMPLES.groups)
    assert found.names is SAMPLES.names and found.times is SAMPLES.times and found.digest != SAMPLES.digest


def test_a_group_may_be_the_session_or_nothing() -> None:
    session = with_roles(SAMPLES, {"session": "group", "group": "none"})
    assert session.groups is None and session.group_names == () and session.session_names == SAMPLES.group_names
    nothing = with_roles(SAMPLES, {"group": "none", "time": "none"})
    assert nothing.groups is None and nothing.times is None and nothing.sessions is None
    assert with_roles(SAMPLES, {}).digest == SAMPLES.digest


@pytest.mark.parametrize("chosen", [{"group": "session"}, {"label": "none"}, {"session": "camera"}, {"time": "group"}])
def test_what_the_set_does_not_have_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be one of the columns label, group of the set"):
        with_roles(SAMPLES, chosen)
