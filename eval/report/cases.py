"""Every question that came out wrong: what was answered and cited, beside what is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answer.quotation import find_markers
from eval.funnel import stage_of
from eval.ledger import WAY, Stage
from eval.report.numbers import number
from eval.report.record import Cited, GoldLine, Ranked, Record
from eval.report.run_data import Run
from eval.report.sections import Section, badge, paragraph
from eval.report.words import SLICES, STAGES, value_name
from ui.html import Child, Html, el, join

_LOST = frozenset({Stage.FAILED, *WAY})
_FOUND = 5  # retrieved clauses or documents shown with a case


@dataclass(frozen=True, slots=True)
class Case:
    """A question that at least one run got wrong, or cited badly.

    Args:
        wrong: whether a run of ours got it wrong (any run where none is ours); if not, only
            citations or figures are at fault.
        peer_only: whether nothing but a peer's answer is at fault.
        records: of every run that asked it.
    """

    wrong: bool
    peer_only: bool
    records: tuple[tuple[Run, Record], ...]

    @property
    def record(self) -> Record:
        """The first run's record, for what is the same in all."""
        return self.records[0][1]


def find_cases(runs: Sequence[Run]) -> tuple[Case, ...]:
    """Return the cases of all runs that judge answers, in the order of the questions."""
    judged = [run for run in runs if run.judges]
    ids = dict.fromkeys(record.id for run in judged for record in run.records)
    cases: list[Case] = []
    for one in ids:
        records = tuple((run, run.by_id[one]) for run in judged if one in run.by_id)
        at_fault = [run for run, record in records if _flawed(record)]
        if not at_fault:
            continue
        ours = [(run, record) for run, record in records if not run.peer]
        peer_only = bool(ours) and all(run.peer for run in at_fault)
        wrong = any(record.right is False for _, record in (ours or records))
        cases.append(Case(wrong, peer_only, records))
    return tuple(cases)


def _flawed(record: Record) -> bool:
    return record.right is False or bool(record.reasons) or bool(record.error)


def case_anchors(runs: Sequence[Run]) -> dict[str, str]:
    """Return where on the page each case stands, by question id."""
    return {case.record.id: f"c{n}" for n, case in enumerate(find_cases(runs), start=1)}


def cases_section(runs: Sequence[Run]) -> Section | None:
    """Return all cases with the filters; None for runs that judge nothing."""
    judged = [run for run in runs if run.judges]
    if not judged:
        return None
    title = "Từng câu sai"
    if not any(record.right is not None for run in judged for record in run.records):
        words = "Lần chạy không có bản ghi từng câu đã chấm nên không kể ra được câu sai."
        return Section("cau-sai", title, paragraph(words))
    cases = find_cases(runs)
    wrong = [case for case in cases if case.wrong]
    flawed = [case for case in cases if not case.wrong and not case.peer_only]
    theirs = [case for case in cases if case.peer_only]
    places = case_anchors(runs)
    asked = len({record.id for run in judged for record in run.records})
    told = f"{len(wrong)} câu sai trong {asked} câu hỏi" if wrong else "Không có câu nào sai"
    several = len([run for run in judged if not run.peer]) > 1
    told += ", kể cả câu chỉ một lần chạy sai." if wrong and several else "."
    shown = [_article(case, places[case.record.id]) for case in wrong]
    folded = (
        (flawed, "câu trả lời đúng nhưng trích dẫn hoặc số liệu còn lỗi"),
        (theirs, "câu chỉ hệ thống đối chiếu sai hoặc trích dẫn sai"),
    )
    rest = [
        el(
            "details",
            el("summary", f"{len(some)} {what}"),
            *(_article(case, places[case.record.id]) for case in some),
            class_="flawed",
        )
        for some, what in folded
        if some
    ]
    return Section("cau-sai", title, join([paragraph(told), _filters(cases), *shown, *rest]))


def _filters(cases: Sequence[Case]) -> Html | None:
    """Return the form that a script makes visible: without scripts it would do nothing."""
    fields: list[Html] = []
    for name in ("kind", "style"):
        values = sorted({case.record.text(name) for case in cases} - {""})
        if len(values) > 1:
            options = [el("option", value_name(name, one), value=one) for one in values]
            choose = el(
                "select", el("option", "tất cả", value=""), *options, name=name, id=f"loc-{name}"
            )
            fields.append(el("label", SLICES[name], " ", choose, for_=f"loc-{name}"))
    if not fields:
        return None
    count = el("output", aria_live="polite")
    return el("form", *fields, count, id="loc", class_="filters", hidden=True)


def _article(case: Case, key: str) -> Html:
    record = case.record
    tags = [record.id]
    tags += [value_name(name, value) for name in ("kind", "style") if (value := record.text(name))]
    sides = [
        _found_side(run, one, len(case.records) > 1)
        if one.is_retrieval
        else _answer_side(run, one, f"{key}-{i}", len(case.records) > 1)
        for i, (run, one) in enumerate(case.records)
    ]
    right = _relevant_side(record) if record.is_retrieval else _gold_side(case)
    return el(
        "article",
        el("p", *(el("span", tag, class_="tag") for tag in tags), class_="tags"),
        el("h3", record.question or "(không có câu hỏi)", id=key),
        el("div", *sides, right, class_="sides"),
        class_="case",
        data_kind=record.text("kind"),
        data_style=record.text("style"),
        aria_labelledby=key,
    )


def _head(title: str, run: Run, several: bool, right: bool | None) -> Html:
    state = None if right is None else badge(*(("met", "đúng") if right else ("missed", "sai")))
    return el("h4", f"{title} · {run.name}" if several else title, " ", state)


def _answer_side(run: Run, record: Record, key: str, several: bool) -> Html:
    refused = record.flag("refused")
    title = "Đã từ chối" if refused else "Đã trả lời"
    if record.error:
        title = "Lỗi"
    reasons = el("ul", *(el("li", one) for one in record.reasons), class_="reasons")
    stage = stage_of(record.raw)
    lost = f"Mất ở bước: {STAGES[stage].lower()}" if stage in _LOST else None
    answer = record.error or record.text("answer") or "(không có câu trả lời)"
    cited = [_citation(one, key) for one in record.citations]
    markers = {one.marker for one in record.citations}
    return el(
        "div",
        _head(title, run, several, record.right),
        paragraph(lost, kind="hint") if lost else None,
        el("p", *_linked(answer, key, markers), class_="answer"),
        reasons if record.reasons else None,
        el("h5", "Điều khoản đã dẫn") if cited else None,
        *cited,
        _evidence(record),
        class_="side",
    )


def _linked(answer: str, key: str, markers: set[int]) -> Iterator[Child]:
    """Make the markers of an answer lead to the citations beneath it."""
    at = 0
    for span, marker in find_markers(answer):
        yield answer[at : span.start]
        mark = span.of(answer)
        yield el("a", mark, href=f"#{key}-{marker}") if marker in markers else mark
        at = span.end
    yield answer[at:]


def _citation(one: Cited, key: str) -> Html:
    text, found = highlight(one.text, one.quote)
    source = [part for part in (one.label, one.notice, _lines(one)) if part]
    return el(
        "figure",
        el("figcaption", el("b", f"[{one.marker}]"), " ", " · ".join(source)),
        el("p", one.context, class_="context") if one.context else None,
        el("blockquote", text) if one.text else paragraph("(không có lời của điều khoản)"),
        paragraph("Trích: “", el("mark", one.quote), "”") if one.quote and not found else None,
        class_="clause",
        id=f"{key}-{one.marker}",
    )


def _lines(one: Cited) -> str:
    parts = [f"{first}" if first == last else f"{first}–{last}" for first, last in one.ranges]
    return f"dòng {', '.join(parts)}" if parts else ""


def highlight(text: str, quote: str) -> tuple[Html, bool]:
    """Mark ``quote`` in ``text``, white space aside.

    Returns:
        the text as markup, and whether the quote was found.
    """
    words = quote.split()
    pattern = r"\s+".join(re.escape(word) for word in words)
    found = re.search(pattern, text) if words else None
    if found is None:
        return join([text]), False
    before, after = text[: found.start()], text[found.end() :]
    return join([before, el("mark", found[0]), after]), True


def _evidence(record: Record) -> Html | None:
    if not record.evidence:
        return None
    items: list[Html] = []
    for one in record.evidence[:_FOUND]:
        name = one.label or one.clause_id
        gold = badge("met", "đáp án") if one.is_gold else None
        items.append(el("li", name, f" · điểm {number(one.score, 2)} ", gold))
    return el("details", el("summary", "Điều khoản tìm được"), el("ol", *items))


def _gold_side(case: Case) -> Html:
    record = case.record
    parts: list[Child] = [el("h4", "Đáp án")]
    if record.flag("answerable") is False:
        parts.append(paragraph("Văn bản không trả lời câu này: đúng ra phải từ chối."))
    elif not record.gold:
        parts.append(paragraph("Bộ dữ liệu không ghi dòng đáp án."))
    if record.must:
        forms = [" hoặc ".join(f"“{form}”" for form in group) for group in record.must]
        parts.append(paragraph("Phải có: " + "; ".join(forms) + "."))
    for group in record.gold:
        for j, found in enumerate(_clauses_of(case, group)):
            parts.append(paragraph("hoặc", kind="or") if j else None)
            parts.append(found)
    return el("div", *parts, class_="side gold")


def _clauses_of(case: Case, group: Sequence[GoldLine]) -> list[Html]:
    """Return the clauses of a group; neighbouring lines of one clause are told as one."""
    shown: list[Html] = []
    told = [(line, *_told(case, line)) for line in group]
    for (file, label, text), lines in groupby(told, key=lambda one: (one[0].file, one[1], one[2])):
        at = [line.line for line, _, _ in lines]
        where = f"{file}:{at[0]}" if len(at) == 1 else f"{file}:{at[0]}–{at[-1]}"
        source = " · ".join(part for part in (label, where) if part)
        body = (
            el("blockquote", text)
            if text
            else paragraph("Lần chạy không kèm lời văn bản của dòng này.", kind="hint")
        )
        shown.append(el("figure", el("figcaption", source), body, class_="clause"))
    return shown


def _told(case: Case, gold: GoldLine) -> tuple[str, str]:
    """Return label and text of a gold line: the record's own, the notice's line, or a citation."""
    if gold.text:
        return gold.label, gold.text
    for run, _ in case.records:
        lines = run.sources.get(gold.file, ())
        if 0 < gold.line <= len(lines):
            return gold.label, lines[gold.line - 1].strip()
    for run, _ in case.records:
        for record in run.records:
            for cited in record.citations:
                if cited.text and cited.covers(gold.file, gold.line):
                    return cited.label, cited.text
    return gold.label, ""


def _found_side(run: Run, record: Record, several: bool) -> Html:
    right = {one.id for one in record.relevant}
    shown = [
        _document(one, f"{rank}. {one.id}", one.id in right)
        for rank, one in enumerate(record.ranked[:_FOUND], start=1)
    ]
    nothing = None if shown else paragraph("Không tìm được tài liệu nào.")
    return el("div", _head("Tìm được", run, several, record.right), nothing, *shown, class_="side")


def _relevant_side(record: Record) -> Html:
    order = [one.id for one in record.ranked]
    shown = []
    for one in record.relevant:
        place = f"đứng thứ {order.index(one.id) + 1}" if one.id in order else "không tìm được"
        shown.append(_document(one, f"{one.id} · {place}", False))
    return el("div", el("h4", "Tài liệu đúng"), *shown, class_="side gold")


def _document(one: Ranked, title: str, right: bool) -> Html:
    score = None if one.score is None else f" · điểm {number(one.score, 3)}"
    label = f" · {one.label}" if one.label else None
    tag = badge("met", "đúng") if right else None
    caption = el("figcaption", title, label, score, " ", tag)
    text = el("blockquote", one.text) if one.text else None
    return el("figure", caption, text, class_="clause")
