"""The store of the tests of this room, each with one of its own."""

from tests.dashboard.page_store import store

__all__ = ["store"]
