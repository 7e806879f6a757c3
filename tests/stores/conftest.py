"""What tests of pages share."""

from tests.dashboard.conftest import no_map_measurer

__all__ = ["no_map_measurer"]
