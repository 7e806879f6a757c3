"""What the lesson on embeddings says is so of the two recorded runs that it sets side by side."""

from core.lessons.embedding import LESSON, SOFTMAX, TRIPLETS
from core.lessons.tasks import NumbersEvidence
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def test_triplets_keep_equal_ones_closer_and_have_the_smaller_equal_error_rate() -> None:
    last = {name: Run(ASSETS / "recorded" / name).snapshots()[-1] for name in (TRIPLETS, SOFTMAX)}
    ratio = {name: (one.mean_positive_distance or 0) / (one.mean_negative_distance or 1) for name, one in last.items()}
    assert ratio[TRIPLETS] < 0.8 * ratio[SOFTMAX]
    task = LESSON.steps[-1].task
    assert task is not None
    numbers = NumbersEvidence({name: float(one.eer or 0) for name, one in last.items()})
    assert task.grade(TRIPLETS, numbers).is_right and not task.grade(SOFTMAX, numbers).is_right
