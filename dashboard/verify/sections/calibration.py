"""How likely a pair is of the same class, how reliably that is told, and what one threshold for all costs."""

from __future__ import annotations

from math import isfinite

import numpy as np
import streamlit as st

from core.evidence.calibration import Calibrated, pair_counts, probability_at, reweighted
from core.evidence.calibration_fits import brier_score, log_loss, reliability
from core.handover.words import percentages
from core.thresholds.outcome import sides
from core.verification.protocols import OTHERS
from dashboard.components.live_figure import live_figure
from dashboard.figures.axes import axis_name
from dashboard.figures.calibration import LOOKS, probability_curves, reliability_picture
from dashboard.figures.maps import in_words
from dashboard.lookups import appraisals, runs, snapshot_arrays
from dashboard.settings import GENUINE_SHARE
from dashboard.url import Between
from dashboard.verify.chosen import Chosen
from dashboard.wording import say

TITLE = "sections.title.calibration"
LEAST, MOST = 0.01, 99.99  # percent of genuine pairs
PLATT, ISOTONIC = LOOKS


def show(chosen: Chosen) -> None:
    """Draw the probability of a pair by its distance, and say what the threshold costs."""
    appraisal = appraisals.appraisal(chosen.name, chosen.step, chosen.pairs)
    last = runs.run_of(chosen.name).snapshots()[-1]
    if appraisal.calibration is None:
        st.caption(_missing(chosen.step == last.step, in_words(last.epoch)))
        return
    number, sentence = st.columns([1, 4], vertical_alignment="bottom", gap="small")
    with number:
        asked = GENUINE_SHARE.value(50.0, Between(LEAST, MOST), say("verify.goal.outside", low=LEAST, high=MOST))
        percent = st.number_input(
            say("sections.calibration.share"),
            LEAST,
            MOST,
            step=1.0,
            format="%g",
            help=say("sections.calibration.share_help"),
            **GENUINE_SHARE.widget(asked),
        )
    probabilities = {
        name: reweighted(values, percent / 100)
        for name, values in ((PLATT, appraisal.calibration.platt), (ISOTONIC, appraisal.calibration.isotonic))
    }
    edges = snapshot_arrays.threshold_edges(chosen.name, chosen.step)
    sentence.markdown(_at_threshold(chosen, edges, probabilities))
    _draw(chosen, edges, probabilities, percent / 100)
    _table(chosen, probabilities, percent / 100)
    st.caption(_whose(chosen, halved=appraisal.choosing is not None))
    if gap := gap_in_words(appraisal.calibration):
        st.markdown(gap)


def gap_in_words(calibration: Calibrated) -> str:
    """Nothing where the AUCs are not known."""
    if calibration.local_auc is None or calibration.overall_auc is None:
        return ""
    local, overall = round(calibration.local_auc, 4), round(calibration.overall_auc, 4)
    key = "sections.calibration.gap.costs" if local > overall else "sections.calibration.gap.nothing"
    return say(key, local=local, overall=overall, gap=local - overall)


def _missing(is_last: bool, last: str) -> str:
    if is_last:
        return say("sections.calibration.older")
    return say("sections.calibration.elsewhere", last=last)


def _at_threshold(chosen: Chosen, edges: np.ndarray, probabilities: dict[str, np.ndarray]) -> str:
    threshold = chosen.outcome.threshold
    platt, isotonic = percentages([probability_at(edges, probabilities[name], threshold) for name in (PLATT, ISOTONIC)])
    return say(
        "sections.calibration.at_threshold",
        threshold=threshold,
        digits=chosen.outcome.decimals,
        platt=platt,
        isotonic=isotonic,
    )


def _draw(chosen: Chosen, edges: np.ndarray, probabilities: dict[str, np.ndarray], share: float) -> None:
    counts, theme = _counts(chosen), chosen.theme
    fits = {name: reliability(values, *counts, genuine_share=share) for name, values in probabilities.items()}
    middles, named = (edges[1:] + edges[:-1]) / 2, axis_name(runs.distance_of(chosen.name))
    figures = (
        (reliability_picture(fits, theme), "reliability"),
        (
            probability_curves(middles, probabilities, chosen.outcome.threshold, theme, named),
            "probability",
        ),
    )
    for column, (figure, key) in zip(st.columns(2, gap="small"), figures, strict=True):
        with column:
            alt = say(f"sections.calibration.{key}_alt")
            live_figure(figure, key=f"verify.{key}", height=230, alt=alt)


def _counts(chosen: Chosen) -> tuple[np.ndarray, np.ndarray]:
    """Positive and negative pairs that report, in the bins that both fits have a probability for."""
    appraisal = appraisals.appraisal(chosen.name, chosen.step, chosen.pairs)
    return pair_counts(sides(appraisal, chosen.outcome.protocol)[1].curve)


def _table(chosen: Chosen, probabilities: dict[str, np.ndarray], share: float) -> None:
    counts = _counts(chosen)
    judged = {
        say("sections.calibration.platt" if name == PLATT else "sections.calibration.isotonic"): (
            reliability(values, *counts, genuine_share=share).expected_calibration_error,
            brier_score(values, *counts, share),
            log_loss(values, *counts, share),
        )
        for name, values in probabilities.items()
    }
    rows = [say(f"sections.calibration.{measure}") for measure in ("error", "brier", "loss")]
    numbers = {
        name: [f"{value:.4f}" if isfinite(value) else "∞" for value in values] for name, values in judged.items()
    }
    st.dataframe({"": rows} | numbers, hide_index=True, height="content", row_height=27)
    if not all(isfinite(values[-1]) for values in judged.values()):
        st.caption(say("sections.calibration.unbounded"))


def _whose(chosen: Chosen, *, halved: bool) -> str:
    if chosen.outcome.protocol == OTHERS:
        return say("sections.calibration.fitted.others")
    return say("sections.calibration.fitted.half" if halved else "sections.calibration.fitted.same")
