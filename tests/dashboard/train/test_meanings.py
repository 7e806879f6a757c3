"""A setting that is a term of the field is explained by the glossary, others by their own help."""

from __future__ import annotations

from core.experiment.experiment import FAMILIES
from core.params import params_of
from dashboard.glossary.entries import sentence_of
from dashboard.glossary.terms import TERMS
from dashboard.train.meanings import TERMS_OF_SETTINGS, meaning_of
from dashboard.wording import speaking

SETTINGS = {
    declared.name: declared for kinds in FAMILIES.values() for kind in kinds.values() for declared in params_of(kind)
}


def test_every_setting_that_is_named_exists_and_every_term_is_one() -> None:
    assert TERMS_OF_SETTINGS.keys() <= SETTINGS.keys()
    assert set(TERMS_OF_SETTINGS.values()) <= TERMS.keys()


def test_the_sentence_of_the_glossary_comes_first() -> None:
    meaning = meaning_of(SETTINGS["weight_decay"])
    assert meaning.startswith(f"{sentence_of('weight_decay')}\n\nHere: {SETTINGS['weight_decay'].help}. Default ")


def test_a_setting_of_its_own_keeps_its_own_help() -> None:
    assert meaning_of(SETTINGS["ridge"]) == f"{SETTINGS['ridge'].help}. Default {SETTINGS['ridge'].default}."


def test_a_default_is_called_as_its_field_has_it() -> None:
    assert meaning_of(SETTINGS["mirror"]).endswith(" Default off.")
    with speaking("zh"):
        assert meaning_of(SETTINGS["mirror"]).endswith("默认 关。")
        assert meaning_of(SETTINGS["activation"]).endswith("默认 无。")
