#!/usr/bin/env bash
# pytorch-metric-learning: with exactly one positive and one negative pair the losses of pairs give 0 and no gradient, whatever
# the embeddings are; the same two pairs listed twice give the loss. A hand-made example of three points, or a small
# last batch, looks perfectly trained. MarginLoss and TripletMarginLoss, of triplets, are not concerned.
# Way out: check by hand with two pairs of each kind or more; drop_last=True for the last batch.
#
# Seen with Python 3.11.7 on x86-64:
#   pytorch-metric-learning 2.9.0, torch 2.13.0
#   ContrastiveLoss: one pair of each kind 0.0000, the same listed twice 2.3146
#   NTXentLoss: one pair of each kind 0.0000, the same listed twice 14.9080
#   MultiSimilarityLoss: one pair of each kind 0.0000, the same listed twice 0.3839
#   CircleLoss: one pair of each kind 0.0000, the same listed twice 133.6079
#   SupConLoss: one pair of each kind 0.0000, the same listed twice 9.9504
#   MarginLoss: one pair of each kind 0.8573, the same listed twice 0.8573
#   TripletMarginLoss: one pair of each kind 1.3646, the same listed twice 1.3646
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 pytorch-metric-learning==2.9.0 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
from importlib.metadata import version

import torch
from pytorch_metric_learning import losses

embeddings = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1]])
labels = torch.tensor([0, 0, 1])  # same but far apart: rows 0 and 1; different but close: rows 0 and 2
once = tuple(torch.tensor([row]) for row in (0, 1, 0, 2))
twice = tuple(torch.cat([rows, rows]) for rows in once)
print(f"pytorch-metric-learning {version('pytorch-metric-learning')}, torch {torch.__version__.split('+')[0]}")
of_pairs = ("ContrastiveLoss", "NTXentLoss", "MultiSimilarityLoss", "CircleLoss", "SupConLoss")
for name in (*of_pairs, "MarginLoss", "TripletMarginLoss"):
    loss = getattr(losses, name)()
    alone, doubled = float(loss(embeddings, labels, once)), float(loss(embeddings, labels, twice))
    print(f"{name}: one pair of each kind {alone:.4f}, the same listed twice {doubled:.4f}")
    if doubled < 0.1 or (alone == 0) != (name in of_pairs):
        sys.exit(f"pytorch-metric-learning no longer gives 0 for one pair of each kind where it did: {name}.")
PYTHON
