import numpy as np
import pytest

from core.datasets.images import Images
from core.datasets.samples import Samples


def samples_of(**columns: object) -> Samples:
    """Four small images with these columns beside their labels."""
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 2, 2)
    return Images(pixels, np.array([0, 1, 1, 0]), ("a", "b"), **columns)  # type: ignore[arg-type]


SESSIONS = {"sessions": np.array([0, 0, 1, 1]), "session_names": ("spring", "autumn")}
TIMES = {"times": np.array([0.0, 1.0, 2.0, 3.0])}
GROUPS = {"groups": np.array([0, 0, 1, 1]), "group_names": ("spring", "autumn")}


def test_what_is_known_of_each_sample_is_part_of_the_digest() -> None:
    kinds = [{}, SESSIONS, TIMES, GROUPS, SESSIONS | TIMES, SESSIONS | GROUPS]
    assert len({samples_of(**columns).digest for columns in kinds}) == len(kinds)
    later = samples_of(times=np.array([0.0, 1.0, 2.0, 4.0]))
    renamed = samples_of(sessions=SESSIONS["sessions"], session_names=("spring", "winter"))
    assert later.digest != samples_of(**TIMES).digest
    assert renamed.digest != samples_of(**SESSIONS).digest


def test_what_samples_are_called_changes_nothing_for_a_training() -> None:
    named = samples_of(names=np.array(["a/1.png", "b/1.png", "b/2.png", "a/2.png"]))
    assert named.digest == samples_of().digest


@pytest.mark.parametrize(
    "columns, message",
    [
        ({"sessions": np.array([0, 0, 1, 2]), "session_names": ("one", "two")}, "sessions must be from 0 to 1, .*to 2"),
        ({"sessions": np.array([0, 0, 1, 1]), "session_names": ("one", "one")}, "session names must differ"),
        ({"session_names": ("one", "two")}, "sessions must be given with their names, got 2 names alone"),
        ({"times": np.array([0, 1, 2, 3])}, r"times must be \(4,\) finite numbers of type float64, got \(4,\)"),
        ({"times": np.array([0.0, 1.0, np.nan, 3.0])}, "times must be .* finite"),
        ({"times": np.array([0.0, 1.0])}, r"times must be \(4,\) finite numbers .* got \(2,\)"),
        ({"names": np.array(["one", "two"])}, r"names must be \(4,\) words, got \(2,\)"),
        ({"names": np.array([1, 2, 3, 4])}, r"names must be \(4,\) words, got \(4,\) of type int64"),
    ],
)
def test_a_column_must_fit_the_samples(columns: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        samples_of(**columns)


@pytest.mark.parametrize("name, columns", [("sessions", SESSIONS), ("times", TIMES), ("groups", GROUPS)])
def test_columns_cannot_be_changed(name: str, columns: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(samples_of(**columns), name)[0] = 1
