"""What `python -m core` is asked, by the name of the file in expected/ that keeps the answer."""

from __future__ import annotations

STATISTICS = {
    "euclidean": "grid.npz --margin 0.25",
    "no-margin": "grid.npz --margin 0",
    "cosine": "grid.npz --distance cosine",
    "manhattan": "grid.npz --distance manhattan --margin 0.5",
    "mahalanobis": "spread.npz --distance mahalanobis",
    "wide-scale": "spread.npz --margin 20",
    "squared": "spread.npz --margin 500 --distance squared-euclidean",
    "hamming": "grid.npz --distance hamming --margin 0.2",
    "roles": "roles.npz --margin 0.25",
    "roles-across-groups": "roles.npz --across-groups --junk 3 --distractors 5 --distance cosine",
}
VERIFY = {
    "far": "grid.npz --target-far 0.01",
    "far-safe-side": "grid.npz --target-far 0.1 --safe-side --protocol same-pairs",
    "far-identities": "grid.npz --target-far 0.05 --weights identities --distance cosine",
    "frr-folds": "grid.npz --target-frr 0.05 --protocol ten-folds",
    "eer": "spread.npz --goal eer",
    "accuracy-same-pairs": "spread.npz --goal accuracy --protocol same-pairs --distance mahalanobis",
    "youden": "grid.npz --goal youden --distance manhattan",
    "f-beta": "grid.npz --goal f-beta --beta 2 --protocol ten-folds",
    "cost": "grid.npz --goal cost --cost-false-accept 10 --genuine-share 0.01",
    "by-hand": "grid.npz --threshold 0.75",
    "roles": "roles.npz --target-far 0.05 --protocol same-pairs",
    "roles-across-groups": "roles.npz --goal eer --across-groups",
    "couples": "couples.npz --goal accuracy",
    "listed": "named.npz --pairs pairs.csv --distance cosine --target-far 0.05",
    "scored": "scores.csv --goal eer",
    "scored-by-hand": "scores.csv --threshold 1.5 --closer larger",
    "scored-folds": "folds.csv --goal accuracy",
    "trials-refused": "scores.txt --trials trials.txt --target-frr 0.1 --failures refused",
    "trials-left-out": "scores.txt --trials trials.txt --goal youden --failures left-out",
}
SMALL = "--split-evaluation-share 0.9 --epochs 2 --encoder-dimension 32 --probe-points 80 --seed 3"
FEW = "--encoder mlp --encoder-width 32"
STRANGERS = "--split by-identity --split-evaluation-share 0.5"
TRAIN = {
    "triplet": f"{SMALL} {FEW} --sampler-classes-per-batch 6 --sampler-samples-per-class 5",
    "contrastive": f"{SMALL} --loss contrastive --miner all --sampler shuffled {FEW}",
    "margin-based": f"{SMALL} --loss margin-based --miner distance-weighted {FEW}",
    "n-pair": f"{SMALL} --loss n-pair --miner n-pairs --sampler n-pairs {FEW}",
    "proxy-anchor": f"{SMALL} --loss proxy-anchor --sampler shuffled {STRANGERS} {FEW}",
    "softmax": f"{SMALL} --loss softmax --sampler class-balanced --shift 1",
    "batch-hard": f"{SMALL} --miner batch-hard --sampler hard-classes --distance cosine --encoder mlp",
}
# Blocks come in where points are many: these are drawn in the test, not kept (record.py).
LARGE = {
    "statistics": "large.npz --margin 0.25",
    "verify": "large.npz --target-far 0.001",
}


def every_case() -> dict[str, list[str]]:
    """By the name of its answer, the words that stand behind `python -m core`."""
    commands = {"statistics": STATISTICS, "verify": VERIFY, "train": TRAIN}
    cases = {
        f"{command}/{name}": [command, *words.split()]
        for command, asked in commands.items()
        for name, words in asked.items()
    }
    return cases | {f"large/{command}": [command, *words.split()] for command, words in LARGE.items()}
