"""The processor as numba sees it when it compiles: by this it chooses the order of sums that may be reordered."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm


def processor() -> dict[str, Any]:
    """Its name, and what it can do with vectors."""
    able = llvm.get_host_cpu_features()
    vectors = sorted(name for name, is_there in able.items() if is_there and name.startswith(("sse", "avx", "fma")))
    return {"name": llvm.get_host_cpu_name(), "vectors": vectors}
