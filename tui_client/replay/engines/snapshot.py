"""The requests of a run as they stood when it first needed them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tui_client.model.effective import EffectiveRequest
from tui_client.replay.plan import Plan
from tui_client.replay.services import RequestSource


class Snapshot:
    """The requests as they stood when the run first needed them: an edit meanwhile doesn't mix two versions."""

    def __init__(self, source: RequestSource, plan: Plan) -> None:
        self._source = source
        self._plan = plan
        self._kept: dict[tuple[str, str], EffectiveRequest] = {}

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """As the library has it, with what the plan says of all. Raises BrokenFile or NotFound."""
        if (key, environment) not in self._kept:
            request = self._source.effective(key, environment)
            said = {name: True for name in ("allow_http_errors", "idempotency_key") if getattr(self._plan, name)}
            if said:
                options = msgspec.structs.replace(request.options, **said)
                request = msgspec.structs.replace(request, options=options)
            self._kept[key, environment] = request
        return self._kept[key, environment]

    def collection_root(self, key: str) -> Path:
        return self._source.collection_root(key)
