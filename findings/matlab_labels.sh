#!/usr/bin/env bash
# scipy.io: labels written to a .mat file come back changed. Text is filled up with blanks to the longest label, so "7" is no
# longer equal to "7" of another file and "a" cannot be told from "a "; a vector of N labels comes back as (1, N), whose
# length is 1.
# Way out: savemat labels as dtype=object (a cell array) or as numbers, and loadmat(..., squeeze_me=True).
#
# Seen with Python 3.11.7 on x86-64:
#   scipy 1.17.1, numpy 2.4.6; written: ['7', 'a', 'a ', 'anna']
#   text: ['7   ', 'a   ', 'a   ', 'anna']
#   cells, squeezed: ['7', 'a', 'a ', 'anna']
#   shape of three numbers: (1, 3)
#   shape of three numbers, squeezed: (3,)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scipy==1.17.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import scipy
from scipy.io import loadmat, savemat

text = np.array(["7", "a", "a ", "anna"])
savemat("labels.mat", {"text": text, "cells": text.astype(object), "numbers": np.array([7, 8, 9])})
back, squeezed = loadmat("labels.mat"), loadmat("labels.mat", squeeze_me=True)
seen = {
    "text": back["text"].tolist(),
    "cells, squeezed": squeezed["cells"].tolist(),
    "shape of three numbers": back["numbers"].shape,
    "shape of three numbers, squeezed": squeezed["numbers"].shape,
}
print(f"scipy {scipy.__version__}, numpy {np.__version__}; written: {text.tolist()}")
for name, value in seen.items():
    print(f"{name}: {value}")
if list(seen.values()) != [["7   ", "a   ", "a   ", "anna"], text.tolist(), (1, 3), (3,)]:
    sys.exit("scipy.io no longer changes labels in this way.")
PYTHON
