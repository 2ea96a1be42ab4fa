"""The parts of `formats.posting`."""
