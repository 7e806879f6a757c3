"""`python -m core.engine`: the engine of one store, until it is idle."""

from __future__ import annotations

import sys

from core.engine.process import main

if __name__ == "__main__":
    sys.exit(main())
