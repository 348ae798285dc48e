"""Settings, models and the workspace: what an assistant is opened from."""
