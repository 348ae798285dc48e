"""What names in a run are called on the page."""

from __future__ import annotations

from collections.abc import Mapping

from eval.ledger import Stage
from eval.report.numbers import Unit
from eval.wording import QUESTION_ONLY

SUITES = {
    "notices": "Hỏi đáp trên văn bản chỉ đạo",
    "beir": "Tìm kiếm tài liệu",
    "mrc": "Đọc hiểu",
    "speed": "Tốc độ",
    "load": "Nhiều người hỏi cùng lúc",
    "readers": "Đọc tệp",
}
SLICES = {
    "kind": "Loại câu hỏi",
    "style": "Cách hỏi",
    "notice": "Văn bản",
    "type": "Loại",
    "format": "Đuôi tệp",
}
VALUES = {
    "kind": {
        "fact": "sự việc",
        "owner": "cơ quan chủ trì",
        "deadline": "thời hạn",
        "number": "số liệu",
        "person": "nhân sự",
        "list": "liệt kê",
        "aggregate": "tổng hợp",
        "table": "bảng",
        "comparison": "so sánh",
        "definition": "định nghĩa",
        "footnote": "chú thích",
        "conflict": "mâu thuẫn",
        "temporal": "hiệu lực, thời gian",
        "unanswerable": "không có trong văn bản",
    },
    "style": {
        "formal": "trang trọng",
        "chat": "nói chuyện",
        "no_diacritics": "không dấu",
        "typo": "gõ sai",
        "abbrev": "viết tắt",
        "followup": "hỏi tiếp",
        "mrc": "đọc hiểu",
    },
}
METRICS = {
    "answer_accuracy": "Trả lời đúng",
    "citation_recall": "Trích dẫn: độ phủ",
    "citation_precision": "Trích dẫn: độ chính xác",
    "faithful_in_clause": "Số liệu có trong điều khoản",
    "faithful_with_context": "Số liệu có trong điều khoản và ngữ cảnh",
    "refusal_recall": "Từ chối đúng",
    "false_refusals": "Từ chối nhầm",
    **{name: name for name in ("R@1", "R@3", "R@5", "R@10", "MRR@10", "nDCG@10")},
    "own_out_refusals": "Từ chối đúng khi bỏ chính văn bản của câu hỏi",
    QUESTION_ONLY: "Đoán từ riêng câu hỏi là trả lời được hay không (AUC)",
    "notice_first": "Văn bản đáp án đứng đầu",
    "notice_found": "Thấy văn bản đáp án",
    "all_gold_found": "Thấy đủ điều khoản đáp án",
    "gold_chosen": "Chọn được điều khoản đáp án",
    "facts_chosen": "Ý bắt buộc có trong điều khoản đã chọn",
    "facts_quoted": "Ý bắt buộc có trong phần trích",
    "kept_notice": "Còn lại sau bước tìm văn bản",
    "kept_evidence": "Còn lại sau bước tìm điều khoản",
    "kept_choice": "Còn lại sau bước chọn điều khoản",
    "kept_excerpt": "Còn lại sau bước trích",
    "character_errors": "Ký tự sai",
    "character_errors_moved": "Ký tự sai, không kể đoạn đứng chỗ khác",
    "labels": "Số mục đúng",
    "rows": "Dòng bảng đúng",
    "header_fields": "Phần đầu văn bản đúng",
    "pages_per_s": "Trang mỗi giây",
    "mb_per_s": "MB mỗi giây",
    "lost": "Câu hỏi bị mất",
    "mixed": "Câu trả lời bị lẫn",
    "changed": "Câu trả lời khác khi hỏi một mình",
    "told_to_come_back": "Lượt được mời quay lại",
    "gold_in_answers": "Đúng trong các câu đã trả lời",
    "peak_memory_gib": "Bộ nhớ lớn nhất",
    "rss_anon_gib": "Bộ nhớ riêng (RssAnon)",
    "query_embedding_ms": "Nhúng một câu hỏi",
    "index_build_clauses_per_s": "Tốc độ lập chỉ mục",
    "prefill_tokens_per_s": "Đọc lời nhắc (token/giây)",
    "decode_tokens_per_s": "Sinh chữ (token/giây)",
    "bare_prefill_tokens_per_s": "Đọc lời nhắc, mô hình trần (token/giây)",
    "bare_decode_tokens_per_s": "Sinh chữ, mô hình trần (token/giây)",
    "evidence_vs_query_embedding": "Tìm điều khoản ÷ nhúng câu hỏi",
    "decode_vs_bare": "Sinh chữ ÷ mô hình trần",
    "prefill_vs_bare": "Đọc lời nhắc ÷ mô hình trần",
    "words": "Số từ câu trả lời",
    "aurc": "Diện tích dưới đường rủi ro – độ phủ (AURC)",
}
STAGES = {
    Stage.FAILED: "Lỗi",
    Stage.NOTICE: "Tìm văn bản",
    Stage.EVIDENCE: "Tìm điều khoản",
    Stage.CHOICE: "Chọn điều khoản",
    Stage.EXCERPT: "Trích",
    Stage.GATE: "Cửa từ chối nhầm",
    Stage.NONE: "Đúng",
    Stage.ANSWERED: "Trả lời câu không có",
    Stage.REFUSED: "Từ chối đúng",
}
"""Where a question was lost."""
FUNNEL_LEFT = {
    Stage.FAILED: "Không bị lỗi",
    Stage.NOTICE: "Thấy văn bản",
    Stage.EVIDENCE: "Thấy đủ điều khoản",
    Stage.CHOICE: "Chọn đúng điều khoản",
    Stage.EXCERPT: "Trích đủ ý",
    Stage.GATE: "Trả lời đúng",
}
"""What is true of the questions that a stage left."""
TIMES = {
    "retrieve": "Hiện điều khoản liên quan",
    "first_token": "Chữ đầu tiên của câu trả lời",
    "first_quote": "Hiện trích dẫn",
    "lead": "Hiện câu tóm tắt của mô hình",
    "total": "Trả lời xong",
}
_UNITS: dict[str, Unit] = {
    "peak_memory_gib": "gib",
    "rss_anon_gib": "gib",
    "index_build_clauses_per_s": "rate",
}


def metric_name(name: str) -> str:
    """Return what a metric is called, its own name if it isn't known."""
    base, _, quantile = name.rpartition("_")
    if base.startswith("words_"):
        kind = value_name("kind", base.removeprefix("words_"))
        return f"{METRICS['words']} ({kind}), {quantile}"
    if quantile in {"p50", "p90", "p95"}:
        known = TIMES.get(base.removesuffix("_ms")) or METRICS.get(base)
        return f"{known}, {quantile}" if known else name
    return METRICS.get(name, name)


def metric_unit(name: str) -> Unit:
    """Return the unit a metric of ``metrics.json`` is written in on the page."""
    if "_ms" in name:
        return "seconds"
    if name.startswith("words_"):
        return "words"
    if name.startswith(("MRR@", "nDCG@")) or name in {"aurc", QUESTION_ONLY}:
        return "score"
    return _UNITS.get(name, "share" if name.startswith("R@") or name in _RATES else "number")


_RATES = frozenset(
    {
        "answer_accuracy",
        "citation_recall",
        "citation_precision",
        "faithful_in_clause",
        "faithful_with_context",
        "refusal_recall",
        "false_refusals",
        "own_out_refusals",
        "notice_first",
        "notice_found",
        "all_gold_found",
        "gold_chosen",
        "facts_chosen",
        "facts_quoted",
        "kept_notice",
        "kept_evidence",
        "kept_choice",
        "kept_excerpt",
        "lost",
        "mixed",
        "changed",
        "told_to_come_back",
        "gold_in_answers",
    }
)


def in_order(name: str, known: Mapping[str, object]) -> tuple[int, str]:
    """Return the key that sorts as in a table of this module, what it lacks after it."""
    return (list(known).index(name) if name in known else len(known), name)


def value_name(slice_name: str, value: str) -> str:
    """Return what a value of a slice is called, itself if it isn't known."""
    return VALUES.get(slice_name, {}).get(value, value)
