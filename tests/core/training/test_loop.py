from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch

from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample
from core.losses import Contrastive, Softmax, Triplet
from core.losses.base import Loss
from core.miners import All, Random
from core.runs.checkpoints import last_checkpoint, save_checkpoint
from core.training.learner import Learner
from core.training.loop import Checkpoint, Record, Snapshot, Step, train
from tests.core.trainings import SMALL, TRAININGS, checkpoints, material, plain, snapshots, steps

EVERY = pytest.mark.parametrize("experiment", TRAININGS.values(), ids=TRAININGS)


def whole(experiment: Experiment = SMALL, **options: Any) -> list[Record]:
    return list(train(experiment, material(experiment), **options))


@lru_cache
def undisturbed(experiment: Experiment = SMALL) -> list[Record]:
    """What a training gives that nobody stops; made once for all tests that compare with it."""
    return whole(experiment)


def stopped_after(experiment: Experiment, count: int, **options: Any) -> list[Record]:
    """The records of a training that is asked to stop after `count` more updates."""
    left = iter(range(count - 1, -1, -1))
    return whole(experiment, interrupted=lambda: next(left) == 0, **options)


def state_of(records: list[Record]) -> dict[str, Any]:
    """The state of the last record, a checkpoint, through a file's bytes, as if another process had written it."""
    last = records[-1]
    assert isinstance(last, Checkpoint)
    content = io.BytesIO()
    torch.save(last.state, content)
    return torch.load(io.BytesIO(content.getvalue()), weights_only=True)


@EVERY
def test_the_same_experiment_gives_the_same_records_bit_for_bit(experiment: Experiment) -> None:
    torch.manual_seed(1)
    first = plain(undisturbed(experiment))
    torch.manual_seed(2)  # nobody draws from the generator of all
    assert plain(whole(experiment)) == first


def test_another_seed_gives_another_training() -> None:
    other = replace(SMALL, schedule=replace(SMALL.schedule, seed=1))
    assert plain(steps(undisturbed())[-1]) != plain(steps(whole(other))[-1])


@EVERY
@pytest.mark.parametrize(
    "when", [1, 4, -1, 0], ids=["at once", "mid-epoch", "before an epoch's end", "at an epoch's end"]
)
def test_going_on_from_an_interruption_equals_no_interruption(experiment: Experiment, when: int) -> None:
    expected = undisturbed(experiment)
    per_epoch = len(steps(expected)) // 3
    before = stopped_after(experiment, when if when > 0 else per_epoch + when)
    assert not checkpoints(before)[-1].finished
    after = whole(experiment, state=state_of(before))
    assert plain(steps(before) + steps(after)) == plain(steps(expected))
    assert plain(snapshots(before) + snapshots(after)) == plain(snapshots(expected))
    assert plain(after[-1]) == plain(expected[-1])
    ours, theirs = after[-1], expected[-1]
    assert isinstance(ours, Checkpoint) and isinstance(theirs, Checkpoint)
    for name, weight in theirs.state["learner"]["encoder"].items():
        assert torch.equal(ours.state["learner"]["encoder"][name], weight)


@EVERY
def test_an_interruption_after_every_step_equals_none(experiment: Experiment) -> None:
    expected = undisturbed(experiment)
    records = collected = stopped_after(experiment, 1)
    while not checkpoints(records)[-1].finished:
        records = stopped_after(experiment, 1, state=state_of(records))
        collected = collected + records
    assert plain(steps(collected)) == plain(steps(expected))
    assert plain(snapshots(collected)) == plain(snapshots(expected))
    assert plain(collected[-1]) == plain(expected[-1])


@EVERY
def test_going_on_from_a_saved_epoch_equals_no_interruption(experiment: Experiment, tmp_path: Any) -> None:
    expected = undisturbed(experiment)
    saved = checkpoints(expected)[1]
    save_checkpoint(tmp_path, saved.step, saved.state)
    found = last_checkpoint(tmp_path)
    assert found is not None and found[0] == saved.step
    after = whole(experiment, state=found[1])
    assert plain(after) == plain(expected[-len(after) :])
    assert len(steps(after)) == len(steps(expected)) // 3


def test_a_finished_training_has_nothing_to_go_on_with() -> None:
    assert whole(state=state_of(undisturbed())) == []


def test_a_state_is_not_changed_by_what_comes_after() -> None:
    records = train(SMALL, material())
    first = next(record for record in records if isinstance(record, Checkpoint))
    before = plain(first)
    list(records)
    assert plain(first) == before


def test_time_is_counted_across_an_interruption() -> None:
    before = stopped_after(SMALL, 4)
    after = whole(state=state_of(before))
    seconds = [snapshot.seconds for snapshot in snapshots(before) + snapshots(after)]
    assert seconds[0] == 0 and seconds == sorted(seconds)
    assert seconds[-1] == pytest.approx(sum(step.seconds for step in steps(before) + steps(after)))


@EVERY
def test_every_step_splits_its_loss_into_share_and_mean(experiment: Experiment) -> None:
    for step in steps(undisturbed(experiment)):
        assert step.loss == pytest.approx(step.active_share * step.active_mean, rel=1e-6)
        for share in (step.active_share, step.easy, step.semi_hard, step.hard):
            assert 0 <= share <= 1
        assert step.easy + step.semi_hard + step.hard == pytest.approx(1)
        assert (step.terms > 0) == (step.gradient_norm > 0) == (step.loss > 0) and step.seconds > 0


@pytest.mark.parametrize("loss", [Triplet(), Contrastive(), Softmax(scale=8.0)], ids=lambda loss: loss.name)
def test_training_brings_a_class_together(loss: Loss) -> None:
    """Held-out digits of one class lie nearer together beside those of two than before: over five seeds by a fifth
    (softmax) to two fifths (triplet), so a tenth does not lean on luck."""
    experiment = Experiment(
        split=BySample(evaluation_share=0.6),
        encoder=Mlp(width=64, dimension=32),
        loss=loss,
        miner=All(),
        schedule=Schedule(epochs=4, learning_rate=0.003, probe_points=300),
    )
    records = whole(experiment)
    first, *_, last = (snapshot.embeddings for snapshot in snapshots(records))
    assert closeness(experiment, last) < 0.9 * closeness(experiment, first)


def closeness(experiment: Experiment, embeddings: np.ndarray) -> float:
    """The mean distance of two probe points of one class by that of two classes."""
    given = material(experiment)
    labels = given.images.labels[given.probe_rows]
    distances = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=2)
    is_same = labels[:, None] == labels
    return float(distances[is_same & (distances > 0)].mean() / distances[~is_same].mean())


def test_steps_and_epochs_are_counted_from_the_first_update() -> None:
    done = steps(undisturbed())
    assert [step.step for step in done] == list(range(1, 16))
    assert [step.epoch for step in done] == pytest.approx([number / 5 for number in range(1, 16)])


def test_snapshots_are_dense_at_first_and_then_after_every_epoch() -> None:
    taken = snapshots(undisturbed())
    assert [snapshot.step for snapshot in taken] == [0, 1, 2, 4, 5, 10, 15]
    assert [snapshot.epoch for snapshot in taken[-3:]] == [1.0, 2.0, 3.0]
    assert all(snapshot.embeddings.shape == (60, 2) for snapshot in taken)
    assert all(snapshot.embeddings.dtype == np.float32 for snapshot in taken)


def test_a_checkpoint_follows_every_epoch_and_the_last_one_says_so() -> None:
    records = undisturbed()
    kept = checkpoints(records)
    assert [(one.step, one.epoch, one.finished) for one in kept] == [(5, 1.0, False), (10, 2.0, False), (15, 3.0, True)]
    assert records[-1] is kept[-1]


def test_a_record_comes_as_soon_as_it_is_made() -> None:
    records = train(SMALL, material())
    assert [type(next(records)).__name__ for _ in range(5)] == ["Snapshot", "Step", "Snapshot", "Step", "Snapshot"]


def test_the_rate_falls_from_the_first_update_and_the_last_still_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = []
    adam = torch.optim.Adam.step

    def noted(optimiser: torch.optim.Adam, *arguments: Any) -> Any:
        rates.append(optimiser.param_groups[0]["lr"])
        return adam(optimiser, *arguments)

    monkeypatch.setattr(torch.optim.Adam, "step", noted)
    whole(replace(SMALL, loss=Triplet(shape="soft margin")))
    assert rates == pytest.approx([SMALL.schedule.rate_at(update / 5) for update in range(15)])
    assert rates[0] == 0.001 and rates == sorted(rates, reverse=True) and rates[-1] > 0


@EVERY
def test_nobody_is_looked_at_who_was_learned_from(experiment: Experiment) -> None:
    given = material(experiment)
    assert not set(given.probe_rows.tolist()) & set(given.training_rows.tolist())
    assert len(given.probe_rows) == 60 and len(given.training_rows) + given.evaluation_count == given.images.count


def test_a_loss_without_bounds_stops_the_training_in_words() -> None:
    """What a step size beyond all measure leaves behind: weights whose products leave the range of float32."""
    records = stopped_after(SMALL, 4)
    state = state_of(records)
    for name, weight in state["learner"]["encoder"].items():
        state["learner"]["encoder"][name] = weight * 1e15
    rough = replace(SMALL, encoder=replace(SMALL.encoder, normalise=False))
    with pytest.raises(ValueError, match=r"at step 5\. Lower the learning rate \(now 0\.001\)"):
        whole(rough, state=state)


def test_the_record_of_a_step_is_plain_numbers() -> None:
    step = steps(undisturbed())[0]
    assert isinstance(step, Step)
    assert {type(value) for value in step.written().values()} <= {int, float}


@pytest.mark.parametrize("updates", [1, 5, 8, 21])
def test_a_limit_in_updates_is_kept_to_the_update_and_looked_at_there(updates: int) -> None:
    per_epoch = len(steps(undisturbed())) // 3
    limited = replace(SMALL, schedule=replace(SMALL.schedule, epochs=1, updates=updates, decay="none"))
    records = whole(limited)
    last = records[-1]
    assert isinstance(last, Checkpoint) and last.finished and last.step == updates == len(steps(records))
    assert last.epoch == pytest.approx(updates / per_epoch)
    assert snapshots(records)[-1].step == updates and snapshots(records)[-1].measured
    assert whole(limited, state=state_of(records)) == []
    steady = replace(SMALL, schedule=replace(SMALL.schedule, epochs=-(-updates // per_epoch), decay="none"))
    assert plain(steps(records)) == plain(steps(whole(steady))[:updates]), "the same training, cut"


def test_a_limit_goes_on_from_an_interruption() -> None:
    limited = replace(SMALL, schedule=replace(SMALL.schedule, updates=10))
    before = stopped_after(limited, 7)
    assert not checkpoints(before)[-1].finished
    after = whole(limited, state=state_of(before))
    assert plain(steps(before) + steps(after)) == plain(steps(whole(limited)))


def test_a_limit_in_seconds_ends_at_the_first_update_beyond_it() -> None:
    records = whole(replace(SMALL, schedule=replace(SMALL.schedule, seconds=0.05)))
    seconds = np.cumsum([step.seconds for step in steps(records)])
    assert seconds[-1] >= 0.05 and (seconds[:-1] < 0.05).all() and checkpoints(records)[-1].finished


@pytest.mark.parametrize("shift", [0, 1])
def test_drawn_apart_every_miner_and_loss_sees_the_same_batches(shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random mining, and the classes that softmax learns, draw numbers too, which else change all that comes next."""
    seen: list[torch.Tensor] = []
    varied = Learner.varied

    def noted(learner: Learner, images: torch.Tensor) -> torch.Tensor:
        seen.append(varied(learner, images))
        return seen[-1]

    monkeypatch.setattr(Learner, "varied", noted)
    found: dict[bool, list[list[torch.Tensor]]] = {}
    for apart in (True, False):
        schedule = replace(SMALL.schedule, shift=shift, drawn_apart=apart)
        for parts in ({"miner": All()}, {"miner": Random()}, {"loss": Softmax(scale=8.0)}):
            seen.clear()
            first = whole(replace(SMALL, schedule=schedule, **parts))[0]
            assert isinstance(first, Snapshot)
            found.setdefault(apart, []).append([*seen, torch.from_numpy(first.embeddings)])

    def alike(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
        return len(one) == len(other) and all(map(torch.equal, one, other))

    first, *others = found[True]
    assert len(first) > 10 and all(alike(first, other) for other in others), "the first weights too"
    first, *others = found[False]
    assert not any(alike(first, other) for other in others)


def test_drawn_apart_an_interruption_changes_nothing() -> None:
    apart = replace(SMALL, miner=Random(), schedule=replace(SMALL.schedule, drawn_apart=True))
    before = stopped_after(apart, 4)
    after = whole(apart, state=state_of(before))
    assert plain(steps(before) + steps(after)) == plain(steps(whole(apart)))
