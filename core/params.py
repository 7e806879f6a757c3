"""Declare a parameter once: its check, its widget, its command-line option and its row in the catalogue read this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self, TypeAlias, TypeVar

Described: TypeAlias = dict[str, Any]  # the kind of a member and the value of every parameter, as JSON has them


@dataclass(frozen=True)
class Param:
    """What one parameter is and may be; bounds are inclusive."""

    name: str
    default: Any
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    main: str = ""
    """The short name of one of the few that matter most: such stand visible beside the menu of their family."""
    shown_under: str = ""
    """The family beside whose settings it stands on the page, where that is another one than its own."""

    @property
    def label(self) -> str:
        """The name as a reader sees it."""
        return self.name.replace("_", " ")

    @property
    def rule(self) -> str:
        """The allowed values in words, as in the papers and in errors."""
        if self.choices:
            return "be one of " + ", ".join(map(str, self.choices))
        if isinstance(self.default, bool):
            return "be true or false"
        if isinstance(self.default, str):
            return "be text"
        number = "a whole number" if isinstance(self.default, int) else "a number"
        return f"be {number} from {_plain(self.low)} to {_plain(self.high)}"

    def allows(self, value: Any) -> bool:
        """Whether the parameter may have this value."""
        if self.choices:
            return any(value == choice and type(value) is type(choice) for choice in self.choices)
        if isinstance(self.default, (bool, str)):
            return isinstance(value, type(self.default))
        number = int if isinstance(self.default, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, number):
            return False
        assert self.low is not None and self.high is not None, f"{self.name} declares no bounds"
        return self.low <= value <= self.high  # false for NaN

    def check(self, owner: str, value: Any) -> None:
        """Raise ValueError with the rule and the default where it may not."""
        if not self.allows(value):
            raise ValueError(f"{owner}: {self.name} must {self.rule}, got {value!r}. Its default is {self.default}.")

    def parse(self, owner: str, text: str) -> Any:
        """The value that a command-line word stands for, checked."""
        value: Any = text
        try:
            if isinstance(self.default, bool):
                value = {"true": True, "false": False}[text.lower()]
            elif isinstance(self.default, (int, float)):
                value = type(self.default)(text)
        except (KeyError, ValueError):
            value = text
        self.check(owner, value)
        return value


def _plain(bound: float | None) -> str:
    """A bound without an exponent where it is a whole number."""
    return "" if bound is None else f"{bound:d}" if isinstance(bound, int) else f"{bound:g}"


def param(
    default: Any,
    *,
    help: str,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[Any, ...] = (),
    main: str = "",
    shown_under: str = "",
) -> Any:
    """A dataclass field that says everything about one parameter."""
    metadata = {"help": help, "unit": unit, "low": low, "high": high, "choices": choices, "main": main}
    return field(default=default, metadata=metadata | {"shown_under": shown_under})


def params_of(kind: type[Declared] | Declared) -> tuple[Param, ...]:
    """The parameters of a kind in the order of its declaration."""
    return tuple(Param(f.name, f.default, **f.metadata) for f in fields(kind))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Card:
    """What a reader wants to know of a method beside its parameters: shown on its page, in whole sentences.

    `formula` is LaTeX without dollar signs; `paper` names authors, year and place. `dialects` say who uses which form,
    `traps` what goes wrong with it and how one sees that.
    """

    formula: str = ""
    paper: str = ""
    dialects: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declared:
    """Base of every family member: parameters in, checked when made; no other state."""

    name: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    card: ClassVar[Card] = Card()

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", cls.__name__).lower()
        cls.summary = (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")

    def __post_init__(self) -> None:
        for declared in params_of(self):
            value = getattr(self, declared.name)
            declared.check(self.name, value)
            if isinstance(declared.default, float):  # 1 and 1.0 are one configuration, and so are -0.0 and 0.0
                object.__setattr__(self, declared.name, float(value) + 0.0)

    def described(self) -> Described:
        """The plain dictionary that `build` reads back: kind and every parameter."""
        return {"kind": self.name} | {declared.name: getattr(self, declared.name) for declared in params_of(self)}

    @classmethod
    def made_from(cls, values: Mapping[str, Any]) -> Self:
        """The object with these values; ValueError for a parameter that it does not have."""
        known = {declared.name for declared in params_of(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            allowed = ", ".join(sorted(known)) or "no parameters"
            raise ValueError(f"{cls.name} must be given its own parameters, got {unknown[0]!r}. It has {allowed}.")
        return cls(**values)


Kind = TypeVar("Kind", bound=Declared)


def table(*kinds: type[Kind]) -> dict[str, type[Kind]]:
    """The members of one family by name, in the order of the menus."""
    named = {kind.name: kind for kind in kinds}
    assert len(named) == len(kinds), "two members of one family share a name"
    return named


def kind_named(family: str, kinds: Mapping[str, type[Kind]], name: str) -> type[Kind]:
    """The member of a family by its name; ValueError with all names for another."""
    if name not in kinds:
        raise ValueError(f"{family} must be one of {', '.join(kinds)}, got {name!r}. Choose one of these names.")
    return kinds[name]


def build(family: str, kinds: Mapping[str, type[Kind]], described: Mapping[str, Any]) -> Kind:
    """The object that `described()` wrote down."""
    values = dict(described)
    return kind_named(family, kinds, values.pop("kind", "")).made_from(values)
