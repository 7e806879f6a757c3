"""What tests of pages share."""

from tests.dashboard.conftest import no_map_measurer
from tests.dashboard.page_store import store

__all__ = ["no_map_measurer", "store"]
