"""Texts as XML 1.0 can hold them, in attributes and between tags."""

from __future__ import annotations

from journeylint.terminal import make_visible

_NO_CHARACTERS = ("\ufffe", "\uffff")  # beside those that are made visible anyway
_ATTACHMENT = "[[ATTACHMENT|"  # Jenkins and GitLab offer the file behind it to whoever reads the page


def show_in_xml(text: str) -> str:
    """*text* made visible, without what XML 1.0 forbids and without what a test page takes for a file to attach."""
    for character in _NO_CHARACTERS:
        if character in text:
            text = text.replace(character, f"<U+{ord(character):04X}>")
    if _ATTACHMENT in text:
        text = text.replace(_ATTACHMENT, "[\\" + _ATTACHMENT[1:])
    return make_visible(text)


def escape_xml(text: str) -> str:
    """*text*, shown as `show_in_xml` does, for an attribute in double quotes or for content."""
    text = show_in_xml(text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
