"""The lessons of Learn as data: their steps on the pages, what is asked there, the tasks with the rules by which they
are graded, and what students hand in. To add one: a module with a `Lesson`, its name in LESSONS, and its words. Looks
at params and system."""

from core.lessons import (
    boundary,
    contrastive,
    distances,
    embedding,
    families,
    hardness,
    maps,
    mining,
    questions,
    roc,
    threshold,
    triplet,
)
from core.lessons.lesson import Lesson

LESSONS: dict[str, Lesson] = {
    lesson.name: lesson
    for lesson in (
        embedding.LESSON,
        distances.LESSON,
        contrastive.LESSON,
        triplet.LESSON,
        hardness.LESSON,
        mining.LESSON,
        boundary.LESSON,
        families.LESSON,
        threshold.LESSON,
        roc.LESSON,
        questions.LESSON,
        maps.LESSON,
    )
}
