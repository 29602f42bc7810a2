"""The address of an environment: what of it may be sent a token."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from journeylint.errors import UsageError

SERVICE = "/api/data/v9.2/"
"""The Web API below an environment's origin."""

_EXAMPLE = "https://contoso.crm4.dynamics.com"
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
_PORTS = {"https": 443, "http": 80}


class Address(NamedTuple):
    """Where an environment is: `origin` is its scheme, host and, where it is not the usual one, port."""

    origin: str

    @property
    def host(self) -> str:
        """The name by which messages call the environment."""
        return urlsplit(self.origin).netloc

    @property
    def is_encrypted(self) -> bool:
        """Whether what is sent can be read on its way; only this machine is spoken to otherwise."""
        return self.origin.startswith("https:")

    def resolve(self, path: str, relative_to: str = SERVICE) -> str | None:
        """The URL that *path* leads to, from the URL or path *relative_to*; None where it leaves the Web API."""
        try:
            parts = urlsplit(urljoin(urljoin(self.origin, relative_to), path))
            is_inside = _origin_of(parts) == self.origin and parts.path.startswith("/api/data/")
        except ValueError:
            return None
        if not is_inside or parts.username is not None:
            return None
        return f"{self.origin}{parts.path}?{parts.query}" if parts.query else f"{self.origin}{parts.path}"


def read_address(text: str) -> Address:
    """The address that a person wrote; UsageError, which repeats no password in it, where it is not one of an environment.

    It is a URL without a path, with https, or with http if it leads to this machine.
    """
    parts = _split(text)
    origin = _origin_of(parts)
    if parts.scheme == "http" and not _is_this_machine(parts.hostname or ""):
        raise UsageError(f"{origin}: a token must not be sent without encryption: expected https")
    path = parts.path.rstrip("/")
    if parts.query or parts.fragment or (path and path != SERVICE.rstrip("/")):
        raise UsageError(f"the URL goes on after {origin}: expected that of the environment alone - give {origin}")
    return Address(origin)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        _ = parts.port  # is read only now, and may not be a number
    except ValueError:
        raise UsageError(f"the URL cannot be read: expected one such as {_EXAMPLE}") from None
    if "@" in text:
        raise UsageError("the URL holds a name or password: give it without, and choose who signs in by --auth")
    if not parts.scheme or parts.scheme not in _PORTS or not _HOST.fullmatch(parts.hostname or ""):
        hint = f" - did you mean https://{text}?" if "://" not in text and "." in text else ""
        raise UsageError(f"{text!r} is no URL of an environment: expected one such as {_EXAMPLE}{hint}")
    return parts


def _origin_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    is_usual = parts.port is None or parts.port == _PORTS.get(parts.scheme)
    return f"{parts.scheme}://{name}" if is_usual else f"{parts.scheme}://{name}:{parts.port}"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
