"""Every small change that can be made to a file: a sign, a term left out, an index moved, a bound, an end."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SWAPPED_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
SWAPPED_BOUNDS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
SWAPPED_NAMES = {
    "minimum": "maximum",
    "maximum": "minimum",
    "min": "max",
    "max": "min",
    "argmin": "argmax",
    "argmax": "argmin",
    "fmin": "fmax",
    "fmax": "fmin",
    "logaddexp": "add",
    "left": "right",
    "right": "left",
    "amin": "amax",
    "amax": "amin",
}


@dataclass(frozen=True)
class Change:
    """`number` counts the changes of a file, in the order of its lines; `was` is the line as it stands, `part` what of
    it changes."""

    file: str
    number: int
    kind: str
    line: int
    was: str
    part: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind} in `{self.part}` of `{self.was.strip()}`"


def changes_of(path: Path, root: Path) -> list[Change]:
    """All changes that `changed` can make to a file."""
    source = path.read_text()
    lines = source.splitlines()
    found = [(node, line, kind) for node, line, kind, _ in _sites(ast.parse(source))]
    name = path.relative_to(root).as_posix()
    return [
        Change(name, number, kind, line, lines[line - 1], ast.unparse(node))
        for number, (node, line, kind) in enumerate(found)
    ]


def changed(source: str, change: Change) -> ast.Module:
    """The source with one change."""
    tree = ast.parse(source)
    for number, (*_, make) in enumerate(_sites(tree)):
        if number == change.number:
            make()
            return ast.fix_missing_locations(tree)
    raise ValueError(f"the change must be one of the file, got {change}. Make the list anew.")


def _sites(tree: ast.Module) -> Iterator[tuple[ast.AST, int, str, Callable[[], None]]]:
    """What each change is in, its line and its kind, and what makes it."""
    for node in _formulas(tree):
        if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED_OPERATORS and not _is_text(node):
            yield (
                node,
                node.lineno,
                "another sign",
                lambda node=node: _set(node, "op", SWAPPED_OPERATORS[type(node.op)]()),
            )
            if isinstance(node.op, (ast.Add, ast.Sub)):
                yield node, node.lineno, "a term left out", lambda node=node: _become(node, node.left)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield node, node.lineno, "no minus", lambda node=node: _become(node, node.operand)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
            yield node, node.lineno, "no not", lambda node=node: _become(node, node.operand)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPPED_BOUNDS:
            yield (
                node,
                node.lineno,
                "another bound",
                lambda node=node: _set(node, "ops", [SWAPPED_BOUNDS[type(node.ops[0])]()]),
            )
        elif isinstance(node, ast.Attribute) and node.attr in SWAPPED_NAMES:
            yield node, node.lineno, "the other end", lambda node=node: _set(node, "attr", SWAPPED_NAMES[node.attr])
        elif isinstance(node, ast.Constant) and node.value in SWAPPED_NAMES and node.value in ("left", "right"):
            yield node, node.lineno, "the other side", lambda node=node: _set(node, "value", SWAPPED_NAMES[node.value])
        elif isinstance(node, ast.Subscript) and _is_number(node.slice):
            yield node, node.lineno, "an index moved", lambda node=node: _set(node.slice, "value", node.slice.value + 1)
        elif isinstance(node, ast.Slice) and _is_number(node.lower):
            yield (
                node,
                node.lower.lineno,
                "an index moved",
                lambda node=node: _set(node.lower, "value", node.lower.value + 1),
            )


def _formulas(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions of functions, in the order of their lines, but those of errors, annotations and defaults."""
    found: list[ast.expr] = []

    def look(node: ast.AST, is_inside: bool) -> None:
        if isinstance(node, (ast.Raise, ast.Assert, ast.JoinedStr, ast.AnnAssign)) and not isinstance(node, ast.expr):
            if isinstance(node, ast.AnnAssign) and is_inside and node.value is not None:
                look(node.value, is_inside)
            return
        if isinstance(node, ast.JoinedStr):
            return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for statement in node.body:
                look(statement, True)
            return
        if isinstance(node, ast.If) and any(isinstance(one, ast.Raise) for one in node.body) and not node.orelse:
            return  # what is refused has tests of its own
        if is_inside and isinstance(node, ast.expr):
            found.append(node)
        for child in ast.iter_child_nodes(node):
            look(child, is_inside)

    look(tree, False)
    yield from sorted(found, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))


def _is_number(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _is_text(node: ast.BinOp) -> bool:
    sides = [side for side in ast.walk(node) if isinstance(side, ast.Constant)]
    return any(isinstance(side.value, str) for side in sides) or any(
        isinstance(side, ast.JoinedStr) for side in ast.walk(node)
    )


def _set(node: ast.AST, name: str, value: object) -> None:
    setattr(node, name, value)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another one in its place."""
    kept = copy.copy(other)
    node.__class__ = kept.__class__  # type: ignore[assignment]
    node.__dict__.clear()
    node.__dict__.update(kept.__dict__)
