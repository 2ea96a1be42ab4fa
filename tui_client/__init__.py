"""tui-client: explore, save and replay HTTP APIs in the terminal."""

__version__ = "0.1.0"
