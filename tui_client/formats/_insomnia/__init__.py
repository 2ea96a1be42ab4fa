"""The parts of `formats.insomnia`."""
