"""Sends a request by httpx and reads the whole answer, within bounds of time and size. No other module knows httpx."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import httpx

from journeylint import __version__
from journeylint.errors import UsageError
from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.web_api.answers import Answer
from journeylint.web_api.errors import AnswerTooLarge, NoAnswer

USER_AGENT = f"journeylint/{__version__} python-httpx/{httpx.__version__}"


class Bounds(NamedTuple):
    """How long is waited for a connection, for the next bytes, and for an answer to its end, in seconds; and how many
    bytes a body may have when it is unpacked.

    Dataverse gives a query two minutes before it gives up. A body is no larger than a file that can be imported.
    """

    connect: float = 20.0
    read: float = 150.0
    whole: float = 600.0
    body: int = DEFAULT_LIMITS.file_bytes


BOUNDS = Bounds()
"""Those of a pull."""


class Transport(Protocol):
    """Sends requests."""

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """What the server answers, whatever its status: no redirect is followed. Raises NoAnswer and AnswerTooLarge."""
        ...


class HttpTransport:
    """Sends requests over connections that it keeps until `close`.

    Proxies and certificates are those of the environment variables, but not where *is_encrypted* is False: then only this
    machine is spoken to. UsageError where such a variable cannot be used.
    """

    def __init__(
        self, *, is_encrypted: bool = True, bounds: Bounds = BOUNDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        timeout = httpx.Timeout(bounds.read, connect=bounds.connect)
        try:
            self._client = httpx.Client(
                timeout=timeout,
                follow_redirects=False,
                trust_env=is_encrypted,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            )
        except (ValueError, OSError, ImportError, httpx.InvalidURL):  # whose text may repeat a proxy's password
            raise UsageError("an environment variable about proxies or certificates cannot be used") from None
        self._bounds = bounds
        self._clock = clock

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """What the server answers; raises NoAnswer and AnswerTooLarge where not all of it arrives within the bounds."""
        begin = self._clock()
        try:
            with self._client.stream("GET", url, headers=dict(headers)) as response:
                if "," in response.headers.get("content-encoding", ""):  # a few bytes of it may be gigabytes
                    raise NoAnswer("the answer is packed more than once", may_pass=False)
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    self._hold_to_bounds(len(body), self._clock() - begin)
                # cookies are not kept: nothing that a server sets is to steer later requests
                self._client.cookies.clear()
                return Answer(response.status_code, _fold(response.headers), bytes(body))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NoAnswer(_tell(error), was_reached=False) from None
        except (httpx.DecodingError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise NoAnswer(_tell(error), may_pass=False) from None
        except httpx.HTTPError as error:
            raise NoAnswer(_tell(error)) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _hold_to_bounds(self, size: int, seconds: float) -> None:
        if size > self._bounds.body:
            raise AnswerTooLarge(f"{self._bounds.body:,} bytes")
        if seconds > self._bounds.whole:
            raise NoAnswer(f"the answer was not complete after {self._bounds.whole:,.0f} s")


def _fold(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _tell(error: httpx.HTTPError | httpx.InvalidURL) -> str:
    """What went wrong, without anything of the request: what httpx says of some errors repeats headers."""
    match error:
        case httpx.ConnectTimeout():
            return "no connection was made in time"
        case httpx.TimeoutException():
            return "no answer came in time"
        case httpx.ProxyError():
            return "the proxy refuses the connection"
        case httpx.ConnectError():
            return f"no connection can be made ({_tell_cause(error)})"
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return "the answer broke off"
        case httpx.DecodingError():
            return "the answer cannot be unpacked"
    return f"the request could not be sent ({type(error).__name__})"


def _tell_cause(error: httpx.ConnectError) -> str:
    text = str(error).removeprefix("[").partition("] ")
    return (text[2] or text[0]).strip() or "refused"
