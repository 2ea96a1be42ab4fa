"""The real app, and collections as files."""

from __future__ import annotations

from app_bench import bench as bench
from app_bench import demo as demo
from app_bench import forgotten_screens as forgotten_screens
from app_bench import imported as imported
from app_bench import own_folders as own_folders
from app_bench import sample as sample
from replay_world import shop as shop
from replay_world import world as world
