"""The seam to the language model: in this process, on a server, or a fake for tests.

``factory.open_llm`` opens the one that the settings ask for. It is not imported here, so that
the words of the seam can be had without the libraries behind it.
"""

from assistant.llm.base import LLM, Generation, GrammarLLM, Message

__all__ = ["LLM", "Generation", "GrammarLLM", "Message"]
