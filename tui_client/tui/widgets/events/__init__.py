"""Streams of events: told apart as their bytes come, and shown as a list."""
