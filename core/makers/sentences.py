"""Every sentence that core says, and that the pages raise, as a template with numbered places, out of the code.

`python -m core.makers.sentences` prints those that a catalogue of words lacks and those that it has in vain.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from html import unescape
from itertools import count
from pathlib import Path

from core.handover.page_language import INLINE
from core.makers.imports import python_files
from core.system.locations import ROOT

CATALOGUES = "dashboard/words/*/core.toml"
# Rooms and files of which nothing reaches a page.
SILENT = (
    "core/makers/",  # for those who make the program
    "core/cli/",
    "core/kernels/",
    "core/__main__.py",
    "core/engine/__main__.py",
    "core/engine/hosts.py",  # a scheduler that is started by hand
    "core/engine/process.py",  # the options of the engine
    "core/runs/exchange.py",  # what stops a worker at its start
    "core/system/installation.py",  # `make install`
    "core/jobs/warm_up.py",  # as the engine starts
    "core/jobs/usable_encoder.py",  # `python -m core embed`
    "core/readers/column_names.py",  # how columns are called in people's files
    "core/handover/decide",  # programs that are taken home
    "core/handover/snippet.py",
    "core/handover/model_card.py",  # files that are taken home, which other programs and people read
    "core/handover/comparison_tables.py",
    "core/handover/projector_files.py",
    "dashboard/entrance/ways_in.py",  # what the server is started with
    "dashboard/components/gestures.py",  # rules for whoever draws a figure
    "dashboard/components/live_figure.py",
)
WORDS = re.compile(r"[A-Za-z]{2,}[,:]? (?:[A-Za-z{(]|\d)|\} [a-z]{3,}|[a-z]{3,} \{")
HTML = re.compile(r"</?[a-z][a-z0-9]*[ >]")
TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(rf"<(?!/?(?:{INLINE})\b)[^>]*>")
NUMBERED_PLACE = re.compile(r"\{\d+\}")
NAMED_PLACE = re.compile(r"\{([a-z_]+(?::[^{}]*)?)\}")
# Queries, tags, addresses, formulas, programs and style sheets, and where a method was published.
TECHNICAL = re.compile(
    r"^\W*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|ALTER|DROP|WITH|BEGIN|WHERE|FROM|JOIN|CASE|EXISTS)\b|^\s*<|</"
    r"|[^.] (AND|IN|ORDER BY|LIMIT|COLUMN|WHEN|WHERE|INDEXED BY|UNION ALL|AS)\b|^NOT |(max|sum|iif|coalesce)\("
    r"|\b(SELECT|ORDER BY)\b|instr\(|^\(state |'':|:now\b|= :|https?://\S+$|\\[a-zA-Z]+|_\{|^ {4}"
    r"|^width: |\.\*|^outside [a-z]+ left$|^Tensorflow |^[a-z0-9_ ]* ?[a-z]+_[a-z0-9_ ]*$"
    r"|^\s*import |\n *(import|return|def|[a-z_]+ \{|[a-z.]+ \{)|^[A-Z][\w&\-., ]{3,90} (18|19|20)\d\d[a-z]?, "
)
# Rooms whose classes are described to readers by their docstrings.
FAMILIES = set("augmentations datasets distances encoders experiment losses miners samplers verification".split())
ALONE = {"Schedule"}  # the only member of its family
# What is said to a log, or by a command line about its options.
ELSEWHERE = {"debug", "info", "warning", "exception", "error", "add_argument", "ArgumentParser", "add_parser"}


def sentences() -> list[str]:
    """The templates of all that may be shown, each once, in the order of the files that say it first."""
    found = dict.fromkeys(
        template
        for package in ("core", "dashboard")
        for file in python_files(package)
        if not str(file.relative_to(ROOT)).startswith(SILENT)
        for template in of_file(file, errors_alone=package == "dashboard")
    )
    return list(found)


def of_file(file: Path, *, errors_alone: bool = False) -> list[str]:
    """The templates in a file, in its order; of `errors_alone` those that it raises."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    roots = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)] if errors_alone else [tree]
    is_described = file.parent.name in FAMILIES or file.parent.parent.name in FAMILIES
    written = (part for root in roots for whole in _in(root, is_described) for part in _of_page(whole))
    return [template for template in written if _is_shown(template)]


def _of_page(written: str) -> list[str]:
    """What stands between the tags of a part of a page, as core/handover/page_language.py takes it apart; another text
    as it is."""
    if not HTML.search(written):
        return [written]
    blocks = (TAG.sub("", block) for block in BLOCK.split(written))
    return [_renumbered(" ".join(unescape(block).split())) for block in blocks]


def _renumbered(written: str) -> str:
    """A part of a template with its places counted from 0."""
    found = count()
    return NUMBERED_PLACE.sub(lambda _: f"{{{next(found)}}}", written)


def template(node: ast.AST) -> str | None:
    """A text with {0}, {1} ... for what is filled in; None for what is no text."""
    parts = list(_parts(node))
    if not any(isinstance(part, str) for part in parts):
        return None
    if isinstance(node, ast.Constant):  # a text that is filled in later, by its `format`
        parts = [None if row % 2 else part for row, part in enumerate(NAMED_PLACE.split(str(node.value)))]
    number, written = 0, ""
    for part in parts:
        if isinstance(part, str):
            written += part
        else:
            written, number = f"{written}{{{number}}}", number + 1
    return written


def _parts(node: ast.AST) -> Iterator[str | None]:
    """The pieces of a text, None for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield str(value.value) if isinstance(value, ast.Constant) else None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield None


def _in(node: ast.AST, is_described: bool) -> Iterator[str]:
    """Texts in order; docstrings are what a class of a family is described by, elsewhere they are silent."""
    if isinstance(node, ast.Assert) or _is_told_elsewhere(node):
        return
    written = template(node) if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)) else None
    if written is not None:
        yield written
        fills = [part for part in ast.walk(node) if isinstance(part, ast.FormattedValue)]
        for fill in fills:
            yield from _in(fill.value, is_described)
        return
    if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
        documented = ast.get_docstring(node)
        if documented and isinstance(node, ast.ClassDef) and is_described and _is_member(node):
            yield " ".join(documented.split("\n\n")[0].split())
        body = node.body[1:] if documented is not None else node.body
        heads = [*node.args.defaults, *node.args.kw_defaults] if isinstance(node, ast.FunctionDef) else []
        for part in [*[head for head in heads if head is not None], *body]:
            yield from _in(part, is_described)
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    for part in ast.iter_child_nodes(node):
        yield from _in(part, is_described)


def _is_told_elsewhere(node: ast.AST) -> bool:
    """Or a list of names, which is written as one text that is split."""
    if not isinstance(node, ast.Call):
        return False
    called, _, method = ast.unparse(node.func).rpartition(".")
    return method in ELSEWHERE or (method == "split" and called.startswith(("'", '"')))


def _is_member(node: ast.ClassDef) -> bool:
    """Whether a class may be one of a family that readers choose from."""
    bases = {ast.unparse(base) for base in node.bases}
    return (
        bool(bases - {"Declared", "NamedTuple", "Protocol"} or node.name in ALONE)
        and not node.name.startswith("_")
        and any("dataclass" in ast.unparse(one) for one in node.decorator_list)
    )


def _is_shown(written: str) -> bool:
    return bool(WORDS.search(written)) and not TECHNICAL.search(written)


def listed(file: Path) -> dict[str, str]:
    """A catalogue's translation of each template."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    there = sentences()
    for catalogue in sorted(ROOT.glob(CATALOGUES)):
        known = listed(catalogue)
        sys.stdout.writelines(f"{catalogue.parent.name} lacks {one!r}\n" for one in there if one not in known)
        sys.stdout.writelines(
            f"{catalogue.parent.name} has in vain {one!r}\n" for one in known if one not in set(there)
        )
