"""One engine, servers whose TLS is wrong, and an authority that a request may trust."""

from __future__ import annotations

from faulty_world import world as world
from wire_fixtures import authority as authority
from wire_fixtures import ca_file as ca_file
