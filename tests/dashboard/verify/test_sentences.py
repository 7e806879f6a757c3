"""What the Verify page says of an outcome, from counts, rates and ends that a reader can work out again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.records.snapshot_record import SnapshotRecord
from core.statistics.roc import Curve, verdict_of
from core.thresholds.outcome import Outcome, Rate
from core.verification.goals import Eer, Far, Frr, Hand
from core.verification.goals.base import Goal
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.weighted_curve import IDENTITIES
from dashboard.verify import sentences
from dashboard.verify.chosen import Chosen
from dashboard.verify.sentences import facts, in_words, intervals_table, limits_in_words, provenance, retrieval

NUMBERS = SnapshotRecord(step=0, epoch=0.0, seconds=0.0, map="none", points=9, classes=5, eer=0.0212, auc=0.98)
NO_BREAK = "\u00a0"

# Accepted at three thresholds. The first pairs lie at 0.5 and the last ones at 0.9: four decimals tell 0.4 apart.
CURVE = Curve(np.array([0.1, 0.5, 0.9]), np.array([0, 20, 1000]), np.array([0, 190, 200]), 1000, 200)


def evidence(identities: int = 40) -> Evidence:
    """Where no error would be seen worth 300 impostor and 120 genuine pairs; three quarters have a genuine pair."""
    worth = np.array([300.0, 280.0, 250.0]), np.array([100.0, 110.0, 120.0])
    return Evidence(CURVE, *worth, identities, 3 * identities // 4, linear=1.0)


def outcome_of(protocol: str = OTHERS, *, identities: int = 40, **changes: Any) -> Outcome:
    """20 of 1,000 impostor pairs let in, 10 of 200 genuine ones refused; nothing else is known."""
    outcome = Outcome(
        goal=Far(0.02),
        protocol=protocol,
        threshold=0.5,
        elsewhere=0.7,
        threshold_interval=None,
        bound=(0.0, 0.0),
        reported=evidence(identities),
        verdict=verdict_of(0.5, true_accepts=190, false_accepts=20, true_rejects=980, false_rejects=10),
        false_accept=Rate(0.02, 0.01, 0.04),
        false_reject=Rate(0.05, 0.025, 0.1),
        accuracy=0.975,
    )
    return replace(outcome, **changes)


def over_folds(*thresholds: float, **changes: Any) -> Outcome:
    folds = tuple(verdict_of(threshold, 9, 1, 9, 1) for threshold in thresholds)
    return outcome_of(FOLDS, folds=folds, **({"accuracy_error": 0.005} | changes))


@pytest.mark.parametrize(
    ("is_of_pairs", "rows", "count", "said"),
    [
        (True, [0], 9, ""),
        (False, [0, 1, 2, 3], 4, ""),
        (False, [0, 1, 3], 12_345, "Looked for in 3 of the 12,345 points that report, of 2 identities."),
    ],
    ids=["pairs without points", "all points", "a share of the points"],
)
def test_a_share_of_the_points_is_named_where_not_all_were_gone_through(
    is_of_pairs: bool, rows: list[int], count: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences.runs, "is_of_pairs", lambda name: is_of_pairs)
    monkeypatch.setattr(sentences.runs, "labels", lambda name: np.array([7, 7, 8, 9]))
    monkeypatch.setattr(sentences, "reporting_rows", lambda name, protocol: (np.array(rows), count))
    assert sentences.share_in_words(Chosen("run", 0, outcome_of(), cast(Any, {}), "light")) == said


def test_the_facts_name_rates_of_the_snapshot_and_the_pairs_that_report() -> None:
    first, second = facts(outcome_of(identities=1234), NUMBERS, "uploaded").split("  \n")
    assert first == "EER **2.12 %** · AUC **0.9800** · uploaded"
    assert second == "1,234 identities, 200 genuine and 1,000 impostor pairs"
    assert facts(outcome_of(identities=0), NUMBERS, "").endswith(
        "Unnamed identities, 200 genuine and 1,000 impostor pairs"
    )


def test_what_numbers_of_large_sets_may_be_off_stands_beside_them() -> None:
    numbers = replace(NUMBERS, eer_error=0.00004, auc_error=3e-8)
    assert "AUC **0.9800** (off by at most 0.004 % and 3e-08) · uploaded" in facts(outcome_of(), numbers, "uploaded")


def test_queries_and_gallery_are_named_where_points_have_roles() -> None:
    assert retrieval(replace(NUMBERS, recall_at_1=0.9, map_at_r=0.5)) == ""
    ranks = {"recall_at_1": 0.93751, "map_at_r": 0.5, "mean_average_precision": 0.66666}
    assert retrieval(replace(NUMBERS, queries=3368, gallery=15_913, **ranks)) == (
        ":material/search: Recall@1 **0.9375**, MAP@R **0.5000**, mAP **0.6667** of 3,368 queries in a gallery of "
        "15,913."
    )


@pytest.mark.parametrize(
    ("protocol", "whose"),
    [
        (OTHERS, "One half of the identities chose the threshold, the other half reports."),
        (FOLDS, "All identities chose the threshold; its rates are those of folds that others chose for."),
        (SAME, "The threshold is chosen and reported on the same pairs, which flatters."),
    ],
)
def test_the_origin_of_pairs_and_threshold_is_named(protocol: str, whose: str) -> None:
    assert provenance(outcome_of(protocol), "as scored in 2019") == f"as scored in 2019: as scored in 2019. {whose}"


def test_a_threshold_by_hand_was_chosen_by_nobody() -> None:
    said = provenance(outcome_of(OTHERS, goal=Hand()), "as uploaded")
    assert said.endswith("The threshold is given by hand; one half of the identities reports.")


@pytest.mark.parametrize(
    ("data_protocol", "origin"),
    [
        ("as uploaded", "embeddings that you brought"),
        ("pairs as scored", "scores that you brought"),
        ("pairs as listed", "a list of pairs that you brought"),
        ("queries against a gallery", "embeddings that you brought, by the roles of their points"),
        ("closed-set, by sample", "new images of classes known from training"),
        ("open-set, by identity", "images of classes never seen in training"),
    ],
)
def test_every_origin_of_pairs_is_explained(data_protocol: str, origin: str) -> None:
    assert provenance(outcome_of(SAME), data_protocol).startswith(f"{data_protocol}: {origin}. The threshold is chosen")


# Wilson's interval reaches z = 1.96 standard errors. Of n pairs without an error it ends at z^2 / (n + z^2), which is
# 3.8415 / 1003.8415 = 0.383 % of 1,000; of n pairs half of which are wrong at 50 % +- z / 2 / sqrt(n + z^2), which is
# 1.96 / 2 / sqrt(103.84) = 9.62 % of 100.
NONE_OF_1000_AND_50_OF_100 = verdict_of(0.5, true_accepts=50, false_accepts=0, true_rejects=1000, false_rejects=50)
INDEPENDENT = "| all pairs independent: too narrow | 0 to 0.383 % | 40.4 to 59.6 % |"
ENDS = {"false_accept": Rate(0.0, 0.0, 0.012), "false_reject": Rate(0.5, 0.31, 0.69)}
REPLICATES = ((0.0, 0.014), (0.3, 0.7))


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({}, ["| pairs of an identity err together | **0 to 1.2 %** | **31 to 69 %** |", INDEPENDENT]),
        (
            {"bootstrap_intervals": REPLICATES},
            [
                "| pairs of an identity err together | **0 to 1.2 %** | **31 to 69 %** |",
                "| bootstrap, no narrower | 0 to 1.4 % | 30 to 70 % |",
                INDEPENDENT,
            ],
        ),
        ({"weights": IDENTITIES}, ["| identities count alike | **0 to 1.2 %** | **31 to 69 %** |"]),
        ({"identities": 0}, [INDEPENDENT]),
        (
            {"false_accept": Rate(2e-6, 1e-6, 1.2345e-5), "weights": IDENTITIES},
            ["| identities count alike | **0.0001 to 0.00123 %** | **31 to 69 %** |"],
        ),
    ],
    ids=["by pair", "with replicates", "by identity", "of nobody", "small rates without powers of ten"],
)
def test_the_table_has_a_row_for_whatever_is_taken_into_account(changes: dict[str, Any], rows: list[str]) -> None:
    table = intervals_table(outcome_of(**({"verdict": NONE_OF_1000_AND_50_OF_100} | ENDS | changes)))
    head, line, *said = table.split("\n")
    assert (head, line) == ("| 95 % intervals | FAR: impostors let in | FRR: genuine refused |", "|:--|:--|:--|")
    assert said == [row.replace(" to ", f"{NO_BREAK}to{NO_BREAK}").replace(" %", f"{NO_BREAK}%") for row in rows]


def test_folds_have_no_table_since_their_means_have_intervals_of_their_own() -> None:
    assert intervals_table(over_folds(0.4, 0.6)) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"weights": IDENTITIES}, "Identities counted alike: FAR **2 %**, FRR **5 %**; counts are of pairs."),
        (
            {"accepts_nobody": True},
            "**Accept nobody:** no threshold that accepts any of these pairs serves the goal (TAR 0).",
        ),
        (
            {"identities": 0},
            "The intervals take all pairs for independent, because nobody said whose they are.",
        ),
        (
            {"threshold_interval": (0.4, 0.65)},
            "With other identities the threshold might have been 0.4000 to 0.6500.",
        ),
        ({"bound": (0.001, 0.0)}, "The best threshold of all may differ by FAR 0.1 % and FRR 0 % at most."),
        ({"bound": (0.0, 0.025)}, "The best threshold of all may differ by FAR 0 % and FRR 2.5 % at most."),
    ],
    ids=["nothing", "by identity", "accept nobody", "of nobody", "interval", "bound of FAR", "bound of FRR"],
)
def test_a_sentence_stands_for_each_doubt_that_there_is(changes: dict[str, Any], said: str) -> None:
    assert in_words(outcome_of(**changes)) == said


def test_all_doubts_are_told_in_one_order() -> None:
    doubts = {"accepts_nobody": True, "threshold_interval": (0.4, 0.65), "bound": (0.001, 0.002), "identities": 0}
    order = [
        "**Accept nobody:**",
        "The intervals take all pairs for independent",
        "With other identities the threshold might have been",
        "The best threshold of all may differ",
    ]
    said = in_words(outcome_of(**doubts))
    assert [said.count(words) for words in order] == [1] * 4
    assert sorted(order, key=said.index) == order and ". With" in said


# 0.4, 0.5 and 0.6 have the standard deviation 0.1, and so their mean the standard error 0.1 / sqrt(3) = 0.0577.
OVER_FOLDS = "Means over 3 folds: FAR **2 %** (1 % to 4 %), FRR **5 %** (2.5 % to 10 %), accuracy **97.5"


def test_over_folds_every_number_is_a_mean_with_what_it_may_be_off() -> None:
    rest = "thresholds 0.5000 ± 0.0577."
    assert in_words(over_folds(0.4, 0.6, 0.5)) == f"{OVER_FOLDS} ± 0.5 %**, {rest}"
    assert in_words(over_folds(0.4, 0.6, 0.5, accuracy_error=None)) == f"{OVER_FOLDS} %**, {rest}"
    assert in_words(over_folds(0.4, 0.6, 0.5, identities=0)) == f"{OVER_FOLDS} ± 0.5 %**, {rest}"


def test_similarities_have_their_sign_again_and_the_smaller_end_first() -> None:
    might = "With other identities the threshold might have been"
    outcome = outcome_of(threshold=-0.5, threshold_interval=(-0.65, -0.4))
    assert in_words(outcome) == f"{might} -0.6500 to -0.4000."
    assert in_words(outcome, is_similarity=True) == f"{might} 0.4000 to 0.6500."
    outcome = outcome_of(threshold_interval=(-0.3, 0.0))
    assert in_words(outcome, is_similarity=True) == f"{might} 0.0000 to 0.3000."
    assert "thresholds -0.5000 ± 0.0577." in in_words(over_folds(-0.4, -0.6, -0.5))
    assert "thresholds 0.5000 ± 0.0577." in in_words(over_folds(-0.4, -0.6, -0.5), is_similarity=True)
    assert "thresholds 0.0000 ± 0.0000." in in_words(over_folds(0.0, 0.0), is_similarity=True)


@pytest.mark.parametrize(
    ("goal", "rest"),
    [
        (Far(0.02), ""),
        (Far(0.01), ""),
        (Frr(0.05), ""),
        (Eer(), ""),
        # Ten times fewer errors than 1 % take ten times as many identities where the variance falls with their number.
        (Far(0.001), " This goal takes about 400 such identities."),
        # 0.1 % are 25 times fewer than 2.5 %; of the 40 identities 30 have genuine pairs.
        (Frr(0.001), " This goal takes about 750 such identities."),
        (Far(0.00001), " This goal takes about 40,000 such identities."),
    ],
)
def test_the_smallest_rates_that_pairs_can_show_come_from_the_rule_of_three(goal: Goal, rest: str) -> None:
    """3 of 300 impostor pairs are 1 %, 3 of 120 genuine pairs 2.5 %."""
    can = "40 identities can show at best FAR 1 % and FRR 2.5 %."
    said = limits_in_words(outcome_of(goal=goal))
    assert said == (f":material/warning: {can}{rest}" if rest else can)


def test_pairs_of_nobody_can_show_less_than_it_seems() -> None:
    assert limits_in_words(outcome_of(identities=0, goal=Far(0.001))) == (
        ":material/warning: Were they independent, these pairs could show at best FAR 1 % and FRR 2.5 %. Name the two "
        "identities of each pair in columns first and second for honest intervals."
    )


def test_fewer_than_three_pairs_can_show_nothing() -> None:
    few = replace(evidence(), effective_negatives=np.full(3, 2.0), effective_positives=np.full(3, 2.0))
    said = limits_in_words(outcome_of(reported=few, goal=Eer()))
    assert said == "40 identities can show at best FAR 100 % and FRR 100 %."
