"""One engine, and a server that plays each fault."""

from __future__ import annotations

from faulty_world import world as world
from wire_fixtures import authority as authority
from wire_fixtures import ca_file as ca_file
from wire_fixtures import server_tls as server_tls
