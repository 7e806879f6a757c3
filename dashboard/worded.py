"""Results that Streamlit keeps, in the languages of those who read them.

What holds words is kept once for each language: else one reader would be shown the words of another. And what is said
while a reader waits is of that reader's language, though the result is the same for all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from dashboard.wording import language, say

P = ParamSpec("P")
R = TypeVar("R")


class Worded(Generic[P, R]):
    """A function whose results are kept by its arguments and by the language that they were made in."""

    def __init__(self, make: Callable[P, R], keep: Callable[[Callable[..., R]], Any]) -> None:
        def in_language(language: str, *arguments: P.args, **named: P.kwargs) -> R:
            return make(*arguments, **named)

        # Streamlit tells functions apart by their names and source, and leaves out arguments by what they are called.
        update_wrapper(in_language, make)
        first, own = inspect.Parameter("language", inspect.Parameter.POSITIONAL_ONLY), inspect.signature(make)
        setattr(in_language, "__signature__", own.replace(parameters=[first, *own.parameters.values()]))  # noqa: B010
        self.kept = keep(in_language)
        update_wrapper(self, make)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """What is kept of these arguments in the reader's language, or is made now."""
        return self.kept(language(), *arguments, **named)

    def clear(self) -> None:
        """Keep nothing any more, in no language."""
        self.kept.clear()


class Awaited(Generic[P, R]):
    """A function whose results are kept by its arguments alone, and which says meanwhile what is being done."""

    def __init__(self, make: Callable[P, R], keep: Callable[..., Callable[[Callable[P, R]], Any]], key: str) -> None:
        self.make, self.keep, self.key = make, keep, key
        self.kept: dict[str, Any] = {}  # by language; Streamlit keeps one result for all, as of one function
        update_wrapper(self, make)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """What is kept of these arguments, or is made now."""
        spoken = language()
        if spoken not in self.kept:
            self.kept[spoken] = self.keep(show_spinner=say(self.key))(self.make)
        return self.kept[spoken](*arguments, **named)


def worded(keep: Callable[[Callable[..., Any]], Any]) -> Callable[[Callable[P, R]], Worded[P, R]]:
    """Decorates a function whose result holds words, with what keeps results and its options, as of Streamlit."""

    def decorate(make: Callable[P, R]) -> Worded[P, R]:
        return Worded(make, keep)

    return decorate


def awaited(key: str, keep: Callable[..., Any]) -> Callable[[Callable[P, R]], Awaited[P, R]]:
    """Decorates a function whose result holds no words, with a sentence of the catalogue for whoever waits for it:
    `@awaited("pairs.looking.near", partial(KEEP, max_entries=32))`."""

    def decorate(make: Callable[P, R]) -> Awaited[P, R]:
        return Awaited(make, keep, key)

    return decorate
