import pytest

from core.admission.entry import NAME_LENGTH, Limits, is_aside, refusal_of, too_many, too_much, written_name


@pytest.mark.parametrize("name", ["a.png", "a/b/c.jpg", "ä/ö.png", "..a/b.png", "a b/c.png", "con.png", "a"])
def test_plain_names_are_taken(name: str) -> None:
    assert refusal_of(name) == ""


@pytest.mark.parametrize(
    "name, reason",
    [
        ("/etc/a.png", "absolute path"),
        ("\\\\host\\a.png", "absolute path"),
        ("C:\\a.png", "absolute path"),
        ("../a.png", "leads out of its folder"),
        ("a/../../b.png", "leads out of its folder"),
        ("a\\..\\b.png", "leads out of its folder"),
        ("a\nb.png", "characters that cannot be seen"),
        ("a\0.png", "characters that cannot be seen"),
        ("x" * NAME_LENGTH + "y", "is longer than 1,024 characters"),
        ("a/b.ZIP", "an archive within"),
        ("a.tar.gz", "an archive within"),
    ],
)
def test_other_names_are_refused_with_the_reason(name: str, reason: str) -> None:
    assert reason in refusal_of(name)


@pytest.mark.parametrize("name", [".git/a.png", "a/.hidden.png", "__MACOSX/a/._1.png", "a/Thumbs.db", "a/desktop.ini"])
def test_hidden_files_and_those_of_systems_stand_aside(name: str) -> None:
    assert is_aside(name)
    assert not is_aside("a/b.png") and not is_aside("../a.png")


def test_names_of_odd_bytes_can_be_written_and_stay_apart() -> None:
    odd = [b"\xff.png".decode("utf-8", "surrogateescape"), b"\xfe.png".decode("utf-8", "surrogateescape"), "ä.png"]
    written = [written_name(name) for name in odd]
    assert len(set(written)) == 3 and written[2] == "ä.png"
    for name in written:
        name.encode()


def test_more_may_come_out_of_a_larger_archive() -> None:
    limits = Limits(free_bytes=1000, ratio=10, total_bytes=5000)
    assert [limits.unpacked(packed) for packed in (1, 100, 200, 10**9)] == [1000, 1000, 2000, 5000]


def test_what_is_too_much_is_said_by_name_and_limit() -> None:
    assert "'a.zip' must hold at most 7 files" in str(too_many("a.zip", Limits(entries=7)))
    assert "'a.zip' must unpack to at most 1,000 bytes" in str(too_much("a.zip", 1000))
