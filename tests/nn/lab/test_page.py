"""The page as one file: modules joined in order, closed against the network, small enough to be sent."""

import base64
import gzip
import hashlib
import re

import pytest

from nn.lab import page as pages


def test_modules_are_joined_in_the_order_in_which_they_are_needed():
    script = pages.joined("app.js")
    assert not re.search(r"^\s*(import|export)\b", script, re.M)
    order = re.findall(r"^const m_(\w+) = ", script, re.M)
    assert order.index("vendor_preact_js") < order.index("view_js") < order.index("app_js")
    assert len(order) == len({*order})
    assert len(script.encode()) <= 150_000
    assert len(gzip.compress(script.encode())) <= 45_000


def test_modules_that_need_each_other_are_refused(monkeypatch):
    texts = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    monkeypatch.setattr(pages, "source", texts.__getitem__)
    with pytest.raises(ValueError, match=re.escape("circle: a.js -> b.js -> a.js")):
        pages.joined("a.js")


def test_the_policy_lets_only_the_page_s_own_script_and_style_run():
    text = pages.page({}, {}, "<b>&")
    assert "<title>&lt;b>&amp;</title>" in text
    assert "connect-src 'self'" in pages.page({}, {}, connect="'self'")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert "connect-src 'none'" in policy
    assert policy.startswith("default-src 'none'; ")
    for tag, place in (("script", "script-src"), ("style", "style-src")):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.S)[1]
        wanted = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{place} 'sha256-{wanted}'" in policy
    assert not re.findall(r"\beval\(|new Function", text)
