"""The command line: one file per command, over the same workspace as the screens."""
