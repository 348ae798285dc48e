"""LlamaIndex's CitationQueryEngine on our models.

Everything is its default but the two models and the three retrieved chunks of its own guide:
its splitter (1,024 tokens, then 512 for what is cited), its in-memory vector store, its English
prompts, one answer from all sources at once ("compact"), no streaming. The prompt goes to the
model as a user's turn of the model's own chat template.

Nothing is fetched: the tokenizer and the sentence splitter's data come in the package, and both
models are handed over (by default it would ask for OpenAI's).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.llms.types import (
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import CustomLLM
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import QueryBundle

from assistant.llm.base import LLM, Generation, Message
from corpus.readers import SourceFile
from eval.peers import Reply
from eval.peers.sources import Chunk, FileText
from index.embedder import Embedder

_TOP = 3  # of the guide "CitationQueryEngine"; the index's own default is 2
_FILE = "file_name"


class OurEmbedding(BaseEmbedding):
    """An ``Embedder`` behind LlamaIndex's seam."""

    embedder: Any

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._rows(self.embedder.embed_queries([query]))[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._rows(self.embedder.embed_documents(texts, [""] * len(texts)))

    def _rows(self, vectors: Any) -> list[list[float]]:  # noqa: ANN401 - see Vectors
        return [[float(one) for one in row] for row in vectors]


class OurLLM(CustomLLM):
    """An ``LLM`` behind LlamaIndex's seam; notes when its last output began."""

    llm: Any
    began: float = 0.0

    @property
    def metadata(self) -> LLMMetadata:
        """Its own defaults (3,900 tokens, 256 of them for the answer) fit the context."""
        return LLMMetadata(model_name=self.llm.id)

    def complete(
        self, prompt: str, formatted: bool = False, **kwargs: object
    ) -> CompletionResponse:
        """Return the whole output."""
        request = Generation((Message("user", prompt),), max_tokens=self.metadata.num_output)
        pieces: list[str] = []
        for piece in self.llm.generate(request, threading.Event()):
            if not pieces:
                self.began = time.perf_counter()
            pieces.append(piece)
        return CompletionResponse(text="".join(pieces))

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: object
    ) -> CompletionResponseGen:
        """Yield the output at once: the engine's default doesn't stream."""
        yield self.complete(prompt, formatted)


class LlamaIndexPeer:
    """See the module.

    Args:
        engine: on the files.
        llm: the engine's.
        files: by name, to find chunks again.
    """

    def __init__(
        self, engine: CitationQueryEngine, llm: OurLLM, files: dict[str, FileText]
    ) -> None:
        self._engine = engine
        self._llm = llm
        self._files = files

    @classmethod
    def from_files(
        cls, files: Sequence[SourceFile], embedder: Embedder, llm: LLM
    ) -> LlamaIndexPeer:
        """Split and embed whole files."""
        documents = [
            # Its file reader keeps the name out of what is embedded and shown to the model.
            Document(
                text=file.text,
                metadata={_FILE: file.file_name},
                excluded_embed_metadata_keys=[_FILE],
                excluded_llm_metadata_keys=[_FILE],
            )
            for file in files
        ]
        ours = OurLLM(llm=llm)
        index = VectorStoreIndex.from_documents(
            documents, embed_model=OurEmbedding(model_name=embedder.id, embedder=embedder)
        )
        engine = CitationQueryEngine.from_args(index, llm=ours, similarity_top_k=_TOP)
        return cls(engine, ours, {file.file_name: FileText(file) for file in files})

    @property
    def versions(self) -> dict[str, str]:
        """See ``Peer``."""
        return {"peer": f"llama-index-core {version('llama-index-core')}"}

    def ask(self, question: str) -> Reply:
        """See ``Peer``; the first token is told as if the answer had been streamed."""
        began = time.perf_counter()
        self._llm.began = 0.0
        query = QueryBundle(question)
        nodes = self._engine.retrieve(query)
        retrieved = time.perf_counter()
        response = self._engine.synthesize(query, nodes)
        ended = time.perf_counter()
        moments = {
            "retrieve": retrieved,
            "first_token": self._llm.began or ended,
            "total": ended,
        }
        return Reply(
            str(response).strip(),
            tuple(self._chunk(one) for one in response.source_nodes),
            {name: 1000 * (moment - began) for name, moment in moments.items()},
        )

    def _chunk(self, found: Any) -> Chunk:  # noqa: ANN401 - NodeWithScore
        # “Source 2:\n…\n”, as the engine numbers them.
        text = found.node.get_content().partition("\n")[2].strip()
        file = str(found.node.metadata[_FILE])
        return Chunk(file, text, self._files[file].lines_of(text), float(found.score or 0.0))
