"""The measures of one answer, each as the documents define it ("How quality is measured").

What the definitions leave open is decided here:

- A **citation** is a claim with a marker; an entry of ``citations`` that no claim uses is one
  too, for it is shown. A claim without a marker, or with one that leads nowhere, is a citation
  that counts 0. Refusals and unanswerable questions have no citations to judge.
- **Faithful** is asked of every claim of every answer that is no refusal. A claim without any
  figure or agency is faithful; one that has some but cites nothing is not. A result that was
  worked out counts as told by the clauses it cites only if it is worked out again from their
  words (``eval.worked``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.claims import Claim, split_claims
from eval.dataset import Answer, Citation, Question
from eval.figures import missing_figures
from eval.text_match import count_words, occurs
from eval.worked import proved


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept apart so that shares can be pooled."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What one answer is worth, and why.

    Args:
        refused: whether the assistant refused.
        answered: whether there is an answer record at all.
        right: for answerable questions, every ``must`` group is met, no ``must_not`` occurs
            and it wasn't refused; for unanswerable ones, it was refused.
        recall: gold groups cited ÷ gold groups; whole 0 for unanswerable questions.
        precision: citations that touch a gold line ÷ citations.
        faithful_in_clause: claims whose every figure occurs in the text of a cited clause ÷
            claims.
        faithful_with_context: the same, where the clauses' context and label and the cited
            notices' own kind, number, date and issuer count as well.
        claims_with_figures: claims that have anything to check.
        words: of the answer, quotes included; None for refusals.
        confidence: how sure the gate was; in answers that don't tell it, the best evidence
            score; None where there is neither.
        gate_told: whether ``confidence`` is the gate's own.
        reasons: one Vietnamese line for each thing that went wrong.
    """

    question: Question
    refused: bool
    answered: bool
    right: bool
    recall: Share
    precision: Share
    faithful_in_clause: Share
    faithful_with_context: Share
    claims_with_figures: int
    words: int | None
    confidence: float | None
    gate_told: bool
    reasons: tuple[str, ...]


def judge(question: Question, answer: Answer | None) -> Judged:
    """Judge one answer; None, or a record with an error, is an answer that isn't there."""
    if answer is None or answer.error:
        return _absent(question, "" if answer is None else str(answer.error))
    claims = () if answer.refused else split_claims(answer.answer)
    right, reasons = _rightness(question, answer)
    recall, not_cited = _recall(question, answer)
    precision, wrong_citations = _precision(question, answer, claims)
    in_clause, with_context, unfaithful = _faithful(answer, claims)
    return Judged(
        question=question,
        refused=answer.refused,
        answered=True,
        right=right,
        recall=recall,
        precision=precision,
        faithful_in_clause=in_clause,
        faithful_with_context=with_context,
        claims_with_figures=sum(bool(missing_figures(claim.text, "")) for claim in claims),
        words=None if answer.refused else count_words(answer.answer),
        confidence=_confidence(answer),
        gate_told=answer.confidence is not None,
        reasons=(*reasons, *not_cited, *wrong_citations, *unfaithful),
    )


def _absent(question: Question, error: str) -> Judged:
    nothing = Share(0, 0)
    return Judged(
        question=question,
        refused=False,
        answered=False,
        right=False,
        recall=Share(0, len(question.gold) if question.answerable else 0),
        precision=nothing,
        faithful_in_clause=nothing,
        faithful_with_context=nothing,
        claims_with_figures=0,
        words=None,
        confidence=None,
        gate_told=False,
        reasons=(f"không có câu trả lời: {error}" if error else "không có câu trả lời",),
    )


def _confidence(answer: Answer) -> float | None:
    if answer.confidence is not None:
        return answer.confidence
    return max((one.score for one in answer.evidence), default=None)


def _rightness(question: Question, answer: Answer) -> tuple[bool, list[str]]:
    if not question.answerable:
        return answer.refused, [] if answer.refused else ["trả lời câu không có trong văn bản"]
    if answer.refused:
        return False, ["từ chối câu trả lời được"]
    reasons = [
        f"thiếu ý bắt buộc {n}: {' | '.join(group)}"
        for n, group in enumerate(question.must, start=1)
        if not any(occurs(form, answer.answer) for form in group)
    ]
    reasons += [f"có ý bị cấm: {form}" for form in question.must_not if occurs(form, answer.answer)]
    return not reasons, reasons


def _recall(question: Question, answer: Answer) -> tuple[Share, list[str]]:
    if not question.answerable:
        return Share(0, 0), []
    cited = () if answer.refused else answer.citations
    missed = [
        group
        for group in question.gold
        if not any(one.touches(line) for one in cited for line in group)
    ]
    reasons = [
        "không trích dẫn: " + " | ".join(f"{line.file}:{line.line}" for line in group)
        for group in missed
    ]
    return Share(len(question.gold) - len(missed), len(question.gold)), reasons


def _precision(
    question: Question, answer: Answer, claims: Sequence[Claim]
) -> tuple[Share, list[str]]:
    if not question.answerable or answer.refused:
        return Share(0, 0), []
    by_marker = {citation.marker: citation for citation in answer.citations}
    lines = [line for group in question.gold for line in group]
    judged: list[bool] = []
    reasons: list[str] = []

    def count(citation: Citation) -> None:
        touches = any(citation.touches(line) for line in lines)
        judged.append(touches)
        if not touches:
            reasons.append(
                f"trích dẫn [{citation.marker}] ngoài đáp án: {citation.notice.file}, "
                f"{citation.clause.label or _lines(citation)}"
            )

    for claim in claims:
        if not claim.markers:
            judged.append(False)
            reasons.append(f"câu không có trích dẫn: {claim.text}")
        for marker in claim.markers:
            if marker in by_marker:
                count(by_marker[marker])
            else:
                judged.append(False)
                reasons.append(f"trích dẫn [{marker}] không dẫn tới đâu: {claim.text}")
    used = {marker for claim in claims for marker in claim.markers}
    for citation in answer.citations:
        if citation.marker not in used:
            count(citation)
    return Share(sum(judged), len(judged)), list(dict.fromkeys(reasons))


def _lines(citation: Citation) -> str:
    shown = [f"{a}" if a == b else f"{a}–{b}" for a, b in citation.clause.ranges]
    return f"dòng {', '.join(shown)}"


def _faithful(answer: Answer, claims: Sequence[Claim]) -> tuple[Share, Share, list[str]]:
    by_marker = {citation.marker: citation for citation in answer.citations}
    results = [one for one in answer.computed if proved((one,), by_marker)]
    strict = wide = 0
    reasons: list[str] = []
    for claim in claims:
        cited = [by_marker[marker] for marker in claim.markers if marker in by_marker]
        # A result is proved by its operands, so the claim has to cite all of them.
        worked = [
            one.shown
            for one in results
            if one.shown in claim.text and {o.marker for o in one.operands} <= set(claim.markers)
        ]
        strict += not missing_figures(
            claim.text, "\n".join([*(one.clause.text for one in cited), *worked])
        )
        missing = missing_figures(claim.text, "\n".join([*map(_with_context, cited), *worked]))
        wide += not missing
        if missing:
            reasons.append(f"không có trong điều khoản được dẫn: {', '.join(missing)}")
    return Share(strict, len(claims)), Share(wide, len(claims)), reasons


def _with_context(citation: Citation) -> str:
    clause, notice = citation.clause, citation.notice
    year, *rest = (notice.date or "").split("-")
    day = "/".join([*reversed(rest), year])
    named = (notice.kind, notice.number, day, notice.issuer)
    return "\n".join([clause.text, clause.context, clause.label, *(part or "" for part in named)])
