"""The web pages for civil servants: chat, clauses and the shelf of notices, framed by Gradio."""

from ui.web.mount import mount_chat

__all__ = ["mount_chat"]
