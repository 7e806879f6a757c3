from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from core.datasets import Digits, Strokes
from core.datasets.images import Dataset, Images
from core.experiment.experiment import FAMILIES, LATER, Experiment, differences
from core.experiment.splits import ByIdentity
from core.losses import Softmax, Triplet
from core.miners import All, BatchHard, SemiHard
from core.params import Declared, Param, params_of
from core.samplers import PByK, Shuffled
from tests.core.heads import brought, head, vectors

EVERY_PARAMETER = [
    pytest.param(family, kind, declared, id=f"{family}.{name}.{declared.name}")
    for family, kinds in FAMILIES.items()
    for name, kind in kinds.items()
    for declared in params_of(kind)
]


@pytest.fixture
def one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every data set gives the same images, so that only settings can make a difference."""
    images = Digits().load()
    monkeypatch.setattr(Dataset, "load", lambda dataset: images)


def another(declared: Param, value: Any) -> Any:
    """An allowed value that is not this one."""
    if declared.choices:
        return next(choice for choice in declared.choices if choice != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    return declared.low if value != declared.low else declared.high


def with_member(family: str, member: Declared) -> Experiment:
    return replace(Experiment(), **{family: member})


def member_with(kind: type[Declared], declared: Param) -> tuple[Declared, Declared]:
    """Two members that differ in this parameter alone."""
    others = {"source": "full"} if declared.name == "folder" else {}  # only the full set has a folder
    first = kind(**others)
    return first, replace(first, **{declared.name: another(declared, getattr(first, declared.name))})


@pytest.mark.usefixtures("one_digest")
@pytest.mark.parametrize("family, kind, declared", EVERY_PARAMETER)
def test_another_value_of_any_parameter_is_another_run(family: str, kind: type[Declared], declared: Param) -> None:
    first, second = member_with(kind, declared)
    assert with_member(family, first).run_id() != with_member(family, second).run_id()
    assert with_member(family, second).run_id() == with_member(family, replace(second)).run_id()


@pytest.mark.usefixtures("one_digest")
@pytest.mark.parametrize("family", FAMILIES)
def test_another_member_of_any_family_is_another_run(family: str) -> None:
    ids = [with_member(family, kind()).run_id() for kind in FAMILIES[family].values()]
    assert len(set(ids)) == len(FAMILIES[family])


def test_an_id_is_32_hexadecimal_characters_and_equal_experiments_share_it() -> None:
    run_id = Experiment().run_id()
    assert len(run_id) == 32 and set(run_id) <= set("0123456789abcdef")
    assert Experiment(loss=Triplet(margin=1)).run_id() == Experiment(loss=Triplet(margin=1.0)).run_id()
    assert Experiment(loss=Triplet(margin=0.0)).run_id() == Experiment(loss=Triplet(margin=-0.0)).run_id()


def test_other_data_is_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Experiment().run_id()
    digits = Digits().load()
    pixels = digits.pixels.copy()
    pixels[0, 0, 0] += 1
    changed = Images(pixels, digits.labels.copy(), digits.class_names)
    monkeypatch.setattr(Dataset, "load", lambda dataset: changed)
    assert Experiment().run_id() != before


def test_a_loss_for_which_nothing_is_mined_ignores_the_miner() -> None:
    assert len({Experiment(loss=Softmax(), miner=miner).run_id() for miner in (All(), BatchHard(), SemiHard())}) == 1
    assert len({Experiment(loss=Triplet(), miner=miner).run_id() for miner in (All(), BatchHard(), SemiHard())}) == 3


def test_an_experiment_without_augmentation_keeps_the_id_that_it_had_before_there_was_any() -> None:
    described = Experiment().described()
    del described["augmentation"]
    for family, names in LATER.items():
        for name in names:
            described[family].pop(name, None)
    assert Experiment.from_described(described).used() == described == Experiment().used()
    assert Experiment().run_id() == "dba23fe13bc067cd68850870e5052d0f"


def test_what_came_later_has_a_say_where_it_does_something() -> None:
    for changes in ({"schedule": {"updates": 5}}, {"schedule": {"seconds": 1.0}}, {"split": {"validation_share": 0.2}}):
        assert Experiment().changed(changes).run_id() != Experiment().run_id()
    folds = [Experiment(split=ByIdentity(folds=3, fold=fold)).run_id() for fold in range(3)]
    assert len({*folds, Experiment(split=ByIdentity()).run_id()}) == 4


@pytest.mark.parametrize("family, kind, declared", EVERY_PARAMETER)
def test_what_is_described_is_made_again_through_json(family: str, kind: type[Declared], declared: Param) -> None:
    experiment = with_member(family, member_with(kind, declared)[1])
    described = json.loads(json.dumps(experiment.described()))
    assert list(described) == list(FAMILIES)
    assert Experiment.from_described(described) == experiment


def test_a_family_that_is_left_out_takes_its_default() -> None:
    assert Experiment.from_described({}) == Experiment()
    assert Experiment.from_described({"loss": {"kind": "softmax"}}) == Experiment(loss=Softmax())


def test_an_unknown_family_is_named_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match="must name only dataset, split, augmentation, encoder, .*, got 'losss'. Remove it."
    ):
        Experiment.from_described({"losss": {"kind": "softmax"}})


def test_the_families_are_the_parts_of_an_experiment() -> None:
    assert list(FAMILIES) == [part.name for part in fields(Experiment)]


def test_a_title_says_what_is_learned_from_and_by_what() -> None:
    assert Experiment().title() == "digits · triplet · semi-hard · seed 0"
    assert Experiment(loss=Softmax()).title() == "digits · softmax · seed 0"


def test_differences_are_the_settings_that_are_not_the_same_in_all() -> None:
    first, second, third = (
        Experiment(),
        Experiment(loss=Triplet(margin=0.5)),
        Experiment(dataset=Strokes(), loss=Softmax()),
    )
    assert differences([first, first]) == {}
    assert differences([first, second]) == {"loss margin": [0.2, 0.5]}
    found = differences([first, second, third])
    assert found["dataset"] == ["digits", "digits", "strokes"]
    assert found["loss"] == ["triplet", "triplet", "softmax"]
    assert found["loss margin"] == [0.2, 0.5, None] and found["loss scale"] == [None, None, 1.0]
    assert found["dataset identities"] == [None, None, 200]
    assert found["miner"] == ["semi-hard", "semi-hard", None], "nothing is mined for softmax"


def test_a_loss_is_trained_as_it_wants_to_be_unless_told_otherwise() -> None:
    suited = Experiment.suited(Softmax())
    assert (suited.loss, suited.sampler) == (Softmax(), Shuffled())
    assert Experiment.suited(Softmax(), sampler=PByK()).sampler == PByK()
    assert Experiment.suited(Triplet()) == Experiment()


def test_a_run_of_what_was_brought_is_called_by_its_title_and_told_apart_by_its_data() -> None:
    first, other = (head(brought(vectors(seed), f"voices {seed}.npz")) for seed in (5, 6))
    assert first.title() == "voices 5.npz · multi-similarity · all · seed 0"
    assert first.run_id() != other.run_id() == head(brought(vectors(6), "under another name")).run_id()


@pytest.mark.parametrize(
    "changes",
    [{"schedule": {"shift": 1}}, {"schedule": {"mirror": True}}, {"augmentation": {"kind": "erasing"}}],
    ids=["moved", "mirrored", "erased"],
)
def test_images_change_by_the_schedule_or_by_the_augmentation(changes: dict[str, dict[str, Any]]) -> None:
    assert Experiment().changed(changes).changes_images and not Experiment().changes_images


def test_a_title_names_the_data_as_whoever_asks_does() -> None:
    assert Experiment().title("my digits") == "my digits · triplet · semi-hard · seed 0"
