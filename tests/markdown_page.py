"""Markdown as a reader sees it: the text of headings, cells and items, and which elements a page has."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt

_NO_WIDTH = "\u200b"  # what reporters put where a site would read more into a text; texts cannot hold one of their own
_BLOCKS = {"h1", "h2", "h3", "p", "td", "th", "li"}


class Page(HTMLParser):
    """A page of GitHub-flavoured Markdown, rendered; autolinks, mentions and the like are not done here."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = MarkdownIt("commonmark").enable("table").enable("strikethrough").render(markdown)
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.paragraphs: list[str] = []
        self.items: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.prose: list[str] = []
        """Each run of text that does not stand as code, as it is in the page: what a site looks through once more."""
        self._texts: list[str] = []
        self._in_code = False
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        self._in_code |= tag == "code"
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag == "br":
            self._texts.append("\n")
        elif tag in _BLOCKS:
            self._texts = []

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._texts).replace(_NO_WIDTH, "").strip(" ")
        if tag == "code":
            self._in_code = False
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append(text)
        elif tag == "li":
            self.items.append(text)
        elif tag == "p":
            self.paragraphs.append(text)
        elif tag.startswith("h") and tag in _BLOCKS:
            self.headings.append(text)

    def handle_data(self, data: str) -> None:
        self._texts.append(data)
        if not self._in_code:
            self.prose.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)
