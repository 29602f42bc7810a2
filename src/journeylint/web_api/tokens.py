"""Tokens for an environment: from azure-identity in one of its ways to sign in, or from an environment variable.

A token is held to the characters that RFC 6750 has for it before anything else sees it, so that no library repeats one
that it cannot send. What azure-identity says goes into one line, without the secrets of this process's environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from journeylint.errors import UsageError
from journeylint.web_api.errors import EnvironmentUnusable
from journeylint.web_api.extra import tell_missing_extra

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

METHODS = ("default", "cli", "environment", "managed-identity", "interactive", "device-code", "token")
"""What `--auth` takes."""

TOKEN_VARIABLE = "JOURNEYLINT_DATAVERSE_TOKEN"  # noqa: S105 - the name of a variable
_SECRET_VARIABLES = (TOKEN_VARIABLE, "AZURE_CLIENT_SECRET", "AZURE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_LONGEST_REASON = 300
_RENEWED_BEFORE = 300.0  # seconds before a token ends

MakeCredential = Callable[[], "TokenCredential"]


class TokenSource(Protocol):
    """Gives the token that a request is sent with."""

    def token(self, *, renew: bool = False) -> str:
        """A token: a new one if *renew*, because the last was refused. Raises EnvironmentUnusable where there is none."""
        ...


class VariableToken:
    """The token that an environment variable holds; there is never another one."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        token = variables.get(TOKEN_VARIABLE, "").strip()
        if not token:
            raise UsageError(f"--auth token: the environment variable {TOKEN_VARIABLE} is not set")
        if not _TOKEN.fullmatch(token):
            raise UsageError(f"--auth token: what the environment variable {TOKEN_VARIABLE} holds is no token")
        self._token = token

    def token(self, *, renew: bool = False) -> str:
        """The token; EnvironmentUnusable if *renew*."""
        if renew:
            raise EnvironmentUnusable(
                f"the token in {TOKEN_VARIABLE} is not accepted: it may be over, or for another URL"
            )
        return self._token


class CredentialTokens:
    """The tokens of a credential of azure-identity for *scope*, each kept until it nears its end.

    *make* makes the credential: anew where a token was refused, for a credential would give that one again. *variables*
    are those of the process, whose secrets no message repeats; *clock* gives seconds since 1970.
    """

    def __init__(
        self, make: MakeCredential, *, method: str, scope: str, variables: Mapping[str, str], clock: Callable[[], float]
    ) -> None:
        self._make = make
        self._credential: TokenCredential | None = None
        self._method = method
        self._scope = scope
        self._variables = variables
        self._clock = clock
        self._token = ""
        self._end = 0.0

    def token(self, *, renew: bool = False) -> str:
        """The token that is at hand, or a new one; raises EnvironmentUnusable."""
        if renew or self._clock() > self._end - _RENEWED_BEFORE:
            self._token, self._end = self._ask(renew=renew)
        return self._token

    def _ask(self, *, renew: bool) -> tuple[str, float]:
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - half a second, for those who sign in by it

        try:
            if renew or self._credential is None:
                self._credential = self._make()
            access = self._credential.get_token(self._scope)
        except (AzureError, ValueError, OSError) as error:
            reason = _first_sentences(str(error), self._variables)
            raise EnvironmentUnusable(f"--auth {self._method}: signing in failed: {reason}") from None
        if not _TOKEN.fullmatch(access.token):
            raise EnvironmentUnusable(f"--auth {self._method}: signing in gave something that is no token")
        return access.token, float(access.expires_on)


def open_tokens(
    method: str,
    origin: str,
    *,
    tell: Callable[[str], None],
    clock: Callable[[], float],
    variables: Mapping[str, str] | None = None,
) -> TokenSource:
    """The tokens for the environment at *origin* by one of `METHODS`; nobody signs in yet.

    *tell* is given what a person has to do for `device-code`; *clock* gives seconds since 1970. Raises UsageError where the
    extra is not installed or the variable of `token` is of no use.
    """
    variables = os.environ if variables is None else variables
    if method == "token":
        return VariableToken(variables)
    make = find_credential(method, tell=tell, variables=variables)
    return CredentialTokens(make, method=method, scope=f"{origin}/.default", variables=variables, clock=clock)


def find_credential(method: str, *, tell: Callable[[str], None], variables: Mapping[str, str]) -> MakeCredential:
    """What makes azure-identity's credential for *method*, other than `token`; UsageError without the extra."""
    try:
        from azure import identity  # noqa: PLC0415 - half a second, for those who sign in by it
    except ModuleNotFoundError as error:
        raise tell_missing_extra(error) from None
    import logging  # noqa: PLC0415 - `--help` asks for the methods and needs none of this

    logging.getLogger("azure").addHandler(logging.NullHandler())  # else Python prints what is told as an error anyway

    def ask_for_code(address: str, code: str, _end: datetime) -> None:
        tell(f"to sign in, open {address} in a browser and enter the code {code}")

    match method:
        case "default":
            return identity.DefaultAzureCredential
        case "cli":
            return identity.AzureCliCredential
        case "environment":
            return identity.EnvironmentCredential
        case "managed-identity":
            client = variables.get("AZURE_CLIENT_ID")
            return lambda: identity.ManagedIdentityCredential(client_id=client)
        case "interactive":
            return identity.InteractiveBrowserCredential
        case "device-code":
            return lambda: identity.DeviceCodeCredential(prompt_callback=ask_for_code)
    raise ValueError(method)


def _first_sentences(text: str, variables: Mapping[str, str]) -> str:
    """The first line of *text* that says something, without a secret of *variables*."""
    for name in _SECRET_VARIABLES:
        if variables.get(name):
            text = text.replace(variables[name], "***")
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no reason is told").rstrip(".")
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"
