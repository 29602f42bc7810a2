"""The nearest known name to a misspelt one, for messages."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that *word* most likely stands for, or None where nothing is near; letter case does not count."""
    import difflib  # noqa: PLC0415 - only a run with a mistake to tell pays for it

    by_folded = {choice.casefold(): choice for choice in sorted(choices, reverse=True)}
    found = difflib.get_close_matches(word[:200].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """` - did you mean 'x'?` to append to a message, or nothing."""
    choice = nearest(word, choices)
    return f" - did you mean {choice!r}?" if choice is not None else ""
