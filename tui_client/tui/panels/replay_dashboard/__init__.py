"""The panel that shows a replay."""

from tui_client.tui.panels.replay_dashboard.dashboard import ReplayDashboard

__all__ = ["ReplayDashboard"]
