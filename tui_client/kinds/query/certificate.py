"""The certificate that the server showed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar, Final

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.bounded import takes_long
from tui_client.kinds.query._kind import QueryKind
from tui_client.model.exchange import Exchange
from tui_client.model.tls import Certificate as Shown
from tui_client.model.values import MISSING, QueryValue

_PARTS: Final[Mapping[str, Callable[[Shown], QueryValue]]] = {
    "Subject": lambda shown: shown.subject,
    "Issuer": lambda shown: shown.issuer,
    "Start-Date": lambda shown: shown.not_before,
    "Expire-Date": lambda shown: shown.not_after,
    "Serial-Number": lambda shown: shown.serial,
    "Subject-Alt-Name": lambda shown: ", ".join(shown.names),
}


class Certificate(QueryKind, frozen=True, tag="certificate"):
    """A part of the server's certificate, verified or not, named as in Hurl.

    "Subject" and "Issuer" are text ("C=US, O=Example, CN=R3"), "Start-Date" and "Expire-Date" dates, "Serial-Number"
    hex, "Subject-Alt-Name" text ("DNS:a.example, DNS:b.example").
    """

    title: ClassVar[str] = "Certificate"

    expr: Annotated[str, msgspec.Meta(title="Part", extra={"placeholder": "Expire-Date"})]

    def problem(self) -> str:
        return "" if self.expr in _PARTS else f"{self.expr!r} is no part of certificates; there are {', '.join(_PARTS)}"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        if wrong := self.problem():
            raise QueryError("certificate", wrong)
        if exchange.tls is None:
            raise QueryError("certificate", "the reply did not come over TLS")
        if "tui_client.model.certificates" not in sys.modules:
            takes_long()
        chain = exchange.tls.chain
        if not chain:
            raise QueryError("certificate", "there is none to be read")
        found = _PARTS[self.expr](chain[0])
        # What it does not say, or says in a way that can't be read.
        return MISSING if found is None or found == "" else found


KIND = Certificate
