from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import psutil
import pytest

from core.admission.decoding import AHEAD, BATCH_FILES, IN_PLACE, decoded
from core.admission.entry import Entry
from core.admission.preparation import Preparation, prepared
from tests.core.admission.made import png
from tests.imports import ROOT

RULE = Preparation(8, 8)


def entries(count: int) -> Iterator[Entry]:
    for number in range(count):
        content = b"none" if number % 7 == 3 else png(seed=number)
        yield Entry(f"{number}.png", content, (number + 1) / count, "refused before" if number % 11 == 5 else "")


@pytest.mark.parametrize("count", [0, 1, IN_PLACE, IN_PLACE + 1, 3 * IN_PLACE])
def test_files_come_decoded_in_their_order_in_place_or_elsewhere(count: int) -> None:
    found = list(decoded(entries(count), RULE, processes=2))
    assert [one.name for one in found] == [f"{number}.png" for number in range(count)]
    for number, one in enumerate(found):
        if number % 11 == 5:
            assert one.refusal == "refused before" and one.pixels is None
        elif number % 7 == 3:
            assert "it is no image" in one.refusal and one.pixels is None
        else:
            assert one.pixels is not None and np.array_equal(one.pixels, prepared(png(seed=number), RULE)[0])
            assert one.size == (12, 9) and one.share == (number + 1) / count


def test_few_files_are_read_ahead() -> None:
    taken = []

    def watched() -> Iterator[Entry]:
        for number in range(2000):
            taken.append(number)
            yield Entry(f"{number}", b"", 0.0, "nothing")

    stream = decoded(watched(), RULE, processes=2)
    next(stream)
    assert len(taken) <= IN_PLACE + (AHEAD * 2 + 2) * BATCH_FILES
    assert len(list(stream)) == 1999


def test_processes_end_with_the_one_that_started_them() -> None:
    script = (
        "from tests.core.admission.test_decoding import entries, RULE\n"
        "from core.admission.decoding import decoded\n"
        "import time\n"
        "if __name__ == '__main__':\n"
        "    stream = decoded(entries(400), RULE, processes=2)\n"
        "    next(stream)\n"
        "    print('decoding', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"decoding\n"
        others = psutil.Process(process.pid).children(recursive=True)
        assert len(others) >= 2
        process.kill()
    until = time.monotonic() + 60
    while any(other.is_running() and other.status() != psutil.STATUS_ZOMBIE for other in others):
        assert time.monotonic() < until, "they go on without the process that wanted them"
        time.sleep(0.05)
