"""What a file holds is shown, not obeyed."""

import re

from dashboard.markdown import plain


def test_every_mark_is_only_a_character() -> None:
    marks = r"\`*_{}[]()<>#+-.!|$~:"
    assert plain("![x](http://y) :red[z]") == r"\!\[x\]\(http\:\/\/y\) \:red\[z\]".replace(r"\/", "/")
    assert re.sub(r"\\(.)", r"\1", plain(marks)) == marks and len(plain(marks)) == 2 * len(marks)
    assert plain("Jürgen 07") == "Jürgen 07"
