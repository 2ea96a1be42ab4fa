"""The parts of `formats.bruno`."""
