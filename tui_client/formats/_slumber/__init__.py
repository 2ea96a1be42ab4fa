"""The parts of the Slumber importer."""
