#!/usr/bin/env bash
# Dask's distributed and Tornado: both wait until a moment of the machine's clock, which can be set, where asyncio below
# them waits by one that cannot. A clock that is set back by an hour within the interval of 2 to 10 ms after a message
# (by a time server, or when a virtual machine goes on after a pause) holds all later messages of that connection for an
# hour: a worker's results and events do not come, and nothing is logged. Whatever is called at intervals, heartbeats
# among them, rests for as long.
# Way out: set IOLoop.time and distributed.batched.time to time.monotonic, both and before the first loop, in every
# process (for workers by distributed.worker.preload).
#
# Seen with Python 3.11.7 on x86-64:
#   distributed 2026.8.0, tornado 6.6.1
#   by the machine's clock: received ['first'], called again False
#   by a clock nobody sets: received ['first', 'second'], called again True
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet distributed==2026.8.0 tornado==6.6.1

cd "$folder"
cat > waits.py <<'PYTHON'
import asyncio
import sys
import time

true_time, ahead = time.time, [0.0]
time.time = lambda: true_time() + ahead[0]  # in place of setting the machine's clock

import distributed.batched
from distributed.core import connect, listen
from tornado.ioloop import IOLoop, PeriodicCallback

if sys.argv[1] == "by a clock nobody sets":
    IOLoop.time, distributed.batched.time = lambda loop: time.monotonic(), time.monotonic

received, calls = [], []


async def receive(connection):
    while True:
        received.extend(await connection.read())


async def main():
    listener = await listen("inproc://", receive)
    sender = distributed.batched.BatchedSend(interval="100ms", loop=IOLoop.current())
    sender.start(await connect(listener.contact_address))
    PeriodicCallback(lambda: calls.append(1), 20).start()
    sender.send("first")
    await asyncio.sleep(0.05)
    ahead[0] = -3600.0
    sender.send("second")
    await asyncio.sleep(0.1)
    before = len(calls)
    await asyncio.sleep(3)
    called = len(calls) > before
    print(f"{sys.argv[1]}: received {received}, called again {called}")
    is_steady = sys.argv[1] == "by a clock nobody sets"
    if received != ["first", "second"][: 1 + is_steady] or called != is_steady:
        sys.exit("Dask and Tornado now wait otherwise.")


asyncio.run(main())
PYTHON
venv/bin/python -c 'import distributed, tornado; print(f"distributed {distributed.__version__}, tornado {tornado.version}")'
venv/bin/python waits.py "by the machine's clock" 2> log
venv/bin/python waits.py "by a clock nobody sets" 2> log
