"""The chat bubble that portals put on their pages."""

from ui.widget.routes import mount_widget

__all__ = ["mount_widget"]
