"""Files are taken in in the background: told, cancelled, tried again, and gone on with."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from disk_watch import large, written
from fakes_api import CLOSED, Api, api_on, assert_problem, events_of, opened, wait_for
from fakes_assistant import MISSING, NOTICE, QUESTION, SECRET, FakeAssistant, FakeParts, write
from fakes_time import ends_within
from starlette.testclient import TestClient

from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from assistant.service.jobs import store as store_module
from assistant.service.jobs import worker
from assistant.service.service import Service
from index.fakes import CountingEmbedder

ASYNC = {"Prefer": "respond-async"}


def text(number: int, thing: str = "cầu treo") -> str:
    return NOTICE.replace("12/TB", f"{number}/TB").replace("kho lạnh", thing)


def send(client: TestClient, name: str, data: str | bytes, **params: Any) -> dict[str, Any]:
    content = data.encode() if isinstance(data, str) else data
    files = {"file": (name, content)}
    response = client.post("/v1/notices", files=files, params=params, headers=ASYNC)
    assert response.status_code == 202, response.text
    job: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert response.headers["preference-applied"] == "respond-async"
    return job


def finished(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    def is_finished() -> bool:
        found.append(client.get(f"/v1/jobs/{job['id']}").json())
        return bool(found[-1]["state"] == "finished")

    wait_for(is_finished, 20)
    return found[-1]


def packed(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.txt", content)
    return data.getvalue()


class Held(CountingEmbedder):
    """Holds every embedding of documents up until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.waits = threading.Event(), threading.Event()
        self.go.set()

    def embed_documents(self, texts: Any, titles: Any, progress: Any = lambda done: None) -> Any:
        self.waits.set()
        assert self.go.wait(20)
        progress(0)
        return super().embed_documents(texts, titles, progress)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def slow(settings: Settings, held: Held, tmp_path: Path) -> Iterator[Api]:
    """A service whose index can be held up."""
    service = Service.from_settings(settings, FakeParts(held, FakeAssistant))
    service.workspace.add([write(tmp_path / "in", a=NOTICE)])
    service.open()
    try:
        with api_on(service) as api:
            yield api
    finally:
        held.go.set()
        service.close()


def storing_waits(api: Api, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let the worker store nothing until the event is set."""
    go = threading.Event()
    store = api.service.workspace.store_upload

    def slowly(*given: Any) -> Any:
        assert go.wait(10)
        return store(*given)

    monkeypatch.setattr(api.service.workspace, "store_upload", slowly)
    return go


def test_an_upload_is_answered_at_once_and_found_later(client: TestClient) -> None:
    job = send(client, "moi.txt", text(21))
    assert (job["total"], job["files"][0]["name"]) == (1, "moi.txt")
    done = finished(client, job)
    [file] = done["files"]
    assert (file["state"], file["outcome"]) == ("done", "added")
    read = file["recognised"]
    assert (read["number"], read["date"], read["clauses"]) == ("21/TB-UBND", "2031-06-05", 2)
    assert read["doubts"] == []
    cited = client.post("/v1/ask", json={"question": "Về cầu treo thì sao"}).json()["citations"]
    assert cited[0]["notice"]["id"] == file["notice"]
    assert [one["id"] for one in client.get("/v1/jobs").json()["jobs"]] == [job["id"]]


def test_without_the_wish_an_upload_is_waited_for_as_before(client: TestClient) -> None:
    response = client.post("/v1/notices", files={"file": ("moi.txt", text(21).encode())})
    assert (response.status_code, response.json()["outcome"]) == (200, "added")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_each_document_of_an_archive_is_a_file_of_the_job(client: TestClient) -> None:
    draft = "UBND TỈNH SÔNG BÍCH\n\nBÁO CÁO\nTình hình đò ngang\n\nCó 5 đò ngang được sửa.\n"
    data = packed(a=text(21), b=SECRET, c=draft, d=text(21))
    response = client.post("/v1/notices", files={"file": ("tap.zip", data)})
    assert response.status_code == 202
    files = finished(client, response.json())["files"]
    assert [(one["name"], one["state"], one["outcome"]) for one in files] == [
        ("tap.zip/a.txt", "done", "added"),
        ("tap.zip/b.txt", "refused", None),
        ("tap.zip/c.txt", "done", "added"),
        ("tap.zip/d.txt", "done", "unchanged"),
    ]
    assert "độ mật" in files[1]["message"]
    assert files[1]["remedy"]
    assert any("số ký hiệu" in one for one in files[2]["recognised"]["doubts"])
    assert files[3]["known_as"] == "a.txt"


def test_what_can_not_be_a_file_is_told_at_once(client: TestClient) -> None:
    for name, data in (("a.exe", b"x"), ("a.zip", b"no archive"), ("a.zip", packed())):
        response = client.post("/v1/notices", files={"file": (name, data)}, headers=ASYNC)
        assert_problem(response, 422, "unreadable_file")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_a_folder_is_sent_file_by_file_into_one_job(client: TestClient) -> None:
    job = send(client, "a.txt", text(21))
    for number in range(22, 30):
        send(client, f"{number}.txt", text(number), job=job["id"])
    done = finished(client, job)
    assert done["counts"]["done"] == 9
    assert [one["position"] for one in done["files"]] == list(range(9))
    response = client.post("/v1/notices", files={"file": ("a.txt", b"x")}, params={"job": "none"})
    assert_problem(response, 404, "not_found")


def test_many_files_are_indexed_together(slow: Api, held: Held) -> None:
    client = slow.client()
    held.go.clear()
    job = send(client, "0.txt", text(50))
    for number in range(51, 60):
        send(client, f"{number}.txt", text(number), job=job["id"])
    builds: list[None] = []
    index = slow.service.workspace.index

    def counted(*given: Any) -> Any:
        builds.append(None)
        return index(*given)

    slow.service.workspace.index = counted  # type: ignore[method-assign]
    held.go.set()
    assert finished(client, job)["counts"]["done"] == 10
    assert len(builds) <= 2


def test_a_question_is_answered_while_files_are_indexed(slow: Api, held: Held) -> None:
    client = slow.client()
    held.go.clear()
    held.waits.clear()
    job = send(client, "moi.txt", text(21))
    assert held.waits.wait(10)
    with ends_within(5):
        assert "7 kho lạnh" in client.post("/v1/ask", json={"question": QUESTION}).text
        assert client.get("/v1/notices").status_code == 200
    now = client.get(f"/v1/jobs/{job['id']}").json()
    assert (now["state"], now["files"][0]["state"]) == ("running", "stored")
    assert now["indexing"] is not None
    busy = client.post("/v1/notices", files={"file": ("b.txt", text(22).encode())})
    assert "respond-async" in assert_problem(busy, 503, "busy")["remedy"]
    held.go.set()
    assert finished(client, job)["counts"]["done"] == 1


def test_events_tell_every_step_and_end(client: TestClient) -> None:
    job = send(client, "moi.txt", text(21))
    with client.stream("GET", f"/v1/jobs/{job['id']}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = events_of(response.iter_lines())
    assert [data["state"] for name, data in events if name == "file"][-1] == "done"
    name, last = events[-1]
    assert (name, last["state"], last["counts"]["done"]) == ("job", "finished", 1)
    assert "files" not in last
    assert_problem(client.get("/v1/jobs/none/events"), 404, "not_found")


def test_who_follows_a_job_looks_up_only_what_changed(
    slow: Api, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, store = slow.client(), slow.service.records.jobs
    held.go.clear()
    held.waits.clear()
    job = send(client, "0.txt", text(50))
    assert held.waits.wait(10)
    send(client, "1.txt", text(51), job=job["id"])
    looked: list[int] = []
    files = store.files

    def counted(job_id: str, after: int = -1) -> Any:
        found = files(job_id, after)
        looked.append(len(found))
        return found

    monkeypatch.setattr(store, "files", counted)
    threading.Timer(1.5, held.go.set).start()
    with client.stream("GET", f"/v1/jobs/{job['id']}/events") as response:
        events = events_of(response.iter_lines())
    last = {data["position"]: data["state"] for name, data in events if name == "file"}
    assert last == {0: "done", 1: "done"}
    assert events[-1][1]["counts"]["done"] == 2
    assert looked.count(0) >= 3  # nothing changed, nothing was loaded


def test_a_job_has_so_many_files_and_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MOST_FILES", 2)
    job = send(client, "a.txt", text(21))
    send(client, "b.txt", text(22), job=job["id"])
    files = {"file": ("c.txt", text(23).encode())}
    response = client.post("/v1/notices", files=files, params={"job": job["id"]}, headers=ASYNC)
    told = assert_problem(response, 400, "bad_input")
    assert "nhiều nhất 2 tệp" in told["detail"]
    assert "việc mới" in told["remedy"]
    assert finished(client, job)["counts"]["done"] == 2


def test_what_is_not_read_yet_can_be_left_out(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = storing_waits(api, monkeypatch)
    job = send(client, "a.txt", text(21))
    for number in (22, 23):
        send(client, f"{number}.txt", text(number), job=job["id"])
    wait_for(lambda: client.get(f"/v1/jobs/{job['id']}").json()["counts"]["reading"])
    cancelled = client.post(f"/v1/jobs/{job['id']}/cancel").json()
    assert (cancelled["counts"]["cancelled"], cancelled["can_cancel"]) == (2, False)
    go.set()
    done = finished(client, job)
    assert (done["counts"]["done"], done["counts"]["cancelled"]) == (1, 2)
    numbers = {one["number"] for one in client.get("/v1/notices").json()["notices"]}
    assert "21/TB-UBND" in numbers
    assert not {"22/TB-UBND", "23/TB-UBND"} & numbers


def test_what_failed_can_be_tried_again(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any) -> Any:
        raise MISSING

    with monkeypatch.context() as patch:
        patch.setattr(api.service.workspace, "index", fail)
        done = finished(client, send(client, "a.txt", text(21)))
        assert (done["files"][0]["state"], done["can_retry"]) == ("failed", True)
        assert "models pull" in done["files"][0]["remedy"]
    again = client.post(f"/v1/jobs/{done['id']}/retry")
    assert again.status_code == 202
    assert finished(client, done)["counts"]["done"] == 1

    with monkeypatch.context() as patch:
        patch.setattr(api.service.workspace, "store_upload", fail)
        done = finished(client, send(client, "b.txt", text(22)))
        assert done["files"][0]["state"] == "failed"
    client.post(f"/v1/jobs/{done['id']}/retry")
    assert finished(client, done)["counts"]["done"] == 1


def test_one_file_that_breaks_the_reader_keeps_no_other_one_out(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = api.service.workspace.store_upload

    def sometimes(path: Path, data: bytes) -> Any:
        if path.name == "b.txt":
            raise RuntimeError("secret path /srv")
        return store(path, data)

    monkeypatch.setattr(api.service.workspace, "store_upload", sometimes)
    job = send(client, "a.txt", text(21))
    send(client, "b.txt", text(22), job=job["id"])
    send(client, "c.txt", text(23), job=job["id"])
    done = finished(client, job)
    assert [one["state"] for one in done["files"]] == ["done", "failed", "done"]
    assert "/srv" not in str(done)


def test_a_job_is_its_owners_alone(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, tmp_path / "in", CLOSED) as api:
        mine, other = (api.holder(Scope.MANAGE, Scope.READ), api.holder(Scope.MANAGE))
        job = send(mine, "a.txt", text(21))
        assert_problem(other.get(f"/v1/jobs/{job['id']}"), 404, "not_found")
        assert other.get("/v1/jobs").json()["jobs"] == []
        for path in ("cancel", "retry"):
            assert_problem(other.post(f"/v1/jobs/{job['id']}/{path}"), 404, "not_found")
        reader = api.holder(Scope.READ)
        assert_problem(reader.get("/v1/jobs"), 403, "forbidden")
        files = {"file": ("b.txt", text(22).encode())}
        assert_problem(reader.post("/v1/notices", files=files, headers=ASYNC), 403, "forbidden")
        finished(mine, job)


def test_what_was_stored_goes_on_after_a_restart_and_what_was_not_read_is_told(
    settings: Settings,
) -> None:
    held = Held()
    with _on(settings, held) as api:
        client = api.client()
        held.go.clear()
        held.waits.clear()
        job = send(client, "a.txt", text(21))
        assert held.waits.wait(10)  # a.txt is in the library, its index is being built
        send(client, "b.txt", text(22), job=job["id"])
        threading.Timer(0.2, held.go.set).start()  # the embedder comes back while we close
        api.service.close()
    with _on(settings, CountingEmbedder()) as api:
        client = api.client()
        done = finished(client, job)
        assert [one["state"] for one in done["files"]] == ["done", "lost"]
        assert "Gửi lại" in done["files"][1]["remedy"]
        answer = client.post("/v1/ask", json={"question": "Về cầu treo thì sao"}).json()
        assert answer["citations"][0]["notice"]["number"] == "21/TB-UBND"
        again = finished(client, send(client, "b.txt", text(22), job=job["id"]))
        assert again["files"][2]["outcome"] == "added"
        api.service.close()


def _on(settings: Settings, embedder: CountingEmbedder) -> Any:
    service = Service.from_settings(settings, FakeParts(embedder))
    service.open()
    return api_on(service)


def test_a_file_that_was_stored_when_the_process_was_killed_is_no_lost_one(
    settings: Settings,
) -> None:
    service = Service.from_settings(settings, FakeParts())
    service.open()
    jobs = service.records.jobs
    job_id = jobs.create("local", service._now())
    data = text(21).encode()
    jobs.append(job_id, "local", [("a.txt", len(data), hashlib.sha256(data).hexdigest())])
    service.workspace.store_upload(Path("a.txt"), data)  # and here the power went off
    service.close()
    with _on(settings, CountingEmbedder()) as api:
        done = finished(api.client(), {"id": job_id})
        assert done["files"][0]["state"] == "done"
        assert done["files"][0]["notice"].startswith("21-tb-ubnd")
        api.service.close()


def test_to_open_again_takes_nothing_that_waits_for_lost(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = storing_waits(api, monkeypatch)
    job = send(client, "a.txt", text(21))
    send(client, "b.txt", text(22), job=job["id"])
    api.service.open()
    go.set()
    assert finished(client, job)["counts"]["done"] == 2


def test_what_is_left_out_takes_no_room(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = storing_waits(api, monkeypatch)
    job = send(client, "a.txt", text(21))
    wait_for(lambda: client.get(f"/v1/jobs/{job['id']}").json()["counts"]["reading"])
    send(client, "b.txt", text(22), job=job["id"])
    assert api.service.jobs._held() > 0
    client.post(f"/v1/jobs/{job['id']}/cancel")
    assert api.service.jobs._held() == 0
    go.set()
    assert finished(client, job)["counts"]["cancelled"] == 1


def test_two_thousand_files_of_an_archive_are_listed_at_once(api: Api, client: TestClient) -> None:
    data = packed(**{f"n{number}": "" for number in range(2000)})
    begun = time.process_time()
    response = client.post("/v1/notices", files={"file": ("tap.zip", data)})
    assert response.status_code == 202
    assert response.json()["total"] == 2000
    assert time.process_time() - begun < 10
    client.post(f"/v1/jobs/{response.json()['id']}/cancel")


def test_too_much_that_waits_is_refused(
    api: Api, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_WAITING_BYTES", 100)
    response = client.post(
        "/v1/notices", files={"file": ("a.txt", text(21).encode())}, headers=ASYNC
    )
    assert_problem(response, 503, "busy")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_a_secret_upload_is_never_on_the_disk(client: TestClient) -> None:
    with written() as paths:
        done = finished(client, send(client, "mat.txt", large(SECRET)))
    assert done["files"][0]["state"] == "refused"
    assert [one for one in paths if "jobs.sqlite" not in one] == []


def test_what_became_of_files_stands_in_the_audit_log(api: Api, client: TestClient) -> None:
    job = send(client, "a.txt", text(21))
    send(client, "mat.txt", SECRET, job=job["id"])
    finished(client, job)
    kept = [(one.kind, one.outcome) for one in api.service.records.audit.records()]
    assert ("add", "done") in kept
    assert ("add", "failed") in kept


@pytest.mark.parametrize("elsewhere", [False, True])
def test_of_a_removed_notice_a_job_keeps_nothing_that_was_read(
    api: Api, client: TestClient, elsewhere: bool
) -> None:
    job = finished(client, send(client, "a.txt", text(21, "cầu treo Bích Khê")))
    notice = job["files"][0]["notice"]
    assert job["files"][0]["recognised"]["number"] == "21/TB-UBND"
    if elsewhere:  # `congvu remove` in another process
        api.service.workspace.remove(notice)
        api.service.open()
    else:
        assert client.delete(f"/v1/notices/{notice}").status_code == 200
    [file] = client.get(f"/v1/jobs/{job['id']}").json()["files"]
    assert (file["state"], file["notice"], file["recognised"]) == ("done", notice, None)
    home = api.service.workspace.settings.home
    kept = b"".join(path.read_bytes() for path in home.glob("jobs.sqlite*"))
    assert b"21/TB-UBND" not in kept


def test_many_senders_at_once_lose_nothing(client: TestClient) -> None:
    jobs: list[dict[str, Any]] = []

    def post(number: int) -> Callable[[], None]:
        return lambda: jobs.append(send(client, f"{number}.txt", text(number)))

    threads = [threading.Thread(target=post(number)) for number in range(30, 42)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(jobs) == 12
    assert all(finished(client, one)["counts"]["done"] == 1 for one in jobs)
    numbers = {one["number"] for one in client.get("/v1/notices").json()["notices"]}
    assert {f"{number}/TB-UBND" for number in range(30, 42)} <= numbers
