"""One person's notices, index and models, tied together by the settings.

Layout under ``CONGVU_HOME``::

    library.sqlite              the notices and their versions
    originals/                  the files that they were read from
    index/                      snapshots of the index
    index.rolled-back           the library's revision at which a person rolled the index back
    index.read-by               which code read the notices for the index
    cache/embeddings.sqlite     vectors by text and model
    access.sqlite               access keys of the service
    audit.sqlite                audit log of the service; audit-head.sqlite holds its last hash
    history.sqlite              conversations and feedback of the service
    jobs.sqlite                 files that the service takes in, and what has become of each
    watched.sqlite              what ``congvu watch`` has seen in its folders
    logs/                       tracebacks of unexpected errors

The packages behind the index are slow to import, so the methods that need them import them
(see ``assistant.runtime.wiring``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.runtime.home import make_home
from assistant.runtime.index_state import IndexComparison, IndexState
from assistant.runtime.intake import AddReport, Preview, preview, store, store_all
from assistant.runtime.reading_tools import reading_tools
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import Answerer, LocalParts, Parts
from corpus.errors import Busy, EmptyLibrary, NotFound, NotReady
from corpus.notice import Notice
from corpus.parse.changes import ClauseChange, changes_between
from corpus.parse.links import Links
from corpus.readers import find_files
from corpus.store.closing import Closing
from corpus.store.corrections import Field
from corpus.store.kept import KeptNotices
from corpus.store.library import Library, StoredNotice

if TYPE_CHECKING:
    from assistant.llm.base import GrammarLLM
    from index.embedder import Embedder
    from index.embedding_cache import EmbeddingCache
    from index.snapshot import Counts, Manifest, Snapshot
    from index.snapshot_store import SnapshotStore

_log = logging.getLogger("congvu.workspace")

Progress = Callable[[int, int], None]
"""Gets what is done, and how much there is."""

_BUILDS: Final = 5
"""How often an index is built for one call where the library changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two versions of a notice.

    Args:
        before: the earlier version.
        after: the one that questions are answered from.
        clauses: what changed.
    """

    before: StoredNotice
    after: StoredNotice
    clauses: tuple[ClauseChange, ...]


class Workspace(Closing):
    """Opens each part when it is first needed, once.

    Args:
        settings: where things lie and which models are used.
        parts: opens the models, or None for those that the settings name.
        clock: gives the time at which notices are added.
    """

    def __init__(
        self,
        settings: Settings,
        parts: Parts | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.parts = parts or LocalParts(settings)
        self.tools = reading_tools(settings)
        """What formats need that is no part of congvu."""
        self.read = KeptNotices()
        """Reads the notices of the library, each once."""
        self._clock = clock
        self._links: tuple[str, Links] | None = None  # of the library at a revision
        self._latest: Snapshot | None = None  # built last, until an assistant is opened on it
        self._answering: Snapshot | None = None  # what the last assistant answers from

    def close(self) -> None:
        """Close what was opened."""
        opened = vars(self)
        if "llm" in opened:
            self.llm.close()
        if "library" in opened:
            self.library.close()

    @property
    def library_path(self) -> Path:
        """The library's file; it need not exist."""
        return self.settings.home / "library.sqlite"

    @cached_property
    def library(self) -> Library:
        """The notices; an empty library is made where there is none."""
        make_home(self.settings.home)
        return Library.open(self.library_path)

    @cached_property
    def snapshots(self) -> SnapshotStore:
        """The index."""
        from index.snapshot_store import SnapshotStore  # noqa: PLC0415

        return SnapshotStore(self.settings.home / "index")

    @cached_property
    def _comparison(self) -> IndexComparison:
        return IndexComparison(self.settings.home, self.library, lambda: self.snapshots)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self.parts.open_embedder(self._precision_of_index())

    @cached_property
    def llm(self) -> GrammarLLM:
        """The language model, in this process or on a server."""
        return self.parts.open_llm()

    def add(
        self,
        paths: Iterable[Path],
        progress: Progress = lambda done, total: None,
        report: Callable[[AddReport], None] = lambda report: None,
        reading: Progress = lambda done, total: None,
    ) -> tuple[AddReport, ...]:
        """Store notices, then bring the index up to them.

        A file that can't be used is reported and keeps no other one out. What is stored stays,
        even if the index can't be built now: it is built before the next question.

        Args:
            paths: files, folders, archives and messages with what is attached.
            progress: hears how the index grows, in passages.
            report: hears of each file when it is done, before the index is built.
            reading: hears how many of the files that were found are read.

        Raises:
            UnreadableFile: a path does not exist; nothing was stored.
            BadInput: there is no notice in any of them.
            NotReady: as for ``index``.
        """
        reports = []
        files = find_files(paths)
        for number, file in enumerate(files, start=1):
            for one in store_all(file, self.library, self._clock, self.tools):
                reports.append(one)
                report(one)
            reading(number, len(files))
        if any(one.changed for one in reports) or self.is_behind():
            self.index(progress)
        return tuple(reports)

    def add_upload(
        self,
        file_name: str,
        data: bytes,
        progress: Progress = lambda done, total: None,
        stored: Callable[[AddReport], None] = lambda report: None,
    ) -> AddReport:
        """Store a file that is in memory, as ``add`` does those on disk; it stays in memory.

        Args:
            file_name: without folders; its ending chooses the reader.
            data: the whole file.
            progress: hears how the index grows, in passages.
            stored: hears what became of the file, before the index is built.

        Raises:
            NotReady: as for ``index``.
        """
        report = self.store_upload(Path(file_name), data)
        stored(report)
        if report.changed or (report.error is None and self.is_behind()):
            self.index(progress)
        return report

    def store_upload(self, path: Path, data: bytes) -> AddReport:
        """Store a file that is in memory; the index is left as it is.

        Args:
            path: the last part of it is the file's name, whose ending chooses the reader.
            data: the whole file.

        Raises:
            NoSpace: the disk is full; nothing was changed.
        """
        return store(path, lambda: data, self.library, self._clock, self.tools)

    def remove(
        self,
        *names: str,
        progress: Progress = lambda done, total: None,
        forgotten: Callable[[Sequence[StoredNotice]], None] = lambda gone: None,
    ) -> tuple[StoredNotice, ...]:
        """Delete notices with all their versions from library and index, and return them.

        Args:
            names: what the notices are called.
            progress: hears how the index is built again, in passages.
            forgotten: hears what the library has forgotten, before the index is built.

        Raises:
            BadInput: a name is unknown or ambiguous; nothing was deleted.
            NotReady, Busy: the notices are gone, and an index that holds them, which can't be
                built anew now, too.
        """
        ids = dict.fromkeys(self.library.find(name).id for name in names)
        gone = tuple(one for notice_id in ids for one in self.forget(notice_id))
        try:
            forgotten(gone)
        finally:
            self._index_without(gone, progress)
        return gone

    def _index_without(self, gone: Sequence[StoredNotice], progress: Progress) -> None:
        try:
            self.index(progress)
        except (NotReady, Busy):
            if self._comparison.may_hold(one.content_hash for one in gone):
                self.snapshots.clear()
            self.snapshots.prune(self._cache)
            raise

    def forget(self, notice_id: str) -> tuple[StoredNotice, ...]:
        """Delete a notice with all its versions from the library; the index still holds it.

        Raises:
            NotFound: there is no such id.
        """
        gone = self.library.remove(notice_id)
        self.read.forget(one.content_hash for one in gone)
        return gone

    def load(self, name: str) -> Notice:
        """Return the notice that ``name`` means, with its clauses.

        Raises:
            BadInput: unknown or ambiguous.
        """
        return self.library.load(self.library.find(name).id, self.read)

    def changes(self, name: str, since: str | None = None) -> Changes:
        """Return what changed in a notice since an earlier version.

        Args:
            name: what the notice is called.
            since: id of the earlier version, None for the one before.

        Raises:
            BadInput: unknown or ambiguous.
            NotFound: there is no such earlier version.
        """
        current, *earlier = self.library.versions(self.library.find(name).id)
        before = next((one for one in earlier if since in {None, one.id}), None)
        if before is None:
            said = "chỉ có một bản" if since is None else f"không có bản cũ mang mã “{since}”"
            raise NotFound(
                f"“{current.file_name}” {said} trong kho nên không so sánh được.",
                f"Các bản cũ: {', '.join(one.id for one in earlier)}."
                if earlier
                else "Thêm bản mới của văn bản để xem thay đổi.",
            )
        read = [self.library.load(one.id, self.read) for one in (before, current)]
        return Changes(before, current, changes_between(*read))

    def links(self) -> Links:
        """Return what the notices of the library do to each other."""
        revision = self.library.revision
        if self._links is None or self._links[0] != revision:
            found = self.library.links(self.read)
            if self.library.revision != revision:  # changed meanwhile: true now, not to be kept
                return found
            self._links = revision, found
        return self._links[1]

    def correct(
        self,
        name: str,
        values: Mapping[Field, str | None],
        by_whom: str,
        progress: Progress = lambda done, total: None,
        put_right: Callable[[StoredNotice], None] = lambda notice: None,
    ) -> StoredNotice:
        """Put right what was recognised of a notice, and bring the index up to it.

        Args:
            name: what the notice is called.
            values: field → the right value, or None to undo its correction.
            by_whom: who does it.
            progress: hears how the index is built again, in passages.
            put_right: hears of it when it is done, before the index is built.

        Raises:
            BadInput: the notice is unknown or ambiguous, or a value can't be.
            NotReady: as for ``index``; the correction stays.
        """
        notice = self.library.find(name)
        self.library.corrections.change(notice, values, by_whom, self._clock())
        put_right(self.library.find(notice.id))
        if self.is_behind():
            self.index(progress)
        return self.library.find(notice.id)

    def index(self, progress: Progress = lambda done, total: None) -> Counts:
        """Build the index of the current notices; unchanged texts are not embedded again.

        Raises:
            ModelMissing: the embedding model is not here.
            Busy: another process builds, or changes the library all the time.
            NoSpace: the disk is full; the old index is untouched.
        """
        for _ in range(_BUILDS):
            revision = self.library.revision
            counts = self._build(progress)
            # Another process may have changed the library meanwhile; our index would hide that.
            if self.library.revision == revision:
                return counts
        raise Busy(
            "Kho văn bản thay đổi liên tục trong lúc lập chỉ mục.",
            "Chạy `congvu index` khi không ai đang thêm hay gỡ văn bản.",
        )

    def _build(self, progress: Progress) -> Counts:
        from index.snapshot import Counts  # noqa: PLC0415

        made_by = self._comparison.made_by()
        loaded = (self._latest, self._answering)
        notices = self.library.load_all(self._comparison.read_before(self.read, loaded))
        self.library.facts.keep(notices)
        self._latest = None
        self._links = None  # heads may have been read anew
        cache = self._cache
        if not notices:
            self.snapshots.clear()
            self._answering = None
            counts = Counts(0, 0, 0, 0, 0)
        else:
            self._latest = self.snapshots.build(notices, self.embedder, cache, progress)
            counts = self._latest.manifest.counts
            if self._comparison.previous_holds_removed():
                self.snapshots.forget_previous()
        self.snapshots.prune(cache)
        self.library.origins.sweep()
        self._comparison.note_built(made_by)
        return counts

    def roll_back(self) -> Manifest:
        """Answer from the index before; it stays until a notice changes or ``index`` is called.

        Raises:
            NotReady: there is no other sound one.
        """
        manifest = self.snapshots.roll_back()
        self._comparison.note_rolled_back()
        return manifest

    def index_state(self) -> IndexState:
        """Compare the index with the library."""
        return self._comparison.state()

    def is_behind(self) -> bool:
        """Whether the index must be built before the next question."""
        return self.index_state().needs_build

    def open_assistant(self, progress: Progress = lambda done, total: None) -> Answerer:
        """Return the assistant on the current notices.

        An index that does not hold what the library holds (a kill came between the two, another
        embedder was chosen) is built first, with a warning.

        Args:
            progress: hears how the index grows, in passages.

        Raises:
            EmptyLibrary: there are no notices.
            ModelMissing: a model is not on this machine.
            Damaged: a model is damaged, or the index and it can't be built.
        """
        state = self.index_state()
        if state is IndexState.EMPTY:
            raise EmptyLibrary(
                "Kho chưa có văn bản nào nên chưa trả lời được.",
                "Thêm văn bản bằng `congvu add ĐƯỜNG_DẪN`.",
            )
        llm = self.llm  # first: if it is missing, nobody should wait for the index
        if state is IndexState.ROLLED_BACK:
            _log.warning("Chỉ mục %s. Chạy `congvu index` để lập lại.", state.vietnamese)
        elif state.needs_build:
            _log.warning("Chỉ mục %s; đang lập lại.", state.vietnamese)
            self.index(progress)
        elif self._manifest_embedder() != self.embedder.id:
            _log.warning("Mô hình nhúng đã đổi; đang lập lại chỉ mục.")
            self.index(progress)
        return self.reopen_assistant(llm)

    def reopen_assistant(self, llm: GrammarLLM | None = None) -> Answerer:
        """Return an assistant on the index as it is, without building one.

        Args:
            llm: the language model, or None for that of the settings.

        Raises:
            EmptyLibrary: nothing is indexed.
            Damaged: the index can't be used.
            NotReady: it was built with another embedder.
        """
        latest, self._latest = self._latest, None
        if latest is not None and self.snapshots.is_current(latest):
            snapshot = latest  # built in this process a moment ago: no need to read it back
        else:
            snapshot = self.snapshots.load_current(self.embedder.id)
        self._answering = snapshot
        return self.parts.assemble(snapshot, self.embedder, llm or self.llm)

    def preview(self, file_name: str, data: bytes) -> Preview:
        """Read a notice that is not stored.

        Args:
            file_name: without folders; its ending chooses the reader.
            data: the whole file.

        Raises:
            UnreadableFile: it is no text that congvu can read.
            SecretFile: it carries a secrecy stamp.
        """
        return preview(file_name, data, self.tools)

    @property
    def _cache(self) -> EmbeddingCache:
        from index.embedding_cache import EmbeddingCache  # noqa: PLC0415

        return EmbeddingCache(self.settings.home / "cache" / "embeddings.sqlite")

    def _manifest_embedder(self) -> str:
        usable = self.snapshots.status().usable
        return usable.embedder if usable is not None else ""

    def _precision_of_index(self) -> str:
        """Return the precision the index was made with, so that a timing can't change it."""
        model, _, rest = self._manifest_embedder().partition("/")
        return rest.rpartition("/")[2] if model == self.settings.embedder else "auto"
