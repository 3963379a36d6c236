"""A page taken apart as a browser would, and held against what it may not do."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content = content
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.tags)


def assert_it_needs_nothing_else(content: str) -> None:
    """Nothing that a browser would fetch from elsewhere, or run."""
    assert not re.search(r"<script|<link|<iframe|<object|<embed|https?://|@import|url\(|javascript:", content)
    for tag, attributes in Reader(content).tags:
        for name in ("src", "href", "xlink:href", "data", "srcset", "action"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, name)
        assert not any(name.startswith("on") for name in attributes), tag
