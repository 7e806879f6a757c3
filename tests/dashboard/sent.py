"""What a page sends to the browser's components, with what travels by its digest put back in."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard.components import frames


def sent_to_components(app: AppTest) -> list[dict[str, Any]]:
    """The data of each, in the order of the page."""
    return [_whole(json.loads(part.proto.json)) for part in app.get("bidi_component")]


def sent_with(app: AppTest, words: str) -> dict[str, Any] | None:
    """The data of the first one that holds these words."""
    return next((data for data in sent_to_components(app) if words in json.dumps(data, ensure_ascii=False)), None)


def _whole(data: dict[str, Any]) -> dict[str, Any]:
    if digest := data.get("figure_digest"):
        data = data | {"figure": _content(digest).decode()}
    return data | ({"handles": [_handle(one) for one in data["handles"]]} if "handles" in data else {})


def _handle(sent: dict[str, Any]) -> dict[str, Any]:
    return json.loads(_content(sent["digest"])) | {"value": sent["value"]} if "digest" in sent else sent


def _content(digest: str) -> bytes:
    content = frames.find(digest)
    assert content is not None, digest
    return content
