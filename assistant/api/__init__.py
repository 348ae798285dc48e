"""The HTTP API: the contract over JSON and server-sent events, and OpenAI's chat completions."""
