"""Hurl files: their entries, their words, and how ours are written as them."""
