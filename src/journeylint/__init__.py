"""journeylint: judges marketing journeys against policies written as data.

For plugins: `from journeylint import hookimpl` marks the hooks of `journeylint.hookspecs`.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    import pluggy

    hookimpl: pluggy.HookimplMarker

__version__ = "0.1.0"
__all__ = ["__version__", "hookimpl"]


def __getattr__(name: str) -> object:
    """Import pluggy only where a plugin asks for `hookimpl`, so that `--version` need not pay for it."""
    if name == "hookimpl":
        import pluggy  # noqa: PLC0415 - see above

        return pluggy.HookimplMarker("journeylint")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
