"""A comparison as one page of HTML that needs nothing else: figures, tables, how it was made, and the command that
makes it again. Light or dark as the reader's system is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from core.comparison.differences import OTHER, Comparison
from core.comparison.reached import NUMBERS
from core.comparison.results import Results
from core.evidence.seeded_differences import BETTER, OPEN, SeededDifference
from core.handover.colours import INK, MUTED, NEGATIVE, PAPER, POSITIVE, STRATEGIES
from core.handover.comparison_figures import FIGURES, drawn
from core.records.main_numbers import MAP_AT_R

MOST_SAID = 6  # differences in words
NAMED = {"ink": INK, "muted": MUTED, "paper": PAPER, "better": POSITIVE, "worse": NEGATIVE}
COLOURS = {
    light.lower(): (name, dark)
    for name, light, dark in (
        *((name, of["light"], of["dark"]) for name, of in NAMED.items()),
        *((f"series-{place}", light, STRATEGIES["dark"][place]) for place, light in enumerate(STRATEGIES["light"])),
    )
}
"""Of a figure on a light ground: what each is called, and which it is on a dark one."""
ALTS = {
    "matrix": "Every two strategies beside each other in MAP@R: the one of the row minus that of the column",
    "levels": "What each strategy reaches in each number, with its interval",
    "curves": "MAP@R of held-out samples over the updates, for each strategy",
}
STYLE = """
:root { color-scheme: light dark; LIGHT }
@media (prefers-color-scheme: dark) { :root { DARK } }
@media print { :root { color-scheme: light; LIGHT } }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; }
.small { font-size: .85rem; }
td .small { font-size: .75rem; }
.said { border-left: 4px solid var(--better); padding-left: .8rem; margin: 1rem 0; }
figure { margin: 0; }
.wide { overflow-x: auto; }
svg { display: block; height: auto; }
svg text { font-family: system-ui, sans-serif !important; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--muted); vertical-align: top; }
td { overflow-wrap: normal; }
.numbers td { white-space: nowrap; }
.numbers tbody th { min-width: 7rem; font-weight: normal; }
.facts th { font-weight: normal; min-width: 8rem; }
.better, .worse, .different { font-weight: bold; }
.better { color: var(--better); }
.worse { color: var(--worse); }
pre { white-space: pre-wrap; border: 1px solid var(--muted); border-radius: 6px; padding: .6rem .8rem; }
pre { font-size: .85rem; }
summary { cursor: pointer; padding: .2rem 0; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report(results: Results) -> str:
    """The page, all in one file; nothing in it is loaded from elsewhere."""
    title = escape(results.title)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title><style>{_style()}</style></head><body>
<h1>{title}</h1>
<p class="small">{_made(results)}</p>
<div class="said">{"".join(f"<p>{line}</p>" for line in _said(results))}</div>
{_figure("matrix", results)}
<h2>How each got there</h2>
{_figure("curves", results)}
<h2>What each reaches</h2>
{_figure("levels", results)}
{_levels(results)}
<h2>All differences</h2>
<p class="small">The first strategy minus the second. Intervals {results.over_differences}. Those of one number hold
all together in 95 % of comparisons. A difference whose interval holds 0 is called not distinguishable.</p>
{_differences(results)}
<h2>How it was made</h2>
{_facts(results)}
{_command(results)}
</body></html>
"""


def _made(results: Results) -> str:
    """The day, how many strategies and seeds, and with which budget."""
    seeds = "1 seed" if len(results.seeds) == 1 else f"{len(results.seeds)} seeds"
    budget = results.facts.get("Budget", "")
    told = [results.created[:10], f"{len(results.strategies)} strategies", f"from {seeds}", budget]
    return escape(", ".join(filter(None, told)))


def _said(results: Results) -> list[str]:
    """The clear differences in MAP@R, the largest first, or that there is none."""
    title = NUMBERS[MAP_AT_R.key].title
    if len(results.seeds) == 1:
        return [f"From one seed nobody knows what another would give: no strategy is called better by {title}."]
    pairs = results.differences[MAP_AT_R.key]
    clear = sorted((one for one in pairs if one.verdict != OPEN), key=lambda one: -abs(one.difference.value))
    if not clear:
        return [f"<strong>No two strategies can be told apart</strong> by {title}."]
    lines = [_is_better(one) for one in clear[:MOST_SAID]]
    left = len(clear) - MOST_SAID
    lines += [f"And {left} more pair{'s' if left > 1 else ''}."] if left > 0 else []
    open_pairs = len(pairs) - len(clear)
    return lines + ([f"Not distinguishable: {open_pairs} of {len(pairs)} pairs."] if open_pairs else [])


def _is_better(one: Comparison) -> str:
    first, second = (one.first, one.second) if one.verdict == BETTER else (one.second, one.first)
    difference = abs(one.difference.value)
    title = NUMBERS[MAP_AT_R.key].title
    better, worse = (f"<strong>{escape(name)}</strong>" for name in (first, second))
    return f"{better} is better than {worse}, by {difference:.3f} in {title}."


def _figure(name: str, results: Results) -> str:
    return f'<figure class="wide">{inline_svg(name, drawn(FIGURES[name], results, "svg").decode())}</figure>'


def inline_svg(name: str, svg: str) -> str:
    """An SVG of matplotlib as a part of a page: colours by name, so that the dark theme has its own; ids that no other
    figure has; never smaller than it can be read."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\1{name}-", svg)
    for light, (colour, _) in COLOURS.items():
        svg = re.sub(rf"{light}\b", f"var(--{colour})", svg)
    width = float(re.search(r'width="([\d.]+)pt"', svg)[1])  # type: ignore[index]
    shown = f"width: 100%; max-width: {width * 4 / 3:.0f}px; min-width: {width:.0f}px"
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(ALTS[name])}" style="{shown}"', 1).strip()


def _levels(results: Results) -> str:
    heads = ["Strategy", *(number.title for number in NUMBERS.values())]
    rows = [
        [escape(name), *(_spelled(of[key], apart="<br>") for key in NUMBERS)] for name, of in results.levels.items()
    ]
    return _table(heads, rows)


def _differences(results: Results) -> str:
    """A table for each number, that of MAP@R open."""
    parts = []
    for key, pairs in results.differences.items():
        rows = [
            [escape(f"{one.first} − {one.second}"), _spelled(one.difference, "+"), _verdict(one.verdict)]
            for one in pairs
        ]
        shown = " open" if key == MAP_AT_R.key else ""
        table = _table(["Strategies", "Difference", "The first is"], rows)
        parts.append(f"<details{shown}><summary>{escape(NUMBERS[key].title)}</summary>{table}</details>")
    return "".join(parts)


def _verdict(verdict: str) -> str:
    looks = verdict if verdict in (BETTER, OTHER, "worse") else ""
    return f'<span class="{looks}">{escape(verdict)}</span>' if looks else escape(verdict)


def _spelled(of: SeededDifference, sign: str = "", apart: str = "") -> str:
    """With its ends below it, or behind it in brackets."""
    ends = f"{of.low:{sign}z.3f} to {of.high:{sign}z.3f}" if abs(of.low) < float("inf") else "no interval"
    shown = ends if apart else f" ({ends})"
    return f'{of.value:{sign}z.3f}{apart}<span class="small">{shown}</span>'


def _facts(results: Results) -> str:
    facts = dict(results.facts)
    for strategy, chosen in results.tuned.items():
        told = ", ".join(f"{name.replace('_', ' ')} {value}" for of in chosen.values() for name, value in of.items())
        facts[f"Tuned: {strategy}"] = told
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts.items())
    return f'<table class="facts">{rows}</table>'


def _command(results: Results) -> str:
    if not results.command:
        return ""
    about = "This command makes it again, on any machine that has Metric Lab and the data:"
    return f"<p>{about}</p><pre>{escape(results.command)}</pre>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML already, heads are not."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr><th>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in rows)
    return f'<div class="wide"><table class="numbers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _style() -> str:
    light = " ".join(f"--{name}: {colour};" for colour, (name, _) in COLOURS.items())
    dark = " ".join(f"--{name}: {colour};" for name, colour in COLOURS.values())
    return STYLE.replace("LIGHT", light).replace("DARK", dark)
