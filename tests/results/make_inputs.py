"""Write the small files in inputs/ that `python -m core` is given: `python tests/results/make_inputs.py`.

Unequal identities, one of a single point, coordinates on a grid so that distances tie, and once none of that.
RandomState is frozen by numpy: the same numbers for ever.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

INPUTS = Path(__file__).parent / "inputs"
SIZES = (1, 2, 3, 4, 5, 6, 3, 2, 4, 5)


def labels_of(identities: int) -> np.ndarray:
    """(N,) in a drawn order, identity i with SIZES[i % 10] points."""
    sizes = np.resize(SIZES, identities)
    return np.random.RandomState(1).permutation(np.repeat(np.arange(identities), sizes))


def on_a_grid(labels: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """(N, D) float32, eighths around a centre of each label."""
    random = np.random.RandomState(seed)
    centres = random.randint(-6, 7, size=(labels.max() + 1, dimensions))
    return ((centres[labels] + random.randint(-3, 4, size=(len(labels), dimensions))) / 8).astype(np.float32)


def write_points() -> None:
    """On a grid, off it and of wide scale, and in pairs of rows."""
    labels = labels_of(40)
    np.savez_compressed(INPUTS / "grid.npz", embeddings=on_a_grid(labels, 6, 2), labels=labels)
    random = np.random.RandomState(3)
    few = labels_of(24)
    spread = random.standard_normal((24, 12))[few] + 0.8 * random.standard_normal((len(few), 12))
    np.savez_compressed(INPUTS / "spread.npz", embeddings=spread * 37.5, labels=np.array([f"id {n}" for n in few]))
    both = np.repeat(np.arange(60), 2)
    both[1::4] += 1  # every other pair is of two identities
    couples = on_a_grid(both, 6, 4)
    np.savez_compressed(INPUTS / "couples.npz", embeddings=couples, issame=both[::2] == both[1::2])


def write_roles() -> None:
    """Queries against a gallery seen by three cameras, with junk and distractors."""
    labels, random = labels_of(30), np.random.RandomState(5)
    role = random.choice(
        ["query", "gallery", "both", "distractor", "junk"], size=len(labels), p=[0.3, 0.4, 0.2, 0.05, 0.05]
    )
    group = random.randint(0, 3, size=len(labels))
    np.savez_compressed(INPUTS / "roles.npz", embeddings=on_a_grid(labels, 6, 6), labels=labels, role=role, group=group)


def write_lists() -> None:
    """Pairs of named samples, pairs with scores, and scores beside their list of trials."""
    labels, random = labels_of(40), np.random.RandomState(7)
    names = np.array([f"{label:02d}/{row}.png" for row, label in enumerate(labels)])
    embeddings = on_a_grid(labels, 6, 8)
    np.savez_compressed(INPUTS / "named.npz", embeddings=embeddings, labels=labels, names=names)
    sides = random.randint(0, len(labels), size=(700, 2))
    alike = [(i, j) for i in range(len(labels)) for j in range(i) if labels[i] == labels[j]]
    drawn = [tuple(pair) for pair in sides.tolist() if pair[0] != pair[1]]
    pairs = list(dict.fromkeys([*alike, *drawn]))
    is_same = [int(labels[i] == labels[j]) for i, j in pairs]
    (INPUTS / "pairs.csv").write_text(
        "".join(f"{names[i]},{names[j]},{same}\n" for (i, j), same in zip(pairs, is_same, strict=True))
    )
    scores = [round(float(2 * same + random.standard_normal()), 2) for same in is_same]
    (INPUTS / "scores.csv").write_text(
        "first,second,similarity\n"
        + "".join(f"{labels[i]},{labels[j]},{score}\n" for (i, j), score in zip(pairs, scores, strict=True))
    )
    told = list(zip(pairs, scores, is_same, strict=True))[:600]
    (INPUTS / "scores.txt").write_text("".join(f"{names[i]} {names[j]} {score}\n" for (i, j), score, _ in told[:-7]))
    (INPUTS / "trials.txt").write_text(
        "".join(f"{names[i]} {names[j]} {'target' if same else 'nontarget'}\n" for (i, j), _, same in told)
    )
    folds = np.arange(len(told)) % 5
    (INPUTS / "folds.csv").write_text(
        "distance,is_same,fold\n"
        + "".join(f"{-score:.2f},{same},{fold}\n" for (_, score, same), fold in zip(told, folds, strict=True))
    )


if __name__ == "__main__":
    INPUTS.mkdir(exist_ok=True)
    write_points()
    write_roles()
    write_lists()
