#!/usr/bin/env bash
# scikit-learn: roc_curve leaves points of the curve out unless told otherwise. The area is the same, but the usual EER (the
# point where FAR and FRR are nearest) is taken from what is left: in nearly half of the draws it changes, and so does
# its threshold. det_curve leaves out only the points before the last one without a false reject: it does not begin at FAR 1.
# Way out: roc_curve(..., drop_intermediate=False).
#
# Seen with Python 3.11.7 on x86-64:
#   scikit-learn 1.9.1, numpy 2.4.6
#   EER of 50 genuine and 500 impostor scores: changed in 93 of 200 draws, by up to 0.018; threshold by up to 0.12
#   det_curve of the last draw begins at FAR 0.632, FRR 0.000
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scikit-learn==1.9.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import sklearn
from sklearn.metrics import det_curve, roc_curve

rng = np.random.default_rng(0)
same = np.repeat([1, 0], [50, 500])


def equal_error(scores, **options):
    false_accept, true_accept, thresholds = roc_curve(same, scores, **options)
    nearest = np.argmin(abs(false_accept - (1 - true_accept)))
    return (false_accept + 1 - true_accept)[nearest] / 2, thresholds[nearest]


print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}")
changes = []
for _ in range(200):
    scores = rng.normal(size=550) + 2 * same
    changes.append(abs(np.subtract(equal_error(scores), equal_error(scores, drop_intermediate=False))))
changes = np.array(changes)
changed, largest, threshold = int((changes[:, 0] > 0).sum()), changes[:, 0].max(), changes[:, 1].max()
moved = f"changed in {changed} of 200 draws, by up to {largest:.3f}; threshold by up to {threshold:.2f}"
print(f"EER of 50 genuine and 500 impostor scores: {moved}")
false_accept, false_reject, _ = det_curve(same, scores)
print(f"det_curve of the last draw begins at FAR {false_accept[0]:.3f}, FRR {false_reject[0]:.3f}")
if changed < 50 or largest < 0.005 or false_accept[0] == 1:
    sys.exit("scikit-learn no longer thins the curve so that the EER changes.")
PYTHON
