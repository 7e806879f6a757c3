from core.admission.brought import NAMED, LeftOut


def test_all_are_counted_by_reason_and_the_first_are_named() -> None:
    left_out = LeftOut()
    for number in range(NAMED + 50):
        left_out.add(f"{number}.png", "it is broken" if number % 3 else "it is no image")
    written = left_out.written()
    assert left_out.count == written["count"] == NAMED + 50
    assert written["reasons"] == {"it is broken": 100, "it is no image": 50}
    assert len(written["first"]) == NAMED and written["first"][0] == {"name": "0.png", "reason": "it is no image"}


def test_others_are_counted_in() -> None:
    left_out, others = LeftOut(), LeftOut()
    left_out.add("row 3", "it has NaN or infinity")
    for number in range(NAMED):
        others.add(f"{number}.png", "it is broken")
    left_out.add_all(others)
    assert left_out.count == NAMED + 1 and left_out.written()["reasons"]["it is broken"] == NAMED
    assert len(left_out.first) == NAMED and left_out.first[0][0] == "row 3" and len(others.first) == NAMED


def test_none_is_nothing() -> None:
    assert LeftOut().written() == {"count": 0, "reasons": {}, "first": []}
