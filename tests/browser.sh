#!/usr/bin/env bash
# Makes sure that a Chromium is there for the browser tests: the one found, or Debian's.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done

as_root=()
if [ "$(id -u)" != 0 ]; then
    as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends chromium fonts-liberation
    exit 0
fi

echo "The browser tests need Chromium, found none and may not install it. Install it (on Debian: apt-get install chromium) and run make test again." >&2
exit 1
