"""What the steps of one row share."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui_client.http.cookies import CookieJar
from tui_client.model.values import Value


class Session(msgspec.Struct, frozen=True):
    """What the steps of one row share; captures make a new one.

    row and iteration as in StepId. given: from the command line. jar: the row's own cookies. derived: the variables
    whose captured values came once a secret was sent.
    """

    jar: CookieJar
    environment: str = ""
    given: Mapping[str, str] = {}
    captured: Mapping[str, Value] = {}
    row_values: Mapping[str, Value] = {}
    row: int = 0
    iteration: int = 0
    derived: frozenset[str] = frozenset()
