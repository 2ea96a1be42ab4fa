"""One engine, and an authority that all origins of a test are trusted by."""

from __future__ import annotations

from faulty_world import world as world
from wire_fixtures import authority as authority
from wire_fixtures import ca_file as ca_file
