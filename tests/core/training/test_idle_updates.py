from __future__ import annotations

from core.records.step import Step
from core.training.idle_updates import idle_count, idle_sentence


def steps(*shares: float) -> list[Step]:
    return [Step(1, 0.1, 0.3 * share, share, 0.3, 80, 0.5, 0.25, 0.25, 1.0, 0.01) for share in shares]


def test_updates_that_all_train_need_no_word() -> None:
    assert idle_count(steps(1.0, 0.01)) == 0 and idle_sentence(steps(1.0, 0.01)) == "" == idle_sentence([])


def test_a_loss_of_0_is_told_for_what_it_is() -> None:
    assert idle_count(steps(0.5, 0.0, 0.2, 0.0)) == 2
    assert idle_sentence(steps(0.5, 0.0, 0.2, 0.0)) == (
        "2 of 4 updates trained nothing, the last one among them: no term was above 0, and a loss of 0.0 says no more "
        "than that."
    )
    assert idle_sentence(steps(0.0, 0.2)).startswith("1 of 2 updates trained nothing: no term")


def test_a_training_without_a_step_says_so() -> None:
    assert idle_sentence(steps(0.0, 0.0, 0.0)) == (
        "Nothing was trained: in none of the 3 updates was a term above 0, so the embeddings are those of the start. "
        "Their loss of 0.0 is no success."
    )
