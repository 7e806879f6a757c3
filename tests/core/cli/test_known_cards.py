"""Cards of small files whose right values were worked out by brute force or with scikit-learn, outside this project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main
from core.cli.verify import NOBODY, verify
from core.handover.report import report


def narrow(folder: Path) -> Path:
    """40 identities with six unit vectors each in a narrow cone, as encoders of text give them: distances lie in 0.1 %
    of what cosines can be."""
    generator = np.random.default_rng(7)
    centres = np.ones((40, 32)) + 0.03 * generator.normal(size=(40, 32))
    points = np.repeat(centres, 6, axis=0) + 0.012 * generator.normal(size=(240, 32))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    np.savez(folder / "narrow.npz", embeddings=points.astype(np.float32), labels=np.repeat(np.arange(40), 6))
    return folder / "narrow.npz"


def scores(folder: Path, rows: Sequence[tuple[int, float]], column: str = "distance") -> str:
    (folder / "scores.csv").write_text(f"is_same,{column}\n" + "".join(f"{same},{score!r}\n" for same, score in rows))
    return str(folder / "scores.csv")


@pytest.mark.parametrize("goal", ["eer", "accuracy", "youden"])
def test_narrow_embeddings_get_a_threshold_that_tells_them_apart(goal: str, tmp_path: Path) -> None:
    card = verify([str(narrow(tmp_path)), "--distance", "cosine", "--goal", goal, "--protocol", "same-pairs"])
    assert card["accuracy"] > 0.99 and 0 < card["threshold"] < 0.002
    assert card["false_accept_rate"] < 0.01 and card["false_reject_rate"] < 0.02
    low, high = card["threshold_interval"]
    assert low < card["threshold"] < high


def test_a_limit_on_narrow_embeddings_is_met(tmp_path: Path) -> None:
    words = [str(narrow(tmp_path)), "--distance", "cosine", "--target-far", "0.01", "--protocol", "same-pairs"]
    card = verify(words)
    assert 0.0095 < card["false_accept_rate"] <= 0.01 and card["false_reject_rate"] < 0.02
    assert card["threshold"] < card["threshold_elsewhere"] < card["threshold"] * 1.01


def test_by_hand_is_the_number_given(tmp_path: Path) -> None:
    """Genuine pairs at 0.10 and 0.30, impostors at 0.52 and 0.90: 0.5 lets none of these in."""
    card = verify([scores(tmp_path, [(1, 0.1), (1, 0.3), (0, 0.52), (0, 0.9)]), "--threshold", "0.5"])
    assert (card["threshold"], card["false_accepts"], card["accuracy"]) == (0.5, 0, 1.0)


def test_a_similarity_by_hand_is_accepted_from_there_up(tmp_path: Path) -> None:
    rows = [(1, 0.9), (1, 0.4), (1, 0.39), (0, 0.41), (0, 0.4), (0, 0.1)]
    card = verify([scores(tmp_path, rows, "similarity"), "--threshold", "0.40"])
    assert (card["threshold_as_scored"], card["false_accepts"], card["false_rejects"]) == (0.4, 2, 1)


def test_a_limit_that_nobody_meets_is_answered_in_the_scores_own_sign(tmp_path: Path) -> None:
    """Scores 9 9 5 5, one of either kind at each: the closest pair is an impostor, tied with a genuine one."""
    rows = [(1, 9.0), (0, 9.0), (1, 5.0), (0, 5.0)]
    card = verify([scores(tmp_path, rows, "similarity"), "--target-far", "0"])
    assert card["accepts_nobody"] and card["true_accepts"] == 0 and card["threshold_as_scored"] > 9
    assert (card["area_under_curve"], card["equal_error_rate"]) == (0.5, 0.5)


def test_refusing_everybody_is_among_the_candidates(tmp_path: Path) -> None:
    """The closest two of seven are impostors: 4 of 7 are right when nobody is accepted, and the cost is 0.01 x 1/2."""
    rows = [(0, 0.1), (0, 0.2), (1, 0.3), (0, 0.4), (1, 0.5), (0, 0.8), (1, 0.9)]
    card = verify([scores(tmp_path, rows), "--goal", "accuracy"])
    assert card["accepts_nobody"] and card["accuracy"] == 4 / 7


def test_scores_the_wrong_way_round_are_named_and_turned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generator = np.random.default_rng(6)
    rows = [(same, float(generator.normal(0.6 if same else 0.2, 0.1))) for same in (0, 1) for _ in range(100)]
    path = scores(tmp_path, rows)
    assert verify([path, "--goal", "eer"])["equal_error_rate"] > 0.9
    assert "look turned round" in (said := capsys.readouterr().err) and "--closer larger" in said
    assert verify([path, "--goal", "eer", "--closer", "larger"])["equal_error_rate"] < 0.1
    assert "turned round" not in capsys.readouterr().err


def dominated(folder: Path) -> str:
    """One identity with 200 samples and 100 with two, all equally hard."""
    labels = np.repeat(np.arange(101), [200] + [2] * 100)
    generator = np.random.default_rng(0)
    points = generator.normal(size=(101, 8))[labels] + 0.5 * generator.normal(size=(400, 8))
    np.savez(folder / "faces.npz", embeddings=points, labels=np.array([f"p{label:03d}" for label in labels]))
    return str(folder / "faces.npz")


def test_one_identity_that_makes_the_rates_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = dominated(tmp_path)
    card = verify([path])
    named = card["one_identity_has_most_pairs"]["genuine"]
    assert named["identity"] == "p000" and named["share"] > 0.99 and not card["intervals_are_vouched_for"]
    assert card["effective_identities"]["genuine"] < 1.1
    assert main(["verify", path]) == 0
    assert "are of one identity, p000: leave it out, cap it, or weigh identities alike" in capsys.readouterr().err


def test_rates_by_identity_have_a_name_and_an_option(tmp_path: Path) -> None:
    """FAR and FRR at a threshold t in closed form: d^2 / 2.5 and d^2 / 0.5 are chi-square with 8 degrees of freedom."""
    from scipy.stats import chi2

    card = verify([dominated(tmp_path), "--weights", "identities", "--threshold", "2", "--protocol", "same-pairs"])
    assert card["weights"] == "identities" and card["intervals_are_vouched_for"]
    (low, high), true_far = card["false_accept_interval"], chi2.cdf(4 / 2.5, 8)
    assert low < card["false_accept_rate"] < high and low < true_far < high
    low, high = card["false_reject_interval"]
    assert low < chi2.sf(4 / 0.5, 8) < high


def test_the_safe_side_keeps_further_away_from_the_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = narrow(tmp_path)
    words = [str(path), "--distance", "cosine", "--target-far", "0.05"]
    plain, safe = verify(words), verify([*words, "--safe-side"])
    assert safe["threshold"] < plain["threshold"] and safe["safe_side"]
    assert safe["promise_holds_with_probability"] > plain["promise_holds_with_probability"]
    assert main(["verify", *words[:-1], "1e-9", "--safe-side"]) == NOBODY
    assert "Only refusing everybody is on the safe side" in capsys.readouterr().err
    with pytest.raises(ValueError, match="the safe side must be that of a limit on FAR or FRR, got the goal eer"):
        verify([str(path), "--goal", "eer", "--safe-side"])


def test_ten_folds_tell_one_set_of_numbers(tmp_path: Path) -> None:
    """Counts are those of the folds, the accuracy is their mean with its standard error, on the card and on paper."""
    from core.evidence.appraisal import appraise
    from core.handover.card import source_of_file, threshold_card
    from core.thresholds.outcome import outcome
    from core.verification.goals import Accuracy
    from tests.core.reports import measured

    points, _, numbers = measured()
    labels = np.repeat(np.arange(40), 6)
    from core.statistics.summary import summarise

    grid = summarise(points, labels, margin=0.0).thresholds
    told = outcome(appraise(points, labels, grid, with_folds=True), Accuracy(), "ten-folds")
    from core.distances import EUCLIDEAN

    card = threshold_card(told, source=source_of_file("faces.npz", points, EUCLIDEAN, numbers), date="2026-01-31")
    folds = card["folds"]
    for name in ("true_accepts", "false_accepts", "true_rejects", "false_rejects"):
        assert card[name] == sum(fold[name] for fold in folds)
    rates = [fold["accuracy"] for fold in folds]
    assert card["accuracy"] == pytest.approx(np.mean(rates))
    assert card["accuracy_standard_error"] == pytest.approx(np.std(rates, ddof=1) / np.sqrt(10))
    paper = report(card, told)
    assert f"{card['false_accepts']:,} of {card['negative_pairs']:,}" in paper and "over the folds" in paper
    assert f"this lets in about {card['false_accepts']:,}" in paper or "this lets in" in paper
