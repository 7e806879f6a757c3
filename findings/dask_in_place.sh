#!/usr/bin/env bash
# Dask: tasks on one worker share the array that was scattered to them, although each is sent its own message. A task that
# centres its embeddings in place (array -= mean) changes them for every task after it, in worker processes as in
# threads; with processes=False even the caller's own array changes. The first result is right, the later ones are not.
# Way out: write new arrays in tasks, or set array.flags.writeable = False at the start of a task to be told.
#
# Seen with Python 3.11.7 on x86-64:
#   dask 2026.8.0, numpy 2.4.6
#   processes=True: first and second task see the means [5.0, 0.0]; the caller's array has 5.0 afterwards
#   processes=False: first and second task see the means [5.0, 0.0]; the caller's array has 0.0 afterwards
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet distributed==2026.8.0 dask==2026.8.0 numpy==2.4.6

cd "$folder"
cat > task.py <<'PYTHON'
import sys

import dask
import numpy as np
from distributed import Client, LocalCluster


def centre(embeddings, turn):
    """The mean before; the embeddings are centred in place."""
    before = float(embeddings.mean())
    embeddings -= embeddings.mean(axis=0)
    return round(before, 3)


if __name__ == "__main__":
    seen = {}
    for processes in (True, False):
        mine = np.full((1000, 64), 5.0)
        options = {"n_workers": 1, "threads_per_worker": 1, "processes": processes, "dashboard_address": None}
        with LocalCluster(**options) as cluster, Client(cluster) as client:
            scattered = client.scatter(mine)
            means = [client.submit(centre, scattered, turn).result() for turn in range(2)]
        seen[processes] = (means, round(float(mine.mean()), 3))
    print(f"dask {dask.__version__}, numpy {np.__version__}")
    for processes, (means, own) in seen.items():
        print(f"processes={processes}: first and second task see the means {means}; the caller's array has {own} afterwards")
    if seen != {True: ([5.0, 0.0], 5.0), False: ([5.0, 0.0], 0.0)}:
        sys.exit("Tasks of Dask no longer share a scattered array as seen.")
PYTHON
venv/bin/python task.py
