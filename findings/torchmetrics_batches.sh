#!/usr/bin/env bash
# torchmetrics: scores outside [0, 1] are taken for logits and sent through a sigmoid, and that is decided batch by batch. Of
# cosine similarities, the batches that hold a negative one are squeezed into [0.27, 0.73] and the others are not: AUC and EER
# depend on the size of the batch. The thresholds of the curve are those after the sigmoid.
# Way out: give (similarity + 1) / 2 to update() and take 2 * threshold - 1 of what comes back.
#
# Seen with Python 3.11.7 on x86-64:
#   torchmetrics 1.9.0, torch 2.13.0, numpy 2.4.6
#   scikit-learn: AUC 0.9888
#   batches of 2000: AUC 0.9888, EER 0.055; of (similarity + 1) / 2: AUC 0.9888
#   batches of 10: AUC 0.9437, EER 0.103; of (similarity + 1) / 2: AUC 0.9888
#   batches of 1: AUC 0.9356, EER 0.195; of (similarity + 1) / 2: AUC 0.9888
#   thresholds of the similarities -0.2, 0.1, 0.5, 0.9: [1.0, 0.7109, 0.6225, 0.525, 0.4502]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 torchmetrics==1.9.0 scikit-learn==1.9.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
import warnings

import numpy as np
import torch
import torchmetrics
from sklearn.metrics import roc_auc_score
from torchmetrics.classification import BinaryAUROC, BinaryEER
from torchmetrics.functional.classification import binary_roc

warnings.simplefilter("ignore")
same = torch.arange(2000) % 2
noise = 0.15 * torch.randn(2000, generator=torch.Generator().manual_seed(0))
similarity = (torch.where(same == 1, 0.6, 0.1) + noise).clamp(-1, 1)


def measure(scores, size):
    auc, eer = BinaryAUROC(), BinaryEER()
    for part, truth in zip(scores.split(size), same.split(size), strict=True):
        auc.update(part, truth)
        eer.update(part, truth)
    return round(float(auc.compute()), 4), round(float(eer.compute()), 4)


print(f"torchmetrics {torchmetrics.__version__}, torch {torch.__version__.split('+')[0]}, numpy {np.__version__}")
right = round(float(roc_auc_score(same.numpy(), similarity.double().numpy())), 4)
print(f"scikit-learn: AUC {right}")
seen = {size: measure(similarity, size) for size in (2000, 10, 1)}
for size, (auc, eer) in seen.items():
    print(f"batches of {size}: AUC {auc}, EER {eer}; of (similarity + 1) / 2: AUC {measure((similarity + 1) / 2, size)[0]}")
thresholds = binary_roc(torch.tensor([-0.2, 0.1, 0.5, 0.9]), torch.tensor([0, 0, 1, 1]))[2].tolist()
thresholds = [round(threshold, 4) for threshold in thresholds]
print(f"thresholds of the similarities -0.2, 0.1, 0.5, 0.9: {thresholds}")
if seen[2000][0] != right or seen[10][0] > right - 0.02 or seen[1][1] < 2 * seen[2000][1] or 0.9 in thresholds:
    sys.exit("torchmetrics no longer squeezes scores batch by batch.")
if any(measure((similarity + 1) / 2, size)[0] != right for size in seen):
    sys.exit("Scores within [0, 1] are no longer left alone.")
PYTHON
