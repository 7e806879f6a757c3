"""Keeps how well the last snapshots of the recorded runs answer three questions, so that they answer at once.

`python -m core.makers.kept_questions` measures each and writes assets/questions, a file for each run by its content.
"""

from __future__ import annotations

from core.jobs.measure_questions import HOME, VERSION, keep, measured
from core.jobs.measure_reached import digest_of
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def main() -> None:
    """Measure all, and let go of what is of no run any more."""
    made = set()
    for folder in sorted((ASSETS / "recorded").iterdir()):
        run = Run(folder)
        step = run.snapshots()[-1].step
        path = ASSETS / HOME / f"{digest_of(run, [step], VERSION)}.npz"
        keep(path, measured(run, step))
        made.add(path)
        print(f"{run.folder.name}: {path.name}")
    for path in (ASSETS / HOME).glob("*.npz"):
        if path not in made:
            path.unlink()


if __name__ == "__main__":
    main()
