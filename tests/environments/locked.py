"""What constraints.txt pins, and what is installed because of the requirements."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import distribution, version

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.environments.lock import PLATFORMS
from tests.imports import ROOT

MACHINES = tuple(name.split("-")[0] for name in PLATFORMS)


def required(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]


def everything_required() -> list[Requirement]:
    return required("requirements.txt") + required("tests/requirements.txt")


def pins(python: str = platform.python_version(), machine: str = platform.machine()) -> list[tuple[str, Version]]:
    """Names and versions, of that Python and processor under Linux."""
    environment = {**default_environment(), "platform_machine": machine, "python_full_version": python}
    environment["python_version"] = ".".join(python.split(".")[:2])
    return [
        (canonicalize_name(pin.name), Version(str(pin.specifier).removeprefix("==")))
        for pin in required("constraints.txt")
        if pin.marker is None or pin.marker.evaluate(environment)
    ]


def locked() -> dict[str, Version]:
    """The pins of this environment."""
    return dict(pins())


def installed() -> dict[str, Version]:
    """What is here because a requirement, or something that one needs, asks for it."""
    found: dict[str, Version] = {}
    seen, waiting = set(), everything_required()
    while waiting:
        needed = waiting.pop()
        if str(needed) not in seen:
            seen.add(str(needed))
            found[canonicalize_name(needed.name)] = Version(version(needed.name))
            waiting += _needs(needed)
    return found


def _needs(of: Requirement) -> Iterator[Requirement]:
    """Its own requirements and those of the extras that are asked for, as far as they concern this environment."""
    for line in distribution(of.name).requires or ():
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *of.extras)):
            needed.marker = None
            yield needed
