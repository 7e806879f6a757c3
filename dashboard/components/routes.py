"""Routes of the app beside Streamlit's own: plotly.js, the scripts of the live figure and the playground, frames, and
the pictures of a run."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Awaitable, Callable, Hashable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from dashboard.components import frames
from dashboard.components.changes import Changes
from dashboard.components.together import Together
from dashboard.wording import ENGLISH

FIGURE_FOLDER = Path(__file__).parent / "figure"
PLAYGROUND_FOLDER = Path(__file__).parent / "playground"
FOLDERS = {folder.name: folder for folder in (FIGURE_FOLDER, PLAYGROUND_FOLDER)}
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
FOR_EVER = "public, max-age=31536000, immutable"
MOST_FRAMES = 100
WAIT_SECONDS = 2.0  # for news; a server that is asked to end waits for those who wait
HEALTH = "/api/health"
FIND_PROBE = Callable[[str], Path | None]
FIND_NEWS = Callable[[str, str, str, str], bytes | None]
FIND_DRAWING = Callable[[str, str], str | None]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def routes(
    find_probe: FIND_PROBE,
    find_news: FIND_NEWS = lambda *_: None,
    stamp: Callable[[str], Hashable] = lambda name: None,
    base_url: str = "",
    problem: Callable[[], str] = lambda: "",
    find_drawing: FIND_DRAWING = lambda *_: None,
) -> list[Route]:
    """Routes for `st.App(routes=...)`.

    `find_probe` gives the sprite of a run or a recorded lesson, or None; `find_news` what a figure of the run has
    gained, from the run's name, the theme, the digest of the last frame that the browser has and the language: JSON
    with `from`, `frames`, `contents` and `figure`, nothing, or None where there is no such run. Both are asked only for
    plain names.
    `stamp` gives something that differs once a run has gained something: whoever asks for news waits for that.
    `base_url` is `server.baseUrlPath`. `problem` says why no page works, for a balancer that asks whether they do.
    `find_drawing` gives the picture of a word, SVG, by the theme and the word, or None.
    """
    base = f"/{base_url.strip('/')}".rstrip("/")
    return [
        Route(f"{base}/vendor/plotly.min.js", _plotly),
        *(Route(f"{base}/vendor/{folder}/{{digest}}/{{name}}", _script_file(folder)) for folder in FOLDERS),
        Route(f"{base}/vendor/frames/{{digests}}", _frames),
        Route(f"{base}/vendor/words/{{digest}}/{{theme}}/{{name}}.svg", _drawing(find_drawing)),
        Route(f"{base}/runs/{{name}}/probe.png", _probe(find_probe)),
        Route(f"{base}/runs/{{name}}/map", _news(find_news, Changes(stamp))),
        Route(f"{base}{HEALTH}", _health(problem)),
    ]


def plotly_url() -> str:
    """The address of plotly.js, with a digest, so that a browser may keep it."""
    return f"{_base()}/vendor/plotly.min.js?v={_plotly_script()[1]}"


def module_url(folder: str = "figure") -> str:
    """Address of the main script of a folder; its digest is a folder, so that imports between the files carry it
    too."""
    return f"{_base()}/vendor/{folder}/{_script_files(folder)[1]}/main.js"


def script_urls(folder: str = "figure") -> list[str]:
    """Addresses of all scripts of a folder, its main one first."""
    files, digest = _script_files(folder)
    names = sorted((name for name in files if name.endswith(".js")), key=lambda name: (name != "main.js", name))
    return [f"{_base()}/vendor/{folder}/{digest}/{name}" for name in names]


def frames_url() -> str:
    """The address below which frames lie by their digests."""
    return f"{_base()}/vendor/frames/"


def drawing_url(digest: str, theme: str, word: str) -> str:
    """The address of the picture of a word; `digest` is of all of these pictures, so that a browser may keep them."""
    return below_base(f"/vendor/words/{digest}/{theme}/{word}.svg")


def below_base(path: str) -> str:
    """Where the browser finds a path of this app, such as /runs/NAME/probe.png."""
    return f"{_base()}{path}"


def _base() -> str:
    return f"/{str(st.get_option('server.baseUrlPath')).strip('/')}".rstrip("/")


@cache
def _plotly_script() -> tuple[bytes, str]:
    """The script out of the installed plotly package, compressed once, and its digest."""
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None, "plotly is a requirement"
    script = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()
    return gzip.compress(script, 6, mtime=0), sha256(script).hexdigest()[:16]


@cache
def _script_files(folder: str) -> tuple[dict[str, tuple[bytes, str]], str]:
    """The files of a folder by name with their media types, and a digest of them all."""
    paths = sorted(path for path in FOLDERS[folder].iterdir() if path.suffix in MEDIA_TYPES)
    files = {path.name: (path.read_bytes(), MEDIA_TYPES[path.suffix]) for path in paths}
    return files, sha256(b"".join(content for content, _ in files.values())).hexdigest()[:16]


async def _plotly(request: Request) -> Response:
    content, digest = _plotly_script()
    headers = {"etag": f'"{digest}-gzip"', "cache-control": FOR_EVER, "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        headers["etag"] = f'"{digest}"'
        content = gzip.decompress(content)
    else:
        headers["content-encoding"] = "gzip"
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers={"etag": headers["etag"], "cache-control": FOR_EVER})
    return Response(content, media_type="text/javascript", headers=headers)


def _script_file(folder: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        files, digest = _script_files(folder)
        name = request.path_params["name"]
        if name not in files:
            return Response(status_code=404)
        content, media_type = files[name]
        # A page opened before an update asks under the old digest: it gets the new file, but may not keep it.
        current = request.path_params["digest"] == digest
        return Response(content, media_type=media_type, headers={"cache-control": FOR_EVER if current else "no-store"})

    return serve


async def _frames(request: Request) -> Response:
    """A JSON list of the frames named in the address, in that order; 404 if one of them is not held."""
    digests = request.path_params["digests"].split(",")
    contents = [frames.find(digest) for digest in digests[:MOST_FRAMES]]
    if len(digests) > MOST_FRAMES or None in contents:
        return Response(status_code=404, headers={"cache-control": "no-store"})
    body = b"[" + b",".join(content for content in contents if content is not None) + b"]"
    return Response(body, media_type="application/json", headers={"cache-control": FOR_EVER})


def _drawing(find: FIND_DRAWING) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        content = find(request.path_params["theme"], request.path_params["name"])
        if content is None:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        return Response(content, media_type="image/svg+xml", headers={"cache-control": FOR_EVER})

    return serve


def _probe(find: FIND_PROBE) -> Callable[[Request], Response]:
    """A plain function, so that Starlette runs the look-up in a thread."""

    def serve(request: Request) -> Response:
        name = request.path_params["name"]
        path = find(name) if NAME.fullmatch(name) else None
        if path is None or not path.is_file():
            return Response(status_code=404, headers={"cache-control": "no-store"})
        return FileResponse(path, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    return serve


def _health(problem: Callable[[], str]) -> Callable[[Request], Response]:
    """200 where pages work, 503 where they cannot: it tells nothing else, since anybody may ask."""

    def serve(request: Request) -> Response:
        found = problem()
        said = {"status": "fails", "problem": found} if found else {"status": "works"}
        return JSONResponse(said, 503 if found else 200, {"cache-control": "no-store"})

    return serve


def _news(find: FIND_NEWS, changes: Changes) -> Callable[[Request], Awaitable[Response]]:
    """Answers when there is something new, or with nothing after WAIT_SECONDS."""
    together = Together(find)

    async def serve(request: Request) -> Response:
        name, asked = request.path_params["name"], request.query_params
        if not NAME.fullmatch(name):
            return Response(status_code=404, headers={"cache-control": "no-store"})
        loop, wanted = (
            asyncio.get_running_loop(),
            (name, asked.get("theme", ""), asked.get("have", ""), asked.get("language", ENGLISH)),
        )
        end, seen = loop.time() + WAIT_SECONDS, changes.stamp(name)  # before looking: the next look sees what comes
        # Whoever asks looks first alone, which says whether it is theirs to see, and waits with the others then.
        content = await run_in_threadpool(find, *wanted)
        while content == b"" and (left := end - loop.time()) > 0:
            await changes.after(name, seen, left)
            if (now := changes.stamp(name)) != seen:
                seen, content = now, await together(now, *wanted)
        status = 404 if content is None else 200 if content else 204
        return Response(content, status, {"cache-control": "no-store"}, "application/json")

    return serve
