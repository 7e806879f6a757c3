"""A page in another language: its sentences are told, its marks, numbers, codes and styles stay."""

from __future__ import annotations

import pytest

from core.handover.page_language import in_language
from core.system.phrasebook import Phrasebook

BOOK = Phrasebook(
    {
        "Accept when the distance is at most {0}": "距离不超过 {0} 时接受",
        "Of {0} impostors this lets in {1}.": "{0} 个冒名者中会放行 {1} 个。",
        "{0} is better than {1}, by {2}.": "{0} 优于 {1}，相差 {2}。",
        "the model's digest": "模型的摘要",
        "All pairs": "全部样本对",
    }
)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        (
            "<p><strong>Accept when the distance is at most 0.5.</strong> Of 1,000 impostors this lets in 3.</p>",
            "<p><strong>距离不超过 0.5 时接受。</strong> 1,000 个冒名者中会放行 3 个。</p>",
        ),
        (
            "<p><strong>A &amp; C</strong> is better than <strong>B</strong>, by 0.1.</p>",
            "<p><strong>A &amp; C</strong> 优于 <strong>B</strong>，相差 0.1。</p>",
        ),
        ("<tr><th>the model&#x27;s digest</th></tr>", "<tr><th>模型的摘要</th></tr>"),
        (
            '<svg aria-label="All pairs"><text>All\npairs</text></svg>',
            '<svg aria-label="全部样本对"><text>全部样本对</text></svg>',
        ),
        ("<pre>All pairs</pre><td><code>All pairs</code></td>", "<pre>All pairs</pre><td><code>All pairs</code></td>"),
        (
            "<style>p { margin: 0 }</style>nobody knows &lt;b&gt;",
            "<style>p { margin: 0 }</style>nobody knows &lt;b&gt;",
        ),
        ('<html lang="en">', '<html lang="zh">'),
    ],
)
def test_sentences_are_told_and_marks_stay(english: str, told: str) -> None:
    assert in_language(english, "zh", BOOK.translated) == told


def test_without_words_a_page_stays_as_it_is() -> None:
    page = "<p>One. <b>Two</b> three.</p>\n<table><tr><td>4</td></tr></table>"
    assert in_language(page, "en", lambda text: text) == page
