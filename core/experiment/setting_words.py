"""An experiment as one line of text, as a link has it: the shortest options that it is made of."""

from __future__ import annotations

import re
import shlex

from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.options import Parser, read_experiment, shortest_words
from core.params import params_of

KEPT = re.compile(r"[0-9a-f]{32}|")  # the id of what somebody brought, or nothing


def words_of(experiment: Experiment | None) -> str:
    """The line that `experiment_in` makes the experiment of, never empty, since links leave out what is; of none an
    empty one."""
    if experiment is None:
        return ""
    return shlex.join(shortest_words(experiment) or ["--loss", experiment.loss.name])


def experiment_in(text: str) -> Experiment:
    """The experiment that a line of options describes. Raises ValueError for one that describes none, and where a free
    text is not the id of what somebody brought: such texts name folders of the machine, which no link may choose."""
    experiment = read_experiment(shlex.split(text), Parser(prog="settings", add_help=False, allow_abbrev=False))[0]
    for family, described in experiment.described().items():
        for declared in params_of(FAMILIES[family][described["kind"]]):
            is_free = isinstance(declared.default, str) and not declared.choices
            if is_free and not KEPT.fullmatch(described[declared.name]):
                raise ValueError(
                    f"the {declared.label} of a link must be the id of what somebody brought, got another text. "
                    "Choose it on the page."
                )
    return experiment
