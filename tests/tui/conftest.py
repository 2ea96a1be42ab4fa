"""The real app, headless, on a copy of the sample collection and a demo API on loopback."""

from __future__ import annotations

from app_bench import bench as bench
from app_bench import demo as demo
from app_bench import forgotten_screens as forgotten_screens
from app_bench import imported as imported
from app_bench import own_folders as own_folders
from app_bench import sample as sample
from parsed_once import use_parsed_once

use_parsed_once()
