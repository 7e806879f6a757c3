import inspect
import subprocess
import sys

import numpy as np
import pytest

from core.datasets import DATASETS, Images
from core.datasets.brought import Brought
from core.datasets.images import Dataset
from core.params import build
from tests.imports import ROOT

PRESENT = {name: kind for name, kind in DATASETS.items() if kind is not Brought}  # nobody has brought anything here


def test_every_file_is_in_the_table() -> None:
    files = {file.stem for file in (ROOT / "core" / "datasets").glob("*.py")}
    files -= {"__init__", "samples", "images", "vectors", "admitted", "fitting", "picture"}
    assert {kind.__module__.rpartition(".")[2] for kind in DATASETS.values()} == files


@pytest.mark.parametrize("kind", DATASETS.values(), ids=DATASETS)
def test_says_what_it_is(kind: type[Dataset]) -> None:
    assert kind.summary.endswith(".") and kind.licence and kind.size
    assert isinstance(kind.real, bool)
    assert kind.real or "ynthetic" in kind.summary
    assert inspect.getdoc(kind) != inspect.getdoc(kind.__mro__[1])


@pytest.mark.parametrize("kind", PRESENT.values(), ids=PRESENT)
def test_loads_valid_images_once(kind: type[Dataset]) -> None:
    images = kind().load()
    assert isinstance(images, Images)
    assert build("dataset", DATASETS, kind().described()).load() is images, "equal parameters share one set"
    assert (np.bincount(images.labels, minlength=images.class_count) > 1).all()
    assert not kind().needs_download


def test_loading_imports_nothing_heavy() -> None:
    script = (
        "import sys; from core.datasets import DATASETS\n"
        "for name in set(DATASETS) - {'brought'}: DATASETS[name]().load().digest\n"
        "heavy = {'torch', 'torchvision', 'sklearn', 'scipy', 'pandas', 'PIL'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
