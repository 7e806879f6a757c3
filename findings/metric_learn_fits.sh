#!/usr/bin/env bash
# metric-learn beside today's scikit-learn: it installs and imports, pip sees no conflict, and no learner fits, because an
# argument that it hands to scikit-learn's checks (force_all_finite) has got another name there. Its calibrate_threshold
# is therefore out of reach, too.
# Way out: an environment of its own with scikit-learn below 1.8, or NeighborhoodComponentsAnalysis of scikit-learn.
#
# Seen with Python 3.11.7 on x86-64:
#   metric-learn 0.7.0, scikit-learn 1.9.1
#   NCA: check_X_y() got an unexpected keyword argument 'force_all_finite'
#   LMNN: check_X_y() got an unexpected keyword argument 'force_all_finite'
#   LFDA: check_X_y() got an unexpected keyword argument 'force_all_finite'
#   MLKR: check_X_y() got an unexpected keyword argument 'force_all_finite'
#   ITML_Supervised: check_X_y() got an unexpected keyword argument 'force_all_finite'
#   scikit-learn's own: (150, 4)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet metric-learn==0.7.0 scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
from importlib.metadata import version

import metric_learn
from sklearn.datasets import load_iris
from sklearn.neighbors import NeighborhoodComponentsAnalysis

points, labels = load_iris(return_X_y=True)
print(f"metric-learn {version('metric-learn')}, scikit-learn {version('scikit-learn')}")
for name in ("NCA", "LMNN", "LFDA", "MLKR", "ITML_Supervised"):
    try:
        getattr(metric_learn, name)().fit(points, labels)
    except TypeError as error:
        print(f"{name}: {error}")
    else:
        sys.exit(f"metric-learn's {name} fits again.")
scikit = NeighborhoodComponentsAnalysis(random_state=0).fit(points, labels)
print(f"scikit-learn's own: {scikit.transform(points).shape}")
PYTHON
