"""What the lesson on three questions says is so of the recorded runs."""

from __future__ import annotations

from core.lessons.questions import HARDEST, LESSON, SOFTMAX, TRIPLETS
from core.lessons.tasks import LargestOf, NumbersEvidence
from dashboard.lookups.questions import numbers_of_last


def test_naming_the_class_ranks_well_and_judges_one_pair_in_ten_wrongly() -> None:
    softmax = numbers_of_last(SOFTMAX)
    assert softmax.recall_at_1 > 0.96 and 0.095 < softmax.eer < 0.105


def test_two_runs_rank_alike_and_each_answers_another_question_better() -> None:
    own, other = numbers_of_last(TRIPLETS), numbers_of_last(HARDEST)
    assert own.recall_at_1 == other.recall_at_1
    assert own.eer > other.eer and own.frr_at_far_1_percent > other.frr_at_far_1_percent
    assert own.ami > other.ami and own.bcubed_f > other.bcubed_f
    task = LESSON.steps[-1].task
    assert isinstance(task, LargestOf)
    numbers = NumbersEvidence({name: numbers_of_last(name).ami for name in task.runs})
    assert [task.grade(name, numbers).is_right for name in task.runs] == [True, False]
