"""What onnxruntime raises, and what of it is worth quoting."""

from __future__ import annotations

from core.system.quoting import brief


def refusals() -> tuple[type[Exception], ...]:
    """What onnxruntime raises of a file and of samples: a dozen classes that have nothing in common."""
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    found = (value for value in vars(raised).values() if isinstance(value, type))
    return tuple(kind for kind in found if issubclass(kind, Exception))


def what_it_says(problem: Exception) -> str:
    """Without the number, the kind and the path that come before what is wrong."""
    return brief(str(problem).rpartition(" : ")[2].rpartition(" failed:")[2])
