"""What a run can be, what may follow what, and how the engine answers a request."""

from __future__ import annotations

from types import MappingProxyType

WANTED = ("run", "pause", "stop")

FOLLOWING: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {
        "queued": frozenset({"running", "paused", "stopped", "failed"}),
        "running": frozenset({"pausing", "stopping", "finished", "failed", "interrupted"}),
        "pausing": frozenset({"paused", "stopping", "finished", "failed", "interrupted"}),
        "stopping": frozenset({"stopped", "finished", "failed", "interrupted"}),
        "paused": frozenset({"queued", "stopped"}),
        "stopped": frozenset({"queued"}),
        "failed": frozenset({"queued"}),
        "interrupted": frozenset({"queued", "paused", "stopped", "failed"}),
        "finished": frozenset(),
    }
)
STATES = tuple(FOLLOWING)
ACTIVE = ("running", "pausing", "stopping")  # a worker has it
UNDER_WAY = (*ACTIVE, "queued", "interrupted")  # it comes to something without anybody's asking
RESTING = ("paused", "stopped", "failed")  # a wish to run puts it back into the queue, at the end

# Where (state, wanted) is not named the state stays: a finished run has nothing left to do, and a run that is being
# paused is first paused, then queued again.
ANSWERS: MappingProxyType[tuple[str, str], str] = MappingProxyType(
    {
        ("queued", "pause"): "paused",
        ("queued", "stop"): "stopped",
        ("running", "pause"): "pausing",
        ("running", "stop"): "stopping",
        ("pausing", "stop"): "stopping",
        ("paused", "run"): "queued",
        ("paused", "stop"): "stopped",
        ("stopped", "run"): "queued",
        ("failed", "run"): "queued",
        ("interrupted", "run"): "queued",
        ("interrupted", "pause"): "paused",
        ("interrupted", "stop"): "stopped",
    }
)


def before(state: str) -> tuple[str, ...]:
    """The states that may be followed by this one."""
    return tuple(earlier for earlier, later in FOLLOWING.items() if state in later)
