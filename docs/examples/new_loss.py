"""Write a loss of your own and see how it does beside one that is there.

In a terminal, from the folder of this repository: `.venv/bin/python -m docs.examples.new_loss`. In a notebook that was
started there, paste what stands between two `# %%`. A line that begins with `# >` is what is printed.
"""

# %% A loss is its parameters and one formula. This one asks of every pair on which side of a boundary it lies.

from dataclasses import dataclass

import torch
from torch.nn.functional import softplus

from core.batch.mined import Band, Pairs, Triplets
from core.losses import Contrastive
from core.losses.base import Batch, Loss, Terms
from core.params import param


@dataclass(frozen=True)
class Logistic(Loss):
    """Classify every pair as same or different by a logistic regression on its distance."""

    consumes = Pairs
    boundary: float = param(1.0, low=0.0, high=10.0, unit="distance", help="distance at which a pair is undecided")
    sharpness: float = param(8.0, low=0.1, high=100.0, help="how fast a pair becomes sure")

    def __call__(self, batch: Batch, mined: Pairs | Triplets | Band | None) -> Terms:
        """One term per pair; the pairs of one class count as much together as those of two."""
        assert isinstance(mined, Pairs)
        near, far = batch.distances[mined.positive], batch.distances[mined.negative]
        sides = [softplus(self.sharpness * (near - self.boundary)), softplus(self.sharpness * (self.boundary - far))]
        count = len(near) + len(far)
        weights = [torch.full_like(side, count / (2 * max(len(side), 1))) for side in sides]
        return self.mean(torch.cat(sides), torch.cat(weights))


# %% It trains like any other: the same data, encoder, batches and seeds as the loss beside it.

from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.miners import All
from core.statistics.summary import summarise
from core.training.loop import Snapshot, train

torch.set_num_threads(1)  # with one thread the same experiment gives the same numbers


def map_at_r(loss: Loss, seed: int) -> float:
    """Of the held-out images after three epochs; all pairs of a batch are taken."""
    experiment = Experiment(loss=loss, miner=All(), schedule=Schedule(epochs=3, seed=seed))
    data = prepare(experiment)
    *_, last = (record for record in train(experiment, data) if isinstance(record, Snapshot))
    labels = data.images.labels[data.probe_rows]
    return summarise(last.embeddings, labels, margin=loss.hardness_margin).numbers["map_at_r"]


for loss in (Logistic(), Contrastive()):
    found = [map_at_r(loss, seed) for seed in (0, 1)]
    print(f"{loss.name}: MAP@R {found[0]:.3f} and {found[1]:.3f}")
# > logistic: MAP@R 0.752 and 0.771
# > contrastive: MAP@R 0.778 and 0.799

# %% To have it in the menus, on the command line and in the common tests, write it into core/losses/.
