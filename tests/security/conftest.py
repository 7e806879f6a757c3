"""What tests of pages share."""

from tests.dashboard.page_store import store

__all__ = ["store"]
