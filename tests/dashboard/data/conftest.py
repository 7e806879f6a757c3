"""What tests of the panel share."""

from tests.dashboard.page_store import store

__all__ = ["store"]
