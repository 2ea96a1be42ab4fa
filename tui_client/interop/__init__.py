"""Importing and exporting as acts: what is read and recognised, where it goes, and what is said of it."""
