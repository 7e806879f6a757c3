"""torch, loaded at its first use.

A page reads what a loss or an encoder declares (its name, its parameters) and must not pay for torch, which takes
seconds and hundreds of megabytes. So the families write `from core.lazy import torch` and get the real module as soon
as they compute. Refused: a generated catalogue file, which would be a second thing to keep up to date.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
else:

    class _Module:
        """Stands for a module until one of its attributes is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            return getattr(import_module(self._name), attribute)

    torch = _Module("torch")

__all__ = ["torch"]
