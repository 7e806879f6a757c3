"""Frames of moving figures, kept once per server under a digest of their content.

A message to the browser names frames and carries none of them; the browser asks for those it has not seen. A name
stands for one content for ever, so a refreshed page and a second tab find frames in the browser's cache, and after a
restart of the server the page's next run registers them again. Refused: numbering the frames a browser is believed to
hold, which goes wrong when it reconnects.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from dashboard.components.spool import Content

LIMIT_BYTES = 256 * 2**20
VERSIONS = 32  # of what grows: those that its readers show, and are about to ask for
MOST_NAMES = 256

_kept: OrderedDict[str, Content] = OrderedDict()
_versions: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()  # digests by the name of what has them
_lock = Lock()
_size = 0


def digest_of(content: bytes) -> str:
    """The name of a content: 32 hexadecimal digits, too many to guess."""
    return sha256(content).hexdigest()[:32]


def keep(digest: str, content: Content) -> None:
    """Hold a content; those unused longest leave when all together exceed LIMIT_BYTES."""
    global _size
    with _lock:
        if digest not in _kept:
            _kept[digest] = content
            _size += len(content)
        _kept.move_to_end(digest)
        while _size > LIMIT_BYTES and len(_kept) > 1:
            _size -= len(_kept.popitem(last=False)[1])


def keep_version(name: str, digest: str, content: Content) -> None:
    """Hold a content, which takes the place of an earlier one: of those with this name the ones unused longest leave
    when there are more than VERSIONS. A figure of a live run has another one every second."""
    keep(digest, content)
    global _size
    with _lock:
        versions = _versions.setdefault(name, OrderedDict())
        _versions.move_to_end(name)
        versions[digest] = None
        versions.move_to_end(digest)
        while len(versions) > VERSIONS:
            gone = _kept.pop(versions.popitem(last=False)[0], None)
            _size -= len(gone or b"")
        while len(_versions) > MOST_NAMES:
            _versions.popitem(last=False)


def find(digest: str) -> bytes | None:
    """The content with this digest, if it is still kept."""
    with _lock:
        content = _kept.get(digest)
    return None if content is None else bytes(content)
