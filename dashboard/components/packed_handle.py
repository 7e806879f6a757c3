"""A handle ready to send: what it looks up travels once, by a digest, and only where it stands in every message."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plotly.io.json import to_json_plotly

from dashboard.components.frames import digest_of
from dashboard.components.gestures import Handle, encoded


@dataclass(frozen=True)
class PackedHandle:
    """A handle as JSON. Make it once with `pack_handle`, cache it, and hand it to every session."""

    value: float
    digest: str
    content: bytes
    """All of the handle but its value."""

    def at(self, value: float) -> PackedHandle:
        """The same handle at another place."""
        return replace(self, value=value)


def pack_handle(handle: Handle) -> PackedHandle:
    """Turn a handle into text; numbers become plotly's binary arrays."""
    described = encoded(handle)
    del described["value"]
    content = to_json_plotly(described).encode()
    return PackedHandle(float(handle.value), digest_of(content), content)
