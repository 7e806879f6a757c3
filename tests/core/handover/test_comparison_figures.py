"""The figures of a comparison, as files that can be read: by Pillow, and as XML."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.handover.colours import STRATEGIES, STRATEGY_DASHES, STRATEGY_SYMBOLS
from core.handover.comparison_figures import DASHES, FIGURES, MARKERS, MOST, drawn, write_figures
from core.handover.strategy_looks import looks_of
from dashboard.figures.strategy_looks import looks_of as page_looks
from tests.core.found_results import EVIL, found
from tests.imports import ROOT


def texts(svg: bytes) -> list[str]:
    """What can be read in it, from the first to the last."""
    return [
        "".join(one.itertext()).strip() for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_each_is_written_as_png_and_svg(tmp_path: Path) -> None:
    write_figures(tmp_path, found())
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        f"{n}.{f}" for n in FIGURES for f in ("png", "svg")
    )
    for name in FIGURES:
        with Image.open(tmp_path / f"{name}.png") as image:
            assert image.width > 600 and len(np.unique(np.asarray(image.convert("L")))) > 20


def test_the_matrix_says_every_difference_both_ways_and_needs_no_legend() -> None:
    said = texts(drawn(FIGURES["matrix"], found(), "svg"))
    assert said.count("better") == 1 and said.count("worse") == 1 and said.count("not distinguishable") == 4
    assert (
        said.count("+0.200") == said.count("-0.200") == 1 and "+0.050 to +0.350" in said and "-0.350 to -0.050" in said
    )
    assert {"0.300", "0.280 to 0.330", "MAP@R: the strategy of the row minus that of the column"} <= set(said)
    assert said.count("semi-hard") == 2, "of a row and of a column"


@pytest.mark.parametrize("name", FIGURES)
def test_names_are_shown_as_they_are_and_are_no_markup(name: str) -> None:
    svg = drawn(FIGURES[name], found((EVIL, "$\\frac{1}{", "a\x00b\n\u4e2d")), "svg")
    assert b"<script" not in svg and "alert" in "".join(texts(svg)) and "$\\frac{1}{" in texts(svg)
    drawn(FIGURES[name], found((EVIL, "$\\frac{1}{", "a\x00b\n\u4e2d")), "png")  # without a warning of its font


def test_the_same_results_are_the_same_files_and_no_interval_is_said_where_there_is_none() -> None:
    assert drawn(FIGURES["levels"], found(), "svg") == drawn(FIGURES["levels"], found(), "svg")
    results = found(("a", "b"), seeds=1)
    known = results.levels["a"]["map_at_r"]
    results.levels["a"]["map_at_r"] = type(known)(0.5, float("-inf"), float("inf"), 0.95, 1, 0)
    said = texts(drawn(FIGURES["matrix"], results, "svg"))
    assert "no interval" in said and "identities alone, another seed" in " ".join(said)
    drawn(FIGURES["levels"], results, "svg")


def test_each_number_says_over_what_its_intervals_hold() -> None:
    said = " ".join(texts(drawn(partial(FIGURES["matrix"], key="density"), found(), "svg")))
    assert "95 % intervals over seeds alone, all differences" in said
    said = " ".join(texts(drawn(FIGURES["levels"], found(), "svg")))
    assert "over seeds and identities; of Effective rank and Spread within / of all over seeds alone." in said


def test_no_two_strategies_look_alike_and_of_many_it_is_said_that_some_are_left_out() -> None:
    looks = set(looks_of([f"s{number}" for number in range(MOST)], "light").values())
    assert len(looks) == MOST and len({one[1:] for one in looks}) == MOST, "without colours, too"
    said = " ".join(texts(drawn(FIGURES["curves"], found([f"s{number}" for number in range(MOST + 1)], 1), "svg")))
    assert f"The first {MOST} of {MOST + 1} strategies are drawn." in said and f"s{MOST}" not in said.split()


def test_curves_say_of_how_many_seeds_each_is() -> None:
    results = found(("a", "b"), seeds=3)
    assert "Lines and bands: mean and range of 3 seeds." in texts(drawn(FIGURES["curves"], results, "svg"))
    fewer = replace(results, trainings=[one for one in results.trainings if (one.strategy, one.seed) != ("b", 2)])
    assert "(a:\u00a03, b:\u00a02)." in " ".join(texts(drawn(FIGURES["curves"], fewer, "svg")))


def test_every_symbol_and_dash_of_a_page_is_one_here() -> None:
    assert tuple(MARKERS) == STRATEGY_SYMBOLS and tuple(DASHES) == STRATEGY_DASHES
    assert len(set(MARKERS.values())) == len(MARKERS) and len(set(DASHES.values())) == len(DASHES)


@pytest.mark.parametrize("name", ["levels", "curves"])
def test_strategies_have_the_colours_of_the_page_whichever_of_them_are_there(name: str) -> None:
    asked = ["0.3", "random", "0.5", "semi-hard"]
    page = page_looks(asked, "light")
    svg = drawn(FIGURES[name], replace(found(["random", "semi-hard"]), asked=asked), "svg").decode()
    drawn_in = {colour for colour in STRATEGIES["light"] if colour.lower() in svg}
    assert drawn_in == {page["random"].colour, page["semi-hard"].colour}


def test_nothing_is_loaded_before_something_is_drawn() -> None:
    probe = "import sys, core.cli.compare, core.jobs.export_apart; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_png_opens(tmp_path: Path) -> None:
    with Image.open(io.BytesIO(drawn(FIGURES["curves"], found(seeds=1), "png"))) as image:
        image.verify()
