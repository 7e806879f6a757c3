"""What a file holds is shown, not obeyed; tables stand as they are read."""

import re

from dashboard.markdown import as_code, in_figure, plain, table, without_commands


def test_every_mark_is_only_a_character() -> None:
    marks = r"\`*_{}[]()<>#+-.!|$~:"
    assert plain("![x](http://y) :red[z]") == r"\!\[x\]\(http\:\/\/y\) \:red\[z\]".replace(r"\/", "/")
    assert re.sub(r"\\(.)", r"\1", plain(marks)) == marks and len(plain(marks)) == 2 * len(marks)
    assert plain("Jürgen 07") == "Jürgen 07"


def test_code_says_every_mark_as_it_is_written() -> None:
    assert as_code("semi-hard $1_a$") == "`semi-hard $1_a$`"
    assert as_code("a`b") == "`` a`b ``" and as_code("``") == "``` `` ```"


def test_a_page_does_not_name_options_of_the_command_line() -> None:
    told = "Bring the list too (--trials FILE), or say it (--truth first, --truth last or its number)."
    assert without_commands(told) == "Bring the list too, or say it."
    assert without_commands("Bring it under Your data (python -m core import).") == "Bring it under Your data."
    assert without_commands("a (b) (-c)") == "a (b) (-c)"


def test_tags_are_only_characters_in_a_figure() -> None:
    assert in_figure("<b>a</b> & <a href='x'>") == "&lt;b&gt;a&lt;/b&gt; &amp; &lt;a href='x'&gt;"
    assert in_figure("Jürgen 07 · triplet, 100 %") == "Jürgen 07 · triplet, 100 %"


def test_a_table_has_its_words_on_the_left_and_its_numbers_on_the_right() -> None:
    written = table(["", "epoch 2"], [["AUC", "0.9"], ["loss", "–"]])
    assert written.splitlines() == ["|  | epoch 2 |", "| :-- | --: |", "| AUC | 0.9 |", "| loss | – |"]
