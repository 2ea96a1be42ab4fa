"""Numbers that stand for values which only a run will bring, so that a request can be made without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.model.effective import Scope
from tui_client.model.variables import FromRequest, Prompt, Secret
from tui_client.replay.scope import literals
from tui_client.template import SECRETS_ORIGIN, Need
from tui_client.text.redact import redact

# No one has it, and it survives functions, URLs and JSON as a number or as text.
_FIRST: Final = 730_915_248_600_000


class Placeholders:
    """Makes them, and puts words in their place where a text is shown: «token from auth/login»."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def of(self, words: str) -> str:
        """The stand-in for what these words say; the same for the same words."""
        words = f"«{words}»"
        for number, known in self._words.items():
            if known == words:
                return number
        number = str(_FIRST + len(self._words))
        self._words[number] = words
        return number

    def over(self, scope: Scope, wanted: Sequence[Need]) -> Scope:
        """The scope in which everything that must be fetched has a stand-in."""
        secret = {need.name: self.of(_words(need)) for need in wanted if isinstance(need.variable, Secret)}
        later = {need.name: self.of(_words(need)) for need in wanted if need.name not in secret}
        return scope.over("later", literals(later)).over(SECRETS_ORIGIN, literals(secret))

    def are_in(self, shown: str) -> bool:
        """Whether a text, as it is shown, has values that are still to come."""
        return any(words in shown for words in self._words.values())

    def shown(self, text: str, secrets: frozenset[str]) -> str:
        """The text with words for stand-ins, other secrets masked."""
        for number, words in self._words.items():
            text = text.replace(number, words)
        return redact(text, secrets.difference(self._words))


def _words(need: Need) -> str:
    match need.variable:
        case FromRequest(key=key):
            return f"{need.name} from {key}"
        case Prompt():
            return f"{need.name}, asked for"
        case Secret():
            return f"secret {need.name}"
        case _:
            return f"{need.name} of this machine"
