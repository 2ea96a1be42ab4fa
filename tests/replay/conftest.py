"""A collection on disk, a server that counts what arrives, and the real services between them."""

from __future__ import annotations

from replay_world import shop as shop
from replay_world import summary_of as summary_of
from replay_world import world as world
