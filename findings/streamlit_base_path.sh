#!/usr/bin/env bash
# Streamlit: with server.baseUrlPath an app behind a proxy answers below that path, media and health check included. The
# routes that it is given itself, `st.App(script, routes=[...])`, stay at the root of the server: below the path a proxy
# that passes on only what lies there gets 404, or the page itself, in place of the image.
# Way out: give such routes the base path, and use it in the addresses that the page sends to the browser.
#
# Seen with Python 3.11.7 on x86-64:
#   streamlit 1.67.0
#   /team/_stcore/health 200 ok
#   /team/image: not what the route answers
#   /image 200 an image
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet streamlit==1.67.0

cd "$folder"
cat > page.py <<'PYTHON_PAGE'
import streamlit as st

st.write("a page")
PYTHON_PAGE
cat > app.py <<'PYTHON_APP'
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def image(request):
    return PlainTextResponse("an image")


app = st.App("page.py", routes=[Route("/image", image)])
PYTHON_APP
venv/bin/python - <<'PYTHON'
import http.client
import socket
import subprocess
import sys
import time

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
options = {"server.port": port, "server.baseUrlPath": "team", "server.headless": "true", "server.address": "127.0.0.1"}
command = [sys.executable, "-m", "streamlit", "run", "app.py", "--browser.gatherUsageStats=false"]
command += [f"--{name}={value}" for name, value in options.items()]


def answer(path):
    """Status and text, or None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        found = connection.getresponse()
        return found.status, found.read().decode(errors="replace")
    except OSError:
        return None
    finally:
        connection.close()


server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(150):
        if (health := answer("/team/_stcore/health")) and health[0] == 200:
            break
        time.sleep(0.2)
    below, root = answer("/team/image"), answer("/image")
finally:
    server.terminate()
    server.wait()
version = subprocess.run([sys.executable, "-c", "import streamlit; print(streamlit.__version__)"], capture_output=True, text=True)
print(f"streamlit {version.stdout.strip()}")
print("/team/_stcore/health", *(health or ("no answer",)))
print("/team/image: the route answers" if below == (200, "an image") else "/team/image: not what the route answers")
print("/image", *(root or ("no answer",)))
if health is None or health[0] != 200 or below == (200, "an image") or root != (200, "an image"):
    sys.exit("Routes of an app now lie below the base path.")
PYTHON
