"""What to do where the libraries of the extra `dataverse` are not installed."""

from __future__ import annotations

from journeylint.errors import UsageError


def tell_missing_extra(error: ModuleNotFoundError) -> UsageError:
    """The error to raise for the import that failed with *error*: it has the command that installs what is missing."""
    library = (error.name or "a library").partition(".")[0]
    return UsageError(
        f"journeylint pull needs libraries that are not installed ({library}): pip install 'journeylint[dataverse]'"
    )
