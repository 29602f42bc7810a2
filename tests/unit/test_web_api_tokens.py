"""Tokens: who signs in how, what is kept, and that no message repeats a secret."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    DefaultAzureCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
)

from journeylint.errors import UsageError
from journeylint.web_api.errors import EnvironmentUnusable
from journeylint.web_api.tokens import METHODS, CredentialTokens, VariableToken, find_credential, open_tokens

ORIGIN = "https://contoso.crm4.dynamics.com"
SECRET = "s3cret~value"


class Credential:
    """Gives tokens that last an hour, or raises what it was made with."""

    def __init__(self, made: list[Credential], *, begin: float, fails_with: Exception | None = None) -> None:
        made.append(self)
        self.scopes: list[str] = []
        self._number = len(made)
        self._begin = begin
        self._fails_with = fails_with

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        self.scopes += scopes
        if self._fails_with is not None:
            raise self._fails_with
        return AccessToken(f"token-{self._number}.{len(self.scopes)}", int(self._begin) + 3600)


def tokens_of(make: Callable[[], Credential], clock: Callable[[], float] = lambda: 0.0) -> CredentialTokens:
    variables = {"AZURE_CLIENT_SECRET": SECRET}
    scope = f"{ORIGIN}/.default"
    return CredentialTokens(make, method="environment", scope=scope, variables=variables, clock=clock)


def test_a_token_is_for_the_environment_alone_and_asked_for_once() -> None:
    made: list[Credential] = []
    tokens = tokens_of(lambda: Credential(made, begin=0))
    assert made == []
    assert [tokens.token(), tokens.token()] == ["token-1.1", "token-1.1"]
    assert made[0].scopes == ["https://contoso.crm4.dynamics.com/.default"]


@pytest.mark.parametrize(("second", "token"), [(3300.0, "token-1.1"), (3301.0, "token-1.2")])
def test_a_token_is_asked_for_again_five_minutes_before_it_ends(second: float, token: str) -> None:
    made: list[Credential] = []
    seconds = iter([0.0, second])
    tokens = tokens_of(lambda: Credential(made, begin=0), clock=lambda: next(seconds))
    tokens.token()
    assert tokens.token() == token


def test_a_token_that_was_refused_is_not_given_again_by_a_credential_that_remembers_it() -> None:
    made: list[Credential] = []
    tokens = tokens_of(lambda: Credential(made, begin=0))
    assert [tokens.token(), tokens.token(renew=True), tokens.token()] == ["token-1.1", "token-2.1", "token-2.1"]


def test_what_azure_identity_says_becomes_one_line_without_a_secret() -> None:
    error = ClientAuthenticationError(f"\nAADSTS7000215: Invalid client secret {SECRET} provided.\nTrace ID: 1\n")
    tokens = tokens_of(lambda: Credential([], begin=0, fails_with=error))
    with pytest.raises(EnvironmentUnusable) as raised:
        tokens.token()
    told = "--auth environment: signing in failed: AADSTS7000215: Invalid client secret *** provided"
    assert str(raised.value) == told
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("error", [ValueError("bad tenant"), OSError("no certificate")])
def test_what_a_credential_cannot_be_made_with_is_told_the_same_way(error: Exception) -> None:
    def make() -> Credential:
        raise error

    with pytest.raises(EnvironmentUnusable, match=f"signing in failed: {error}"):
        tokens_of(make).token()


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("default", DefaultAzureCredential),
        ("cli", AzureCliCredential),
        ("environment", EnvironmentCredential),
        ("managed-identity", ManagedIdentityCredential),
        ("interactive", InteractiveBrowserCredential),
        ("device-code", DeviceCodeCredential),
    ],
)
def test_every_way_to_sign_in_has_its_credential(method: str, expected: type) -> None:
    assert isinstance(find_credential(method, tell=print, variables={})(), expected)


def test_every_way_to_sign_in_is_tested() -> None:
    assert set(METHODS) == {
        "default", "cli", "environment", "managed-identity", "interactive", "device-code", "token"
    }  # fmt: skip


def test_a_device_code_is_told_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    credential = find_credential("device-code", tell=told.append, variables={})()
    credential._prompt_callback("https://microsoft.com/devicelogin", "ABC", None)  # type: ignore[attr-defined]  # there is no other way to see it without a network
    assert told == ["to sign in, open https://microsoft.com/devicelogin in a browser and enter the code ABC"]
    assert capsys.readouterr() == ("", "")


def test_variables_that_are_not_set_are_told_once_and_by_us() -> None:
    program = (
        "import time; from journeylint.web_api.tokens import open_tokens\n"
        f"try: open_tokens('environment', '{ORIGIN}', tell=print, clock=time.time).token()\n"
        "except Exception as error: print(error)\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AZURE_")}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    told = "EnvironmentCredential authentication unavailable. Environment variables are not fully configured"
    assert ran.stdout == f"--auth environment: signing in failed: {told}\n"
    assert ran.stderr == ""


# The variable.

VARIABLE = "JOURNEYLINT_DATAVERSE_TOKEN"


def test_the_variable_gives_one_token_without_the_blanks_around_it() -> None:
    tokens = open_tokens("token", ORIGIN, tell=print, clock=lambda: 0.0, variables={VARIABLE: " eyJ0.eyJ.a-b_c== \n"})
    assert tokens.token() == "eyJ0.eyJ.a-b_c=="
    with pytest.raises(EnvironmentUnusable, match=f"the token in {VARIABLE} is not accepted"):
        tokens.token(renew=True)


@pytest.mark.parametrize("variables", [{}, {VARIABLE: ""}, {VARIABLE: " \n"}])
def test_a_variable_that_is_not_set_is_told(variables: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=f"--auth token: the environment variable {VARIABLE} is not set"):
        VariableToken(variables)


@pytest.mark.parametrize("value", [f"{SECRET}\nX-Evil: 1", f"Bearer {SECRET}", f"{SECRET}\x00", f"{SECRET}é"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(UsageError, match="holds is no token") as raised:
        VariableToken({VARIABLE: value})
    assert "s3cret" not in str(raised.value)
