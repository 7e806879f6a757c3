"""Write the answers of a checkout to every case, a JSON file each: `python tests/results/record.py CHECKOUT FOLDER`.

All in one process, as commands (`python -m core ...`), with the settings under which torch, MKL, oneDNN, OpenBLAS and
numpy count the same on every x86-64 processor. Left out is what changes from day to day: times, dates, the method of
the map, which depends on how fast UMAP was loaded.
"""

from __future__ import annotations

import os

os.environ |= {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}

import argparse
import io
import json
import runpy
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from cases import every_case
from processor import processor

HERE = Path(__file__).parent
CHANGING = {"date", "seconds", "map"}
POINTS, IDENTITIES = 10_200, 600
ARRAYS = ("embeddings", "edges", "positive_counts", "negative_counts", "margins", "semi_hard_counts", "thresholds")


def answer(words: list[str]) -> tuple[int, Any]:
    """The exit status of `python -m core WORDS`, and the JSON on the last lines of its standard output."""
    said, before = io.StringIO(), sys.argv
    sys.argv = ["core", *words]
    try:
        with redirect_stdout(said):
            runpy.run_module("core", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        assert said.getvalue(), f"{' '.join(words)} has no answer, and the exit status {end.code}"
        return int(end.code or 0), json.loads(said.getvalue())
    finally:
        sys.argv = before
    raise AssertionError("python -m core ends with its exit status")


def answer_of_training(words: list[str]) -> tuple[int, Any]:
    """The same, with what the run folder holds of every update and every snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        status, result = answer([*words, "--out", folder])
        steps, snapshots = (
            [json.loads(line) for line in (Path(folder) / f"{name}.jsonl").read_text().splitlines()]
            for name in ("steps", "snapshots")
        )
        digests = {file.stem: digests_of(file) for file in sorted((Path(folder) / "snapshots").glob("*.npz"))}
    return status, {"result": result, "steps": steps, "snapshots": snapshots, "digests": digests}


def digests_of(file: Path) -> dict[str, str]:
    """SHA-256 of each array by which a snapshot tells what was counted."""
    with np.load(file) as arrays:
        return {
            name: sha256(np.ascontiguousarray(arrays[name]).tobytes()).hexdigest()
            for name in ARRAYS
            if name in arrays.files
        }


def without_changing(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_changing(held) for name, held in value.items() if name not in CHANGING}
    return [without_changing(held) for held in value] if isinstance(value, list) else value


def write(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=1) + "\n")


def write_large(file: Path) -> None:
    """More points than are measured at once, on a coarse grid: eight dimensions in 64ths, so that distances tie."""
    random = np.random.RandomState(9)
    labels = np.concatenate([np.arange(IDENTITIES), random.randint(0, IDENTITIES, size=POINTS - IDENTITIES)])
    centres = random.randint(-60, 61, size=(IDENTITIES, 8))
    embeddings = (centres[labels] + random.randint(-30, 31, size=(POINTS, 8))) / 64
    np.savez(file, embeddings=embeddings.astype(np.float32), labels=labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="the folder with core/")
    parser.add_argument("folder", type=Path, help="where the answers go")
    parser.add_argument("cases", nargs="*", help="only these, as statistics/cosine")
    options = parser.parse_args()
    sys.path[0] = str(options.checkout.resolve())
    cases, answers = every_case(), options.folder.resolve()
    asked = options.cases or cases
    with tempfile.TemporaryDirectory() as inputs:
        shutil.copytree(HERE / "inputs", inputs, dirs_exist_ok=True)
        os.chdir(inputs)
        if any(name.startswith("large/") for name in asked):
            write_large(Path("large.npz"))
        for name in asked:
            words = cases[name]
            status, found = (answer_of_training if words[0] == "train" else answer)(words)
            write(answers / f"{name}.json", {"words": words, "status": status, "answer": without_changing(found)})
    write(answers / "processor.json", processor())


if __name__ == "__main__":
    main()
