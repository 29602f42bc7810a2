"""A Web API that is ready to be asked: the address read, who signs in chosen, the connections closed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from journeylint.web_api.address import read_address
from journeylint.web_api.client import WebApi
from journeylint.web_api.extra import tell_missing_extra
from journeylint.web_api.tokens import open_tokens


@contextmanager
def open_web_api(url: str, *, method: str, tell: Callable[[str], None]) -> Iterator[WebApi]:
    """The Web API of the environment at *url*, for whoever signs in by *method*, one of `tokens.METHODS`.

    Nothing is sent before it is asked. *tell* is given lines for a person: about pauses, and what to do to sign in. Raises
    UsageError where the URL, the method or the libraries are not in order.
    """
    address = read_address(url)
    try:
        from journeylint.web_api.transport import HttpTransport  # noqa: PLC0415 - 0.2 s, and not installed with the rest
    except ModuleNotFoundError as error:
        raise tell_missing_extra(error) from None
    tokens = open_tokens(method, address.origin, tell=tell, clock=time.time)
    transport = HttpTransport(is_encrypted=address.is_encrypted)
    try:
        yield WebApi(address, tokens=tokens, transport=transport, tell=tell)
    finally:
        transport.close()
