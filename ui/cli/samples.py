"""The sample notices, of a province that doesn't exist, for trying congvu out."""

from __future__ import annotations

from assistant.runtime.workspace import Workspace
from corpus.readers import read_file, sample_paths
from ui.cli.console import CountProgress, put
from ui.cli.notices import INDEXING, print_report
from ui.cli.shell import Shell


def sample_ids(workspace: Workspace) -> tuple[str, ...]:
    """Return the ids of the sample notices that are in the library."""
    texts = {read_file(path).text for path in sample_paths()}
    library = workspace.library
    return tuple(one.id for one in library.notices() if library.source(one.id) in texts)


def provide_samples(shell: Shell, workspace: Workspace) -> tuple[str, ...]:
    """Add the samples that are missing; return the ids of all, or none in a person's own library.

    Notices of a province that doesn't exist must not get among those of someone at work.

    Args:
        shell: where to tell.
        workspace: to add them to.
    """
    there = sample_ids(workspace)
    if not there and workspace.library.notices():
        return ()
    if len(there) < len(sample_paths()):
        put(
            shell.err,
            "Thêm các VĂN BẢN MẪU của một tỉnh không có thật; gỡ bằng `congvu demo --clean`.",
        )
        with CountProgress(INDEXING, shell.err) as progress:
            workspace.add(
                sample_paths(),
                progress,
                lambda report: print_report(shell.err, shell.err, report),
            )
    return sample_ids(workspace)


def remove_samples(shell: Shell, workspace: Workspace) -> None:
    """Remove the samples and nothing else."""
    ids = sample_ids(workspace)
    if ids:
        with CountProgress(INDEXING, shell.err) as progress:
            workspace.remove(*ids, progress=progress)
    put(shell.out, f"Đã gỡ {len(ids)} văn bản mẫu.")
