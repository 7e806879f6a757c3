"""A threshold on one page of paper: what to do, what it costs, how sure that is and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from core.handover.card import NEGATED
from core.handover.left_out import left_out_in_words
from core.handover.report_figures import histogram, roc
from core.handover.words import (
    distance_in_words,
    doubts_in_words,
    errors_in_words,
    goal_in_words,
    identities_in_words,
    in_own_terms,
    interval_in_words,
    percentages,
    promise_in_words,
    rule_in_words,
)
from core.records.kinds import AS_UPLOADED, BY_ROLE
from core.thresholds.outcome import Outcome
from core.verification.scored_pairs import REFUSED
from core.verification.weighted_curve import IDENTITIES

STYLE = """
@page { size: A4; margin: 13mm 14mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #000; color-scheme: light; font: 12.5px/1.45 system-ui, sans-serif; }
body { max-width: 182mm; margin: 0 auto; padding: 6mm 4mm; overflow-wrap: anywhere; }
h1 { font-size: 17px; line-height: 1.25; margin: 0; }
h2 { font-size: 13px; margin: 12px 0 2px; }
p { margin: 3px 0; }
.rule { border-left: 4px solid #000; padding-left: 10px; margin: 10px 0; font-size: 15px; }
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
figure { margin: 0; }
figcaption, .small { font-size: 11px; }
svg { width: 100%; display: block; }
svg text { font: 9.5px system-ui, sans-serif; fill: #000; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 2px 8px 2px 0; border-bottom: 1px solid #bbb; vertical-align: top; }
.facts th { width: 36mm; font-weight: normal; }
.too-narrow { color: #444; font-style: italic; }
td strong { white-space: nowrap; }
code { font: 10.5px ui-monospace, monospace; }
@media print {
  html { font-size: 12px; }
  body { max-width: none; padding: 0; }
  h2, figure, table { break-inside: avoid; }
}
@media (max-width: 600px) { .pictures { grid-template-columns: 1fr; } }
"""
FACTS = {
    "understood": "The file was read as",
    "failures": "Pairs that could not be compared",
    "run": "Run",
    "epoch": "Epoch",
    "step": "Step",
    "points": "Points",
    "classes": "Classes",
    "data_protocol": "Kind of data",
    "data_digest": "SHA-256 of the data",
    "model_digest": "SHA-256 of the model's checkpoint",
    "embeddings_digest": "SHA-256 of the embeddings",
    "scores_digest": "SHA-256 of the scores",
}


def report(card: Mapping[str, Any], outcome: Outcome, about: str = "") -> str:
    """The card of an outcome as an HTML page for an A4 sheet, all in one file, readable in black and white.

    `about` says what was compared; without it the card's file or run does.
    """
    about = escape(about or str(card.get("file") or card.get("run", "")))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Threshold for {about}</title><style>{STYLE}</style></head><body>
<h1>Threshold for {about}</h1>
<p>Chosen for {escape(goal_in_words(card["goal"]))}; {escape(card["protocol_in_words"])}. {escape(card["date"])}</p>
<p class="rule"><strong>{escape(rule_in_words(card))}.</strong> {errors_in_words(outcome)}{_interval(card)}</p>
<div class="pictures">
<figure>{histogram(outcome.reported.curve, card["threshold"], is_similarity=card["distance"] == NEGATED)}
<figcaption>Genuine pairs filled, impostor pairs hatched; the line is the threshold.</figcaption></figure>
<figure>{roc(outcome.reported, outcome.verdict)}
<figcaption>ROC with its 95 % band; the ring is the threshold. What lies left of the dotted line these pairs cannot
show.</figcaption></figure>
</div>
{_rates(card)}
<h2>What these data cannot support</h2>
<p>{_limits(card, outcome)}</p>
<h2>Where it comes from</h2>
{_facts(card)}
</body></html>
"""


def _interval(card: Mapping[str, Any]) -> str:
    if not card["threshold_interval"]:
        return ""
    return f" With other identities the threshold might have been {interval_in_words(card)}."


def _rates(card: Mapping[str, Any]) -> str:
    """The errors with both intervals, and the four counts."""
    rows: list[Iterable[str]] = []
    counts = {"false_accept": ("false_accepts", "negative_pairs"), "false_reject": ("false_rejects", "positive_pairs")}
    for kind, (wrong, total) in counts.items():
        naive = card["intervals_if_pairs_were_independent"][kind]
        shares = percentages([card[f"{kind}_rate"], *card[f"{kind}_interval"], *naive])
        rows.append(
            (
                kind.replace("_", " ").capitalize(),
                f"{card[wrong]:,} of {card[total]:,}",
                f"<strong>{shares[0]}</strong>",
                f"{shares[1]} to {shares[2]}",
                f'<span class="too-narrow">{shares[3]} to {shares[4]}: too narrow</span>',
            )
        )
    heads = ("", "pairs", "rate", "95 % interval", "were all pairs independent")
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    accuracy, even = percentages([card["accuracy"], card["equal_error_rate"]])
    if "accuracy_standard_error" in card:
        accuracy += f" with standard error {percentages([card['accuracy_standard_error']], 2)[0]}, over the folds"
    if card["weights"] == IDENTITIES:
        body += '<tr><td colspan="5">Rates and intervals weigh identities alike; counts are of pairs.</td></tr>'
    return (
        f"<h2>Errors</h2><table><tr>{head}</tr>{body}</table>"
        f'<p class="small">Rightly accepted {card["true_accepts"]:,}, rightly refused {card["true_rejects"]:,}; '
        f"accuracy {accuracy}. Equal error rate {even} and area under the curve {card['area_under_curve']:.4f}, of all "
        f"pairs."
        f"{_bootstrap(card)}{_folds(card)}</p>"
    )


def _bootstrap(card: Mapping[str, Any]) -> str:
    """What the other intervals of both rates are; how narrow, `Replicates` says."""
    if "bootstrap_intervals" not in card:
        return ""
    ends = card["bootstrap_intervals"]
    far, frr = (" to ".join(percentages(ends[kind])) for kind in ("false_accept", "false_reject"))
    return f" By bootstrap, and no narrower than these, the 95 % intervals are {far} and {frr}."


def _folds(card: Mapping[str, Any]) -> str:
    """From where to where the folds go; the rates above are their means."""
    folds = card.get("folds")
    if not folds:
        return ""
    low, high = (pick(in_own_terms({**card, "threshold": fold["threshold"]}) for fold in folds) for pick in (min, max))
    rates = [[fold[f"false_{kind}_rate"] for fold in folds] for kind in ("accept", "reject")]
    far, frr = (" to ".join(percentages([min(shares), max(shares)])) for shares in rates)
    return (
        f" The rates are means over {len(folds)} folds, whose thresholds go from {low:.5g} to {high:.5g}, false accept "
        f"rates from {far} and false reject rates from {frr}."
    )


def _limits(card: Mapping[str, Any], outcome: Outcome) -> str:
    """The smallest rates that could be shown, and how many identities the goal would take."""
    smallest, goal = outcome.reported.smallest_rates(), outcome.goal
    far, frr = percentages(smallest)
    sentences = (
        f"Were no error seen at all, pairs {identities_in_words(card)} could show a false accept rate of at best {far} "
        f"and a false reject rate of at best {frr}, by the rule of three."
    )
    if goal.side is not None and goal.limit < smallest[goal.side]:
        needed = outcome.reported.identities_for(goal)
        takes = f": it takes about {needed:,} such identities" if needed else ""
        sentences += f" <strong>The goal is smaller than that{takes}.</strong>"
    for more in (*doubts_in_words(card), promise_in_words(card)):
        sentences += f" {escape(more)}" if more else ""
    if not card["identities"]:
        sentences += (
            " Nobody said whose pairs they are, so all are taken for independent and every interval is too narrow."
        )
    return sentences


def _facts(card: Mapping[str, Any]) -> str:
    normalised = "embeddings scaled to unit length" if card["normalisation"] == "l2" else "compared as they are"
    facts = {
        "Threshold, all digits": f"<code>{in_own_terms(card)!r}</code>; to use elsewhere "
        f"<code>{in_own_terms(card, 'threshold_elsewhere')!r}</code>, half way to the next pair",
        "Distance": f"{escape(distance_in_words(card))}; {normalised}",
        "Pairs that report": f"{card['positive_pairs']:,} genuine and {card['negative_pairs']:,} impostor pairs "
        f"{identities_in_words(card)}",
    }
    if left_out := left_out_in_words(card):
        facts["Left out"] = f"{left_out}. The numbers of all rows are those of the file or run before."
    of_training = "taken_out" not in card and card.get("data_protocol") not in (AS_UPLOADED, BY_ROLE)
    told = [name for name in FACTS if name in card and (of_training or name not in ("epoch", "step"))]
    facts |= {FACTS[name]: _shown(name, card[name]) for name in told}
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts.items())
    return f'<table class="facts">{rows}</table>'


def _shown(name: str, value: str | float | Mapping[str, Any]) -> str:
    if isinstance(value, Mapping):
        return f"{value['count']:,}, {'counted as refused' if value['treated'] == REFUSED else 'left out'}"
    if isinstance(value, str):
        text = escape(value)
        return f"<code>{text}</code>" if name == "run" or "digest" in name else text
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
