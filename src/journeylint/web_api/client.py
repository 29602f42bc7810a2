"""Asks the Web API until there is an answer: waits as it is told to, signs in anew once, and follows nobody elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from journeylint.web_api.address import Address
from journeylint.web_api.answers import Answer, Refusal, read_refusal, read_retry_after
from journeylint.web_api.errors import EnvironmentUnusable, NoAnswer, TableUnreadable
from journeylint.web_api.patience import PATIENCE, SYSTEM_CLOCK, Clock, Patience, pause_after
from journeylint.web_api.tokens import TokenSource

if TYPE_CHECKING:
    from journeylint.web_api.transport import Transport

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""What may be over when the request is sent again; all that a pull sends only reads."""

_NO_MEMBER = "0x80072560"
_TOLD_PAUSE = 5.0  # seconds; nobody wonders about shorter ones


class _Trouble(NamedTuple):
    """Why a request has to be sent again: `pause` is how many seconds the server wants to be left alone for."""

    reason: str
    pause: float | None = None
    was_reached: bool = True
    may_pass: bool = True


class WebApi:
    """The Web API of the environment at *address*, asked with *tokens* by *transport*.

    *tell* is given a line for each pause that somebody who looks on would wonder about.
    """

    def __init__(
        self,
        address: Address,
        *,
        tokens: TokenSource,
        transport: Transport,
        tell: Callable[[str], None],
        patience: Patience = PATIENCE,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.address = address
        self._tokens = tokens
        self._transport = transport
        self._tell = tell
        self._patience = patience
        self._clock = clock
        self._waited = 0.0
        self._was_answered = False

    def get(self, url: str, headers: Mapping[str, str], *, about: str) -> Answer | Refusal:
        """What the environment answers to a GET of *url*, one that `Address.resolve` gave: status 200, or why not.

        *about* says in messages what is asked for. Raises TableUnreadable where there is no answer to be had for it,
        AnswerTooLarge where there is one for whoever asks for less, and EnvironmentUnusable where there is none for anything.
        """
        if self.address.resolve(url) != url:
            raise ValueError("a token goes nowhere but to its environment")
        tries = 0
        is_renewed = False
        while True:
            tries += 1
            token = self._tokens.token()
            outcome = self._send(url, {**headers, "Authorization": f"Bearer {token}"}, token)
            if isinstance(outcome, _Trouble):
                self._pause_or_give_up(outcome, tries, about)
            elif isinstance(outcome, Refusal) and outcome.status == 401 and not is_renewed:
                self._tokens.token(renew=True)
                is_renewed = True
            else:
                self._hold_to_environment(outcome)
                return outcome

    def _send(self, url: str, headers: Mapping[str, str], token: str) -> Answer | Refusal | _Trouble:
        try:
            answer = self._transport.get(url, headers)
        except NoAnswer as error:
            return _Trouble(str(error), was_reached=error.was_reached, may_pass=error.may_pass)
        self._was_answered = True
        if answer.status == 200:
            return answer
        if 300 <= answer.status < 400:
            raise EnvironmentUnusable(f"{self.address.host} {_tell_redirect(answer)}")
        refusal = read_refusal(answer, secret=token)
        if answer.status in _PASSING:
            return _Trouble(str(refusal), read_retry_after(answer.headers, self._clock.now()))
        return refusal

    def _hold_to_environment(self, outcome: Answer | Refusal) -> None:
        """Raise EnvironmentUnusable for a refusal that every other table would meet as well."""
        if isinstance(outcome, Refusal) and outcome.status == 401:
            raise EnvironmentUnusable(f"{self.address.host} does not accept the token ({outcome})")
        if isinstance(outcome, Refusal) and outcome.code == _NO_MEMBER:
            raise EnvironmentUnusable(
                f"{self.address.host} does not know who signs in ({outcome}): add an application user for it"
            )

    def _pause_or_give_up(self, trouble: _Trouble, tries: int, about: str) -> None:
        if not trouble.may_pass:
            raise TableUnreadable(f"{about}: {trouble.reason}")
        most = self._patience.tries if self._was_answered else self._patience.first_tries
        if tries >= most and not trouble.was_reached:
            raise EnvironmentUnusable(f"{self.address.host} cannot be reached: {trouble.reason}")
        if tries >= most:
            raise TableUnreadable(f"{about}: {trouble.reason}, {tries} times")
        chance = self._clock.chance()
        pause = pause_after(tries, chance) if trouble.pause is None else trouble.pause + chance
        left = self._patience.seconds - self._waited
        if pause > left:
            raise TableUnreadable(
                f"{about}: {trouble.reason}: a pause of {pause:,.0f} s is due, and a pull waits no more than"
                f" {self._patience.seconds:,.0f} s in all"
            )
        if pause >= _TOLD_PAUSE:
            self._tell(f"{about}: {trouble.reason} - asking again in {pause:,.0f} s")
        self._waited += pause
        self._clock.sleep(pause)


def _tell_redirect(answer: Answer) -> str:
    """What the redirect says; of its target the host alone, for the rest may be anything."""
    try:
        host = urlsplit(answer.headers.get("location", "")).hostname
    except ValueError:
        host = None
    target = f" to {host}" if host else ""
    return f"answers with a redirect{target} ({answer.status}), which a token does not follow: is this the environment's URL?"
