"""Filtering a body live, in a process of its own that reads the body once."""
