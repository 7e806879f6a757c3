"""The model card: every number with its interval, and no name that becomes markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.handover.model_card import STRICT, model_card, plain
from core.verification.goals import Far
from tests.core.reports import of_embeddings
from tests.core.taken_home import trained_run


def test_the_card_tells_data_protocol_numbers_and_threshold() -> None:
    run = trained_run()
    record, numbers = run.record(), run.snapshots()[-1]
    card, _ = of_embeddings(Far(0.02))
    text = model_card(record, numbers, card=card, baselines=run.baselines())
    assert f"Run `{record.id}`" in text and f"`{record.known_data.digest}`" in text
    assert "closed-set, by sample" in text and f"{numbers.points:,} points of {numbers.classes:,} identities" in text
    row = f"| this one | {numbers.recall_at_1:.3f} | {numbers.map_at_r:.3f} | {numbers.auc:.3f} | {numbers.eer:.3f} |"
    assert row in text and "| raw pixels |" in text and "| PCA |" in text
    assert text.count("95 % interval") == 1 and "| false accept |" in text and "| false reject |" in text
    assert f"`{card['threshold_elsewhere']!r}`" in text and STRICT in text
    assert "measure again on pairs of your own" in text and "Use it" not in text


def test_without_a_threshold_it_says_so() -> None:
    run = trained_run()
    text = model_card(run.record(), run.snapshots()[-1], card=None, baselines={})
    assert "No threshold was chosen." in text and "range_search" not in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a|b", "a\\|b"),
        ("[x](http://y.z)", "\\[x\\](http\\://y.z)"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("a\n# b", "a \\# b"),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("semi-hard 1.5", "semi-hard 1.5"),
    ],
)
def test_names_are_shown_letter_by_letter(name: str, shown: str) -> None:
    assert plain(name) == shown


def test_a_title_of_a_user_is_no_markup() -> None:
    run = trained_run()
    record = replace(run.record(), title="<b>a</b>\n# b | c")
    text = model_card(record, run.snapshots()[-1], card=None, baselines={})
    assert text.startswith("# \\<b\\>a\\</b\\> \\# b \\| c\n")
