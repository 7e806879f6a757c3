from __future__ import annotations

import pytest

from core.admission.column_meaning import IMAGE, NONE, ROLES, Meaning, meaning_of


@pytest.mark.parametrize(
    "names, columns, values",
    [
        (["label", "embedding"], {"label": "label"}, ("embedding",)),
        (["Person ID", "x0", "x1", "x2"], {"label": "Person ID"}, ("x0", "x1", "x2")),
        (["id", "f_2", "f_1", "camera", "1"], {"label": "missing"}, ()),
        (["class", "x1", "x2", "x10"], {"label": "class"}, ()),
        (["class", "x2", "x1"], {"label": "class"}, ("x1", "x2")),
        (["class", "0", "1", "2"], {"label": "class"}, ("0", "1", "2")),
        (
            ["identity", "label", "vector", "camera", "session", "timestamp", "file"],
            {"label": "label", "group": "camera", "session": "session", "time": "timestamp", "name": "file"},
            ("vector",),
        ),
        (["y", "x"], {"label": "y"}, ("x",)),
    ],
)
def test_columns_are_known_by_their_names(names: list[str], columns: dict[str, str], values: tuple[str, ...]) -> None:
    if not values or columns == {"label": "missing"}:
        with pytest.raises(ValueError, match="must have"):
            meaning_of(names, {}, "a.csv")
        return
    assert meaning_of(names, {}, "a.csv") == Meaning(columns, values)


def test_a_column_is_what_somebody_says() -> None:
    names = ["label", "person", "camera", "x0", "x1"]
    chosen = {"label": "person", "group": "label", "session": "camera"}
    assert meaning_of(names, chosen, "a.csv") == Meaning(chosen, ("x0", "x1"))
    assert meaning_of(names, {"group": NONE}, "a.csv").columns == {"label": "label"}
    assert meaning_of([*names, "c1", "c2", "c3"], {}, "a.csv").values == ("c1", "c2", "c3"), "the longest row of them"


def test_images_stand_in_a_column_of_their_own() -> None:
    assert meaning_of(["image", "label"], {}, "a.parquet", values=IMAGE) == Meaning({"label": "label"}, ("image",))


def test_what_is_not_there_is_said_so() -> None:
    with pytest.raises(
        ValueError, match="the label of 'a.csv' must be one of its columns, got 'who'. It has label, x0"
    ):
        meaning_of(["label", "x0"], {"label": "who"}, "a.csv")
    with pytest.raises(
        ValueError, match="'a.csv' must have a column for the label, named label or identity, got a, x0"
    ):
        meaning_of(["a", "x0", "x1"], {}, "a.csv")
    with pytest.raises(ValueError, match="'a.csv' must have its values in a column named embedding or in columns x0"):
        meaning_of(["label", "a"], {}, "a.csv")


def test_every_role_can_be_chosen() -> None:
    assert ROLES == ("label", "group", "session", "time", "name")
