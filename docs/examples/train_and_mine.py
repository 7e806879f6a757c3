"""Train an encoder on digits, watch it learn, and see which triplets miners take: in a script or cell by cell.

In a terminal, from the folder of this repository: `.venv/bin/python -m docs.examples.train_and_mine`. In a notebook
that was started there, paste what stands between two `# %%`. A line that begins with `# >` is what is printed.
"""

# %% One training is a value: what to learn from, with what, and for how long.

import torch

from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.losses import Triplet
from core.miners import SemiHard

experiment = Experiment(loss=Triplet(margin=0.2), miner=SemiHard(), schedule=Schedule(epochs=3, probe_points=500))
data = prepare(experiment)
print(f"{experiment.title()}: {len(data.training_rows):,} images to train on, {len(data.probe_rows)} to look at")
# > digits · triplet · semi-hard · seed 0: 1,078 images to train on, 500 to look at

# %% Training hands out records. Whoever goes through them decides what to show, to keep and when to stop.

from core.statistics.summary import summarise
from core.training.loop import Snapshot, train

torch.set_num_threads(1)  # with one thread the same experiment gives the same numbers
labels = data.images.labels[data.probe_rows]
for record in train(experiment, data):
    if isinstance(record, Snapshot) and record.epoch == int(record.epoch):  # there are more in the first epoch
        numbers = summarise(record.embeddings, labels, margin=0.2).numbers
        print(f"epoch {record.epoch:.0f}: Recall@1 {numbers['recall_at_1']:.2f}, MAP@R {numbers['map_at_r']:.2f}")
        embeddings = record.embeddings
# > epoch 0: Recall@1 0.91, MAP@R 0.35
# > epoch 1: Recall@1 0.94, MAP@R 0.65
# > epoch 2: Recall@1 0.95, MAP@R 0.75
# > epoch 3: Recall@1 0.96, MAP@R 0.77

# %% Mine: what each miner takes of one batch, here 80 of the held-out images.

from core.batch.mined import Triplets
from core.distances import Euclidean
from core.miners import MINERS
from core.miners.base import Candidates

batch = torch.from_numpy(embeddings[:80])
distances = Euclidean().matrix(batch)
candidates = Candidates(distances, torch.from_numpy(labels[:80]), 0.2, 64, torch.Generator().manual_seed(0))
for name in ("random", "hard-negative", "batch-hard"):
    taken = MINERS[name]()(candidates)
    assert isinstance(taken, Triplets)
    to_positive = distances[taken.anchor, taken.positive]
    to_negative = distances[taken.anchor, taken.negative]
    hard = (to_negative < to_positive).float().mean()
    print(f"{name}: {len(taken.anchor)} triplets, {hard:.0%} of them hard")
# > random: 610 triplets, 1% of them hard
# > hard-negative: 610 triplets, 20% of them hard
# > batch-hard: 80 triplets, 46% of them hard

# %% Where to go on: `python -m core train --out FOLDER` keeps the same training as a folder of readable files.
