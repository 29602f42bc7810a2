"""Why an edit is not made."""

from __future__ import annotations


class EditError(ValueError):
    """An edit cannot be made safely; the text says why, for a person, and goes on behind `cannot be fixed here: `."""
