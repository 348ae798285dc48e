"""A page that describes the API, made from its own OpenAPI document; it loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from assistant.api.problems import KINDS

_STYLE: Final = """
:root{color-scheme:light dark;--line:#c9ced6;--soft:#f3f5f8;--ink:#1b2733;--link:#0b5cad}
@media (prefers-color-scheme:dark){
:root{--line:#3a4654;--soft:#1c2530;--ink:#e4e9ef;--link:#7db8f5}body{background:#12181f}}
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);max-width:60rem;margin:0 auto;
padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);font-size:1.25rem}
a{color:var(--link)}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{background:var(--soft);padding:.75rem;overflow-x:auto;border-radius:.4rem;white-space:pre-wrap}
details{border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0;padding:.5rem .8rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:4.2em}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
td,th{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
"""
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'self'"
"""The page's Content-Security-Policy."""

_CURL: Final = """curl {base}/v1/ask -H 'Content-Type: application/json' \\
  -H 'Authorization: Bearer congvu_…' \\
  -d '{{"question": "Cơ quan nào chủ trì?"}}'"""
_PYTHON: Final = """from openai import OpenAI

client = OpenAI(base_url="{base}/v1", api_key="congvu_…")
answer = client.chat.completions.create(
    model="congvu", messages=[{{"role": "user", "content": "Cơ quan nào chủ trì?"}}]
)
print(answer.choices[0].message.content)"""


def page(schema: Mapping[str, Any], base: str) -> str:
    """Return the page.

    Args:
        schema: the OpenAPI document.
        base: address of the service, without a slash at the end.
    """
    info = schema["info"]
    title = escape(str(info["title"]))
    return "".join(
        (
            '<!doctype html><html lang="vi"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{title}</h1><p>{escape(str(info['description']))}</p>",
            f'<p>Khuôn dạng đầy đủ cho chương trình: <a href="{escape(base)}/openapi.json">',
            "openapi.json</a>.</p>",
            f"<h2>Gọi thử</h2><pre>{escape(_CURL.format(base=base))}</pre>",
            f"<pre>{escape(_PYTHON.format(base=base))}</pre>",
            *_operations(schema),
            *_problems(),
            *_schemas(schema),
            "</main></body></html>",
        )
    )


def _operations(schema: Mapping[str, Any]) -> Iterator[str]:
    tag = ""
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            if told["tags"][0] != tag:
                tag = told["tags"][0]
                yield f"<h2>{escape(tag[:1].upper() + tag[1:])}</h2>"
            yield f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> – "
            yield f"{escape(told['summary'])}</summary><p>{escape(told['description'])}</p>"
            yield from _table(
                ("Tham số", "Ở đâu", "Ý nghĩa"),
                (
                    (one["name"], one["in"], one.get("description", ""))
                    for one in told.get("parameters", ())
                ),
            )
            yield from _bodies(told.get("requestBody", {}).get("content", {}))
            yield from _table(
                ("Trạng thái", "Khi nào", "Kiểu"),
                (
                    (status, one["description"], ", ".join(one.get("content", {})))
                    for status, one in told["responses"].items()
                ),
            )
            yield "</details>"


def _bodies(content: Mapping[str, Any]) -> Iterator[str]:
    for kind, body in content.items():
        name = str(body["schema"].get("$ref", "")).rpartition("/")[2]
        link = f': <a href="#{escape(name)}">{escape(name)}</a>' if name else ""
        yield f"<p>Thân yêu cầu <code>{escape(kind)}</code>{link}</p>"


def _problems() -> Iterator[str]:
    yield "<h2>Mã lỗi</h2><p>Lỗi là tài liệu <code>application/problem+json</code> (RFC 9457).</p>"
    kinds = sorted({(one.status, one.code, one.title) for one in KINDS.values()})
    yield from _table(
        ("Trạng thái", "Mã", "Nghĩa"), ((str(status), code, name) for status, code, name in kinds)
    )


def _schemas(schema: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Đối tượng</h2>"
    for name, told in schema["components"]["schemas"].items():
        yield f'<details id="{escape(name)}"><summary><code>{escape(name)}</code> – '
        yield f"{escape(str(told.get('description', '')))}</summary>"
        yield from _table(
            ("Trường", "Kiểu", "Ý nghĩa"),
            (
                (field, _type(one), str(one.get("description", "")))
                for field, one in told.get("properties", {}).items()
            ),
        )
        for example in told.get("examples", ()):
            shown = json.dumps(example, ensure_ascii=False, indent=2)
            yield f"<pre>{escape(shown)}</pre>"
        yield "</details>"


def _type(one: Mapping[str, Any]) -> str:
    if "$ref" in one:
        return str(one["$ref"]).rpartition("/")[2]
    if "anyOf" in one:
        return " | ".join(_type(each) for each in one["anyOf"])
    if "enum" in one:
        return " | ".join(str(each) for each in one["enum"])
    if one.get("type") == "array" and "items" in one:
        return f"[{_type(one['items'])}]"
    return str(one.get("type", one.get("const", "…")))


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    kept = list(rows)
    if not kept:
        return
    cells = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    yield f"<table><thead><tr>{cells}</tr></thead><tbody>"
    for row in kept:
        yield f"<tr>{''.join(f'<td>{escape(one)}</td>' for one in row)}</tr>"
    yield "</tbody></table>"
