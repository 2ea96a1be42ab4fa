"""The panel where a request is made."""

from tui_client.tui.panels.request_builder.panel import RequestBuilder

__all__ = ["RequestBuilder"]
