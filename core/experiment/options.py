"""Command-line options made from the declarations: every parameter of every family can be set."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import Any, NoReturn

from core.experiment.experiment import FAMILIES, Experiment
from core.losses import LOSSES
from core.params import Declared, Described, Param, kind_named, params_of

DEFAULTS = Experiment()


class Parser(argparse.ArgumentParser):
    """Turns a wrong option into the one-sentence error that every bad input gets, and takes every negative number for
    a value: argparse takes -5e-1 and -inf for options."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does, but a negative number is a value and no option."""
        words = None if args is None else _with_negative_values(args)
        return super().parse_known_args(words, namespace or argparse.Namespace())

    def error(self, message: str) -> NoReturn:
        """Raise ValueError in place of ending the process."""
        raise ValueError(f"{self.prog}: {message}. See `python -m core train --list` and --help.")


def add_families(parser: argparse.ArgumentParser) -> None:
    """One option per family, to choose its member."""
    for family, kinds in FAMILIES.items():
        if len(kinds) > 1:
            default = getattr(DEFAULTS, family).name
            parser.add_argument(f"--{family}", metavar="NAME", help=f"{', '.join(kinds)} (default {default})")


def read_experiment(
    words: list[str], parser: argparse.ArgumentParser, start: Experiment | None = None
) -> tuple[Experiment, argparse.Namespace]:
    """The experiment that the words describe, and the values of the parser's other options.

    Every parameter of a chosen member is `--FAMILY-PARAMETER VALUE`; those of the schedule are `--PARAMETER VALUE`.
    What is not said is as the loss wants it (`Loss.suits`), and else as it is in `start`.
    """
    chooser = Parser(prog=parser.prog, add_help=False, allow_abbrev=False)
    add_families(chooser)
    chosen, _ = chooser.parse_known_args(words)
    add_families(parser)
    base = _begun(start, chosen.loss)
    members = {
        family: kind_named(family, kinds, getattr(chosen, family, None) or getattr(base, family).name)
        for family, kinds in FAMILIES.items()
    }
    options: dict[str, tuple[str, Param]] = {}
    for family, kind in members.items():
        for declared in params_of(kind):
            options[_option(family, declared)] = (family, declared)
            parser.add_argument(
                f"--{_option(family, declared)}",
                metavar="VALUE",
                dest=_option(family, declared),
                help=f"{declared.help} (default {_default(base, family, kind)[declared.name]})".replace("%", "%%"),
            )
    values = parser.parse_args(words)
    described: dict[str, Described] = {family: {"kind": kind.name} for family, kind in members.items()}
    for option, (family, declared) in options.items():
        text = getattr(values, option)
        if text is not None:
            described[family][declared.name] = declared.parse(f"--{option}", text)
    return base.changed(described), values


def read_member(family: str, words: list[str], parser: argparse.ArgumentParser) -> tuple[Any, argparse.Namespace]:
    """The member of one family that the words name, with its parameters, and the values of the parser's options."""
    kinds, default = FAMILIES[family], getattr(DEFAULTS, family).name
    chooser = Parser(prog=parser.prog, add_help=False, allow_abbrev=False)
    for each in (chooser, parser):
        each.add_argument(f"--{family}", metavar="NAME", help=f"{', '.join(kinds)} (default {default})")
    kind = kind_named(family, kinds, getattr(chooser.parse_known_args(words)[0], family) or default)
    for declared in params_of(kind):
        option = _option(family, declared)
        parser.add_argument(f"--{option}", metavar="VALUE", dest=option, help=declared.help.replace("%", "%%"))
    values = parser.parse_args(words)
    texts = {declared: getattr(values, _option(family, declared)) for declared in params_of(kind)}
    parsed = {p.name: p.parse(f"--{_option(family, p)}", text) for p, text in texts.items() if text is not None}
    return kind.made_from(parsed), values


def command_line(experiment: Experiment) -> str:
    """The shortest command that trains the experiment: only what differs from how its loss wants to be trained is
    spelled out."""
    words = ["python -m core train"]
    base = _suited(experiment.loss.name)
    for family, described in experiment.described().items():
        member = FAMILIES[family][described["kind"]]
        if len(FAMILIES[family]) > 1:
            words.append(f"--{family} {member.name}")
        for declared in params_of(member):
            value = described[declared.name]
            if value != _default(base, family, member)[declared.name]:
                spelled = str(value).lower() if isinstance(value, bool) else str(value)
                quoted = shlex.quote(spelled)
                words.append(f"--{_option(family, declared)} {quoted}")
    return " ".join(words)


def shortest_words(experiment: Experiment) -> list[str]:
    """The fewest options that `read_experiment` makes the experiment of: members and values that differ from how its
    loss wants to be trained."""
    words: list[str] = [] if experiment.loss.name == DEFAULTS.loss.name else ["--loss", experiment.loss.name]
    base = _suited(experiment.loss.name)
    for family, described in experiment.described().items():
        member = FAMILIES[family][described["kind"]]
        if member.name != getattr(base, family).name:
            words += [f"--{family}", member.name]
        usual = _default(base, family, member)
        for declared in params_of(member):
            if (value := described[declared.name]) != usual[declared.name]:
                words += [
                    f"--{_option(family, declared)}",
                    str(value).lower() if isinstance(value, bool) else str(value),
                ]
    return words


def listing() -> str:
    """Every family, its members and their options, as `--list` prints them."""
    lines = []
    for family, kinds in FAMILIES.items():
        lines.append(family)
        for name, kind in kinds.items():
            lines.append(f"  {name}: {kind.summary}")
            for declared in params_of(kind):
                rule = declared.rule.removeprefix("be ")
                lines.append(f"    --{_option(family, declared)} ({declared.default}): {declared.help}; {rule}")
    return "\n".join(lines)


def _begun(start: Experiment | None, loss: str | None) -> Experiment:
    """What holds where nothing is said of it."""
    if start is None:
        return _suited(loss or DEFAULTS.loss.name)
    if loss is None:
        return start
    chosen = kind_named("loss", LOSSES, loss)()
    return start.changed({"loss": chosen.described()}).changed(chosen.suits)


def _suited(loss: str) -> Experiment:
    return Experiment.suited(kind_named("loss", LOSSES, loss)())


def _default(base: Experiment, family: str, kind: type[Declared]) -> Described:
    """The values of a member's parameters where none is given."""
    own = getattr(base, family)
    return (own if own.name == kind.name else kind()).described()


def _option(family: str, declared: Param) -> str:
    prefix = "" if family == "schedule" else f"{family}-"
    return prefix + declared.name.replace("_", "-")


def _with_negative_values(words: Sequence[str]) -> list[str]:
    """The words with every negative number joined to the option before it, as in --threshold=-5e-1."""
    joined: list[str] = []
    for word in words:
        option = joined[-1] if joined else ""
        if _is_negative(word) and option.startswith("--") and option != "--" and "=" not in option:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _is_negative(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return word.startswith("-")
