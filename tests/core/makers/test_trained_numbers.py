from core.datasets import Strokes
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.makers.trained_numbers import trained_numbers
from core.samplers import PByK
from core.statistics.summary import summarise
from core.training.loop import Snapshot, train


def test_the_numbers_are_those_of_the_last_embeddings_beside_what_costs_nothing() -> None:
    experiment = Experiment(
        dataset=Strokes(identities=20),
        split=ByIdentity(),
        encoder=Mlp(width=16),
        sampler=PByK(classes_per_batch=5, samples_per_class=4),
        schedule=Schedule(epochs=2, probe_points=100),
    )
    found = trained_numbers(experiment)
    data = prepare(experiment)
    *_, last = (record for record in train(experiment, data) if isinstance(record, Snapshot))
    numbers = summarise(last.embeddings, data.images.labels[data.probe_rows], margin=0.2).numbers
    for key in ("recall_at_1", "map_at_r", "auc", "eer"):
        assert found[key] == round(float(numbers[key]), 4)
    assert found["protocol"] == "open-set, by identity"
    assert found["seconds"] >= 0, "told to a tenth, which so short a training may not take"
    assert set(found["baselines"]) == {"raw pixels", "PCA", "untrained encoder"}
    assert set(found["baselines"]["PCA"]) == {"recall_at_1", "map_at_r", "auc"}
