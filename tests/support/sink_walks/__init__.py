"""Walks through all screens with hostile content everywhere. Each tells what came of it."""
