"""The pages as a server gives them: what may be reached, by whom, and that nothing leaves."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import quote

import pytest
from disk_watch import large, written
from docx import Document
from fakes_assistant import NOTICE, OTHER, SECRET, FakeParts
from fakes_web import ASKER, LAN, MAI, Pages
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from assistant.runtime.settings import Settings
from assistant.service.callers import Caller
from corpus.errors import Unauthenticated
from ui.web.gradio_routes import is_cross_site, vietnamese_page
from ui.web.mount import GENERAL_QUESTIONS, sample_questions
from ui.web.page import SCRIPTS, STYLES

_CALLERS = {"lan": LAN, "mai": MAI, "hoi": ASKER}


def _caller_of(connection: HTTPConnection) -> Caller:
    name = connection.headers.get("x-who", "lan")
    if name not in _CALLERS:
        raise Unauthenticated("Phiên đăng nhập đã hết.", "Hãy đăng nhập lại.")
    return _CALLERS[name]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("web")
    settings = Settings(home=folder / "home", models=folder / "models")
    made = Pages(settings, {"a": NOTICE, "b": OTHER}, FakeParts())
    yield made
    made.service.close()


@pytest.fixture(scope="module")
def client(pages: Pages) -> Iterator[TestClient]:
    with TestClient(pages.app(_caller_of)) as made:
        yield made


def test_the_page_is_vietnamese_and_asks_nothing_of_others(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert '<html\n\tlang="vi"' in page.text
    config = page.text.split("window.gradio_config = ", 1)[1]
    assert '"analytics_enabled":false' in config.replace(" ", "")
    ours = page.text.replace(config, "")
    outside = set(re.findall(r"""(?:src|href|content)=["'](https?://[^"']+)""", ours))
    assert outside == set()
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


def test_the_config_names_no_font_of_the_web_and_no_public_endpoint(client: TestClient) -> None:
    config = client.get("/config").json()
    assert "fonts.googleapis" not in json.dumps(config)
    assert config["footer_links"] == []
    visible = {one.get("api_visibility") for one in config["dependencies"]}
    assert visible == {"private"}


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://example.org",
        "/gradio_api/runs",
        "/gradio_api/call/ask",
        "/gradio_api/upload_progress",
        "/gradio_api/mcp/",
        "/gradio_api/deep_link",
        "/monitoring",
        "/docs/",
        "/login",
        "/assets/%2e%2e/config",
    ],
)
def test_what_the_page_does_not_need_is_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["upload", "component_server", "api/predict", "run/ask"])
def test_nothing_else_of_gradio_takes_what_is_sent(client: TestClient, path: str) -> None:
    sent = client.post(f"/gradio_api/{path}", files={"files": ("a.txt", b"x")})
    assert sent.status_code == 404


def test_other_sites_may_not_send(client: TestClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = client.post("/gradio_api/queue/join", json={}, headers=headers)
        assert answer.status_code == 403
        assert client.post("/tep/tai-len", content=b"x", headers=headers).status_code == 400


def test_the_same_site_is_known_by_either_header() -> None:
    def scope(**headers: str) -> dict[str, object]:
        raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        return {"type": "http", "headers": raw}

    assert not is_cross_site(scope(sec_fetch_site="same-origin", origin="null"))
    assert not is_cross_site(scope(origin="http://may:8017", host="may:8017"))
    assert not is_cross_site(scope(host="may:8017"))
    assert is_cross_site(scope(sec_fetch_site="same-site"))
    assert is_cross_site(scope(origin="http://may:9999", host="may:8017"))


def test_too_much_at_once_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 300_000).status_code == 413


def test_gradios_own_adverts_are_cut_out() -> None:
    page = b'<html lang="en"><meta property="og:url"\n content="https://x"/><link rel="manifest" a>'
    assert vietnamese_page(page) == b'<html lang="vi">'


def test_an_upload_is_read_and_waits(client: TestClient, pages: Pages) -> None:
    answer = client.post(
        "/tep/tai-len", content=NOTICE.encode(), headers={"x-file-name": quote("mới.txt")}
    )
    assert answer.status_code == 200
    assert len(answer.json()["token"]) > 20
    assert len(pages.shelf.notices(LAN)) == 2


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (SECRET, "a.txt", "độ mật"),
        (NOTICE, "a.exe", "Chưa đọc được loại tệp"),
        ("", "a.txt", ""),
        (NOTICE, "", "không có tên"),
    ],
)
def test_a_file_that_can_not_be_taken_is_explained(
    client: TestClient, text: str, name: str, told: str
) -> None:
    answer = client.post(
        "/tep/tai-len", content=text.encode(), headers={"x-file-name": quote(name)}
    )
    assert answer.status_code == 400
    assert told in answer.json()["message"]
    assert answer.json()["remedy"]


def test_a_file_that_is_too_large_is_cut_off(settings: Settings) -> None:
    small = settings.model_copy(update={"upload_max_mb": 1})
    pages = Pages(small, {"a": NOTICE}, FakeParts())
    with TestClient(pages.app(_caller_of)) as client:
        answer = client.post("/tep/tai-len", content=b"a" * 1_100_000)
    assert answer.status_code == 400
    assert "lớn hơn 1 MB" in answer.json()["message"]
    pages.service.close()


def test_a_secret_upload_never_touches_the_disk(client: TestClient) -> None:
    with written() as opened:
        answer = client.post(
            "/tep/tai-len", content=large(SECRET), headers={"x-file-name": "mat.txt"}
        )
    assert "độ mật" in answer.json()["message"]
    assert opened == []


def test_only_who_manages_uploads(client: TestClient) -> None:
    for who in ("hoi", "nobody"):
        answer = client.post(
            "/tep/tai-len", content=NOTICE.encode(), headers={"x-file-name": "a.txt", "x-who": who}
        )
        assert answer.status_code == 403


def test_a_conversation_is_exported_to_its_owner_alone(client: TestClient, pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    address = f"/tep/hoi-dap/{tab.conversation}"
    word = client.get(f"{address}.docx")
    assert word.status_code == 200
    assert "attachment" in word.headers["content-disposition"]
    text = "\n".join(one.text for one in Document(io.BytesIO(word.content)).paragraphs)
    assert "12/TB-UBND" in text
    assert "12/TB-UBND" in client.get(f"{address}.md").text
    for path in (f"{address}.exe", "/tep/hoi-dap/0123.md"):
        assert client.get(path).status_code == 404
    assert client.get(f"{address}.md", headers={"x-who": "mai"}).status_code == 404
    assert client.get(f"{address}.md", headers={"x-who": "nobody"}).status_code == 403


def test_styles_and_scripts_ask_nothing_of_others() -> None:
    for name in (*STYLES, *SCRIPTS):
        source = (files("ui.web") / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|//[a-z]+\.[a-z]|@import|url\(", source), name
        # Nothing that comes from elsewhere is made into HTML by the page itself.
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source
        )
        assert "</script" not in source


def test_there_are_questions_to_begin_with() -> None:
    assert len(sample_questions()) >= 3
    assert all("…" in one for one in GENERAL_QUESTIONS)


def _send(
    client: TestClient, bus: str, data: dict[str, object], session: str = "one", who: str = "lan"
) -> dict[str, str]:
    """Send to a part of the page as Gradio's script does; return the parts that changed."""
    config = client.get("/config").json()
    ids = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
    names = {number: name for name, number in ids.items()}
    [call] = [
        one for one in config["dependencies"] if [ids[f"cv-bus-{bus}"], "submit"] in one["targets"]
    ]
    answer = client.post(
        "/gradio_api/run/predict",
        json={
            "fn_index": call["id"],
            "data": [None] * len(call["inputs"]),
            "event_data": data,
            "session_hash": session,
        },
        headers={"x-who": who},
    )
    assert answer.status_code == 200, answer.text
    outputs = zip(call["outputs"], answer.json()["data"], strict=True)
    return {
        str(names[number]).removeprefix("cv-"): value
        for number, value in outputs
        if isinstance(value, str)
    }


def test_gradio_hands_on_what_is_sent_and_by_whom(client: TestClient, pages: Pages) -> None:
    notice = pages.shelf.notices(LAN)[0]
    sent = {"notice": notice.id, "clause": f"{notice.id}#2", "nonce": "42"}
    assert 'data-nonce="42"' in _send(client, "clause", sent)["panel"]
    refused = _send(client, "clause", sent, who="hoi")
    assert set(refused) == {"toast"}
    assert "không còn trong kho" in refused["toast"]
    assert "Phiên đăng nhập đã hết." in _send(client, "clause", sent, who="nobody")["toast"]


def test_each_session_has_its_own_conversation(client: TestClient, pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    cited = {"index": 0, "marker": 1}
    assert "thread" in _send(client, "open", {"conversation": tab.conversation}, "first")
    assert "<mark>" in _send(client, "clause", cited, "first")["panel"]
    assert "Không có dẫn chiếu ấy" in _send(client, "clause", cited, "second")["toast"]


def test_an_error_nobody_expected_is_told_without_its_words(
    client: TestClient, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("/home/secret/path")

    monkeypatch.setattr(pages.service.records.history, "conversation", fail)
    told = _send(client, "open", {"conversation": "x"})["toast"]
    assert "lỗi ngoài dự kiến" in told
    assert "secret" not in told
