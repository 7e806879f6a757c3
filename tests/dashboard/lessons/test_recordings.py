"""The recordings that play on Learn, by all names that addresses have for them."""

from core.experiment.presets import RECORDINGS
from dashboard.lessons.recordings import STORIES, named, short_title, story, title


def test_every_recording_has_a_title_and_a_story() -> None:
    assert set(STORIES) == set(RECORDINGS)
    assert all(title(name) and short_title(name) and story(name) for name in STORIES)


def test_addresses_of_earlier_versions_have_the_words_of_the_menu() -> None:
    assert named(["digits-softmax"]) == {
        "digits-softmax": "digits-softmax",
        "Plain classification": "digits-softmax",
    }
