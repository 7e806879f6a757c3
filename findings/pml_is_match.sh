#!/usr/bin/env bash
# pytorch-metric-learning: two methods of one MatchFinder decide differently. get_matching_pairs scales the embeddings to length 1
# where its distance says so (the default), is_match does not: of "cosine similarities" it compares bare products. And as
# torch adds 0.000001 to each difference, is_match(a, b) and is_match(b, a) differ for Euclidean pairs at the limit.
# Way out: scale embeddings yourself before either method; a limit between the chosen distance and the next larger one.
#
# Seen with Python 3.11.7 on x86-64:
#   pytorch-metric-learning 2.9.0, torch 2.13.0
#   cosine 0.96, threshold 0.98, get_matching_pairs: False
#   the same, is_match: True
#   the same, is_match, scaled before: False
#   distance 5, threshold 5, get_matching_pairs: True
#   the same, is_match(a, b): True
#   the same, is_match(b, a): False
#   the same, is_match(b, a), threshold 5.5: True
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
from pytorch_metric_learning.distances import CosineSimilarity, LpDistance
from pytorch_metric_learning.utils.inference import MatchFinder

one, other = torch.tensor([[3.0, 4.0]]), torch.tensor([[4.0, 3.0]])  # their cosine is 0.96, their product 24
near, far = torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, 6.0]])  # exactly 5 apart
cosine = MatchFinder(CosineSimilarity(), threshold=0.98)
euclidean = MatchFinder(LpDistance(normalize_embeddings=False), threshold=5.0)
scaled = [torch.nn.functional.normalize(side) for side in (one, other)]
seen = {
    "cosine 0.96, threshold 0.98, get_matching_pairs": bool(cosine.get_matching_pairs(one, other)[0, 0]),
    "the same, is_match": cosine.is_match(one, other),
    "the same, is_match, scaled before": cosine.is_match(*scaled),
    "distance 5, threshold 5, get_matching_pairs": bool(euclidean.get_matching_pairs(near, far)[0, 0]),
    "the same, is_match(a, b)": euclidean.is_match(near, far),
    "the same, is_match(b, a)": euclidean.is_match(far, near),
    "the same, is_match(b, a), threshold 5.5": euclidean.is_match(far, near, threshold=5.5),
}
print(f"pytorch-metric-learning {version('pytorch-metric-learning')}, torch {torch.__version__.split('+')[0]}")
for asked, answer in seen.items():
    print(f"{asked}: {answer}")
if list(seen.values()) != [False, True, False, True, True, False, True]:
    sys.exit("The methods of MatchFinder no longer decide as seen.")
PYTHON
