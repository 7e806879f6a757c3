"""A class is entered with its code, once, and goes to where the address led."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from dashboard.entrance.visitors import COOKIE
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
WAY = {"METRIC_LAB_CLASS": "sunday", "METRIC_LAB_TEACHER": "monday"}


def test_one_enters_once_with_a_name(page: Page, serve: Serve) -> None:
    address = serve(APP, WAY)
    page.goto(f"{address}/train?run=digits-softmax")
    page.get_by_label("What others may call you").fill("Ada")
    page.get_by_label("Code of the class").fill("tuesday")
    page.get_by_role("button", name="Enter").click()
    assert "The code must be the one of this class" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("What others may call you").input_value() == "Ada"
    page.get_by_label("Code of the class").fill("sunday")
    page.keyboard.press("Enter")
    page.locator(".live-figure .main-svg").first.wait_for(timeout=60_000)
    assert "run=digits-softmax" in page.url
    page.get_by_role("button", name="Runs").or_(page.get_by_text("digits · softmax")).first.click()
    page.get_by_text("You are here as Ada.").wait_for()
    page.goto(f"{address}/status")
    page.get_by_text("whoever has the code of the class").wait_for(timeout=60_000)
    at_rest(page)
    assert "sunday" not in page.content() and "monday" not in page.content()
    cookies = [one for one in page.context.cookies() if one["name"] == COOKIE]
    assert len(cookies) == 1 and cookies[0]["httpOnly"] and "Ada" not in json.dumps(cookies)
