"""Write constraints.txt anew: the newest that the ranges allow, for every package that gets installed (`make lock`).

uv resolves, in an environment of its own: one file then serves every Python and processor, by markers. Each platform
is resolved once more with the file as constraints and wheels only, which shows that its tags are served.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "constraints.txt"
UV = "uv==0.13.9"
REQUIREMENTS = ("requirements.txt", "tests/requirements.txt")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
HEADER = f"""\
# Every package that gets installed for running and for testing, direct or not; written by `make lock`.
# Used as constraints: pip install -c constraints.txt -r requirements.txt
# Python {PYTHONS[0]} on x86-64 is installed and tested. Python {" and ".join(PYTHONS[1:])}, and Arm (aarch64), are
# only resolved: for each of them every package has a wheel with the tags of manylinux 2.28.
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/python", "-m", "pip", "install", "--quiet", UV], check=True)
        uv = [f"{folder}/bin/uv", "pip", "compile", "--quiet", "--no-config", "--no-header", "--no-annotate"]
        pins = resolved(uv, "--universal", "--python-version", PYTHONS[0])
        LOCK.write_text(HEADER + pins)
        for python in PYTHONS:
            for platform in PLATFORMS:
                tags = ("--python-version", python, "--python-platform", platform)
                count = len(resolved(uv, *tags, "--only-binary", ":all:", "-c", str(LOCK)).splitlines())
                print(f"Python {python} on {platform}: {count} packages, each with a wheel")
    return 0


def resolved(uv: list[str], *options: str) -> str:
    """One line for each package; pip is installed first and therefore named beside the requirements."""
    result = subprocess.run(
        [*uv, *options, *REQUIREMENTS, "-"], cwd=ROOT, input="pip\n", capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"{' '.join(options)} cannot be resolved:\n{result.stderr}")
    return result.stdout


if __name__ == "__main__":
    sys.exit(main())
