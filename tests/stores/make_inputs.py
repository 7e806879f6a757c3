"""Write the small files in inputs/ that the stores were made from: `python tests/stores/make_inputs.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

INPUTS = Path(__file__).parent / "inputs"
IDENTITIES, EACH = 24, 3


def main() -> None:
    """RandomState is frozen by numpy: the same numbers for ever."""
    INPUTS.mkdir(exist_ok=True)
    random = np.random.RandomState(0)
    labels = np.repeat(np.arange(IDENTITIES), EACH)
    embeddings = random.randint(-4, 5, size=(IDENTITIES, 4))[labels] + random.randint(-4, 5, size=(len(labels), 4)) / 2
    people = [f"Person_{label:02d}" for label in labels]
    samples = [f"{person}_{row % EACH + 1:04d}" for row, person in enumerate(people)]
    faces = {"embeddings": embeddings.astype(np.float32), "labels": np.array(people)}
    np.savez_compressed(INPUTS / "faces.npz", **faces, names=np.array(samples))
    role = np.array(["query", "gallery", "both", "distractor", "junk"])[np.arange(len(labels)) % EACH]
    role[-2:] = ["distractor", "junk"]
    np.savez_compressed(INPUTS / "roles.npz", **faces, role=role, group=np.arange(len(labels)) % 2)
    same = [f"{person}\t1\t{2 + person_at % 2}" for person_at, person in enumerate(people[::EACH])]
    different = [
        f"{one}\t1\t{other}\t2" for one, other in zip(people[::EACH], people[EACH::EACH] + people[:1], strict=True)
    ]
    (INPUTS / "pairs.txt").write_text("\n".join([str(len(same)), *same, *different]) + "\n")
    is_same = random.randint(0, 2, size=60)
    scores = np.round(is_same + random.standard_normal(60), 1)
    lines = [f"{score},{truth}" for score, truth in zip(scores.tolist(), is_same.tolist(), strict=True)]
    (INPUTS / "scores.csv").write_text("\n".join(["similarity,is_same", *lines]) + "\n")


if __name__ == "__main__":
    main()
