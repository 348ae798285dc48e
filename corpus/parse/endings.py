"""Whether a text ends another document as a whole, beyond doubt, and from which day on.

Nothing is worse here than to call a document ended that is in force: what is not written in one
of the few forms in which documents end others leaves a doubt, and a doubt only warns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from corpus.dates import date_at
from corpus.facts.cited_places import cited_places
from corpus.parse.acts import OVER, REPEAL, REPLACE
from corpus.text import fold

# Kinds that decide something; plans, reports, letters and proposals end nothing.
_DECIDING = (
    *("hien phap", "bo luat", "luat", "phap lenh", "lenh", "nghi quyet", "nghi dinh"),
    *("quyet dinh", "thong tu lien tich", "thong tu", "chi thi", "quy dinh", "quy che"),
    *("huong dan", "ket luan", "dieu le"),
)
_KINDS = "|".join(_DECIDING)
# Without a number, “các quy định sau” are no documents.
_PROVISIONS = ("quy dinh", "quy che", "huong dan", "ket luan", "dieu le")
_DOCUMENTS = "|".join(one for one in _DECIDING if one not in _PROVISIONS)
_THIS = rf"(?:{_KINDS}|van ban) nay"
_IN_FORCE = r"co hieu luc(?: thi hanh)?"
_TIME = r"(?:\d{1,2} ?(?:gio|h)(?: ?\d{1,2} ?phut)?,? )?"
_WORDS_OF_A_DAY = (
    r"[\d/.,() -]|\b(?:thi hanh|ke|tu|vao|sau|ngay|thang|nam|gio|phut|ky|duoc|ban hanh"
    r"|thong qua|muoi|lam|mot|hai|ba|bon|bay|tam|chin|tram)\b"
)
# What may stand before “thay thế”, “bãi bỏ” in a sentence by which a document does it itself.
_HEAD = re.compile(
    rf"(?:(?:ke )?tu ngay {_THIS} {_IN_FORCE}, "
    rf"|{_THIS}(?: co hieu luc(?:{_WORDS_OF_A_DAY}){{0,60}})?[ ,]{{0,2}}(?:va )?(?:dong thoi )?)?"
)
_SINCE_THEN = re.compile(rf"(?:ke )?tu ngay {_THIS} {_IN_FORCE}, ")
_ACT = re.compile(rf"(?:{REPLACE}|{REPEAL} ?)$")
_SUFFERED = re.compile(rf"(?:deu |se )?(?:{OVER}|(?:bi|duoc) {REPEAL}|duoc thay the)\b")
_DENIED = re.compile(r"\b(?:khong|chua|tiep tuc|(?:den|truoc|sau|neu) khi|neu)\b[a-z ]{0,30}$")
_DOUBT = re.compile(
    r"(?<!luu )(?<!khau )(?<!cu )\btru\b|\bkhong bao gom\b|\bmot phan\b|\btiep tuc\b"
    r"|\bden khi\b|\b(?:du kien|de xuat|de nghi|kien nghi)\b"
    r"|\btrinh (?:chinh phu|quoc hoi|thu tuong|bo truong|uy ban|hoi dong|cap)\b"
    r"|\btai (?:cac )?(?:diem|khoan|dieu|phu luc|chuong|muc) "
    r"|:|\([^()]{0,40}\b(?:dieu|khoan|diem|phan|muc) |\t\s{0,3}(?:cac )?(?:phan|muc|chuong|dieu"
    r"|khoan|diem|phu luc) "
)
# Where the name of a document begins, after which the places that it is about are its own.
_NAME = re.compile(r"\b(?:ve|quy dinh|sua doi|huong dan|ban hanh|bo sung|dinh chinh)\b")
_SINCE = re.compile(
    rf"\b(?P<word>tu|vao|den|toi|sau) (?:{_TIME}(?=ngay |\d{{1,2}}[/.-])|khi |thoi diem )"
)
_FROM_ITSELF = re.compile(
    rf"(?:ngay )?(?:{_THIS} {_IN_FORCE}|(?:duoc )?(?:ky|ban hanh|thong qua))\b"
)
_DAY = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} thang \d{1,2} nam \d{4})"
_REST = re.compile(
    rf"(?:,? (?:thi hanh|toan bo))?,?(?: (?:ke )?(?:tu|vao) {_TIME}(?:ngay |khi )?"
    rf"(?:{_DAY}|{_THIS} {_IN_FORCE}|ky(?: ban hanh)?))?[\s.,;:*_\"”]{{0,9}}(?:(?:bao )?gom:?)?\s?"
)
_ALL = re.compile(
    rf"\b(?:toan bo (?:noi dung )?|hieu luc(?: thi hanh)? cua|cac|nhung|mot so van ban|van ban"
    rf"|quy pham phap luat|sau(?: day)?|va|gom|the|cho|{_DOCUMENTS}|so)\b"
)
_WHOSE = re.compile(r"\b(?:do|cua|trong linh vuc) .*", re.DOTALL)
_PART = re.compile(
    r"\b(?:dieu|khoan|diem|muc|chuong|phu luc|thu tuc|mot phan|noi dung|quy dinh tai|bieu mau)\b"
)
_LONGEST = 600  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Ending:
    """What a text says of the end of another document.

    Args:
        sure: whether it ends as a whole, beyond doubt.
        day: from when on, where the text names a day of its own.
    """

    sure: bool
    day: date | None = None


def decides(kind: str) -> bool:
    """Return whether a document of this kind can end another."""
    folded = fold(kind)
    return any(folded == one or folded.startswith(f"{one} ") for one in _DECIDING)


def is_all(words: str) -> bool:
    """Return whether folded words before a document mean all of it: “toàn bộ các Nghị định số”."""
    return re.search(r"[a-z]{2,}", _ALL.sub(" ", words)) is None


def by_act(head: str, between: str, after: str) -> Ending | None:
    """Read “Nghị định này thay thế Nghị định số …”; None where it is said not to.

    Args:
        head: the sentence up to the end of the act's word, folded like the others.
        between: what stands between that word and the document.
        after: the rest of the sentence.
    """
    act = _ACT.search(head[-_LONGEST:])
    subject = head[-_LONGEST:][: act.start()] if act else head[-_LONGEST:]
    if _DENIED.search(subject):
        return None
    own = act is not None and _HEAD.fullmatch(subject.lstrip()) is not None
    if not own or not is_all(between):
        return Ending(False)
    return listed(after)


def listed(after: str) -> Ending:
    """Read what follows a document that a sentence or a list ends, folded."""
    name = _NAME.search(after)
    own = after[: name.start() if name else None]
    if _DOUBT.search(after) or "doi voi" in own or cited_places(own):
        return Ending(False)
    return _since(after)


def by_suffering(before: str, after: str) -> Ending | None:
    """Read “Nghị định số … hết hiệu lực kể từ ngày …”; None where it is said not to.

    Args:
        before: the sentence before the document, folded.
        after: the rest of the sentence.
    """
    act = _SUFFERED.search(after)
    if act is None:
        return Ending(False)
    held, rest = after[: act.start()], after[act.end() :]
    if _DENIED.search(held[-60:]) or rest.startswith(" boi "):
        return None
    if (
        not is_all(_SINCE_THEN.sub("", before, 1))
        or not listed(held).sure
        or _REST.fullmatch(rest) is None
    ):
        return Ending(False)
    return _since(rest)


def of_lead_in(text: str) -> Ending:
    """Read the folded lead-in or heading of a list: “Bãi bỏ toàn bộ các văn bản sau:”."""
    said = text.strip(" *_#:\t\n")
    if act := _SUFFERED.search(said):
        what, rest = _SINCE_THEN.sub("", said[: act.start()], 1), said[act.end() :]
        if _is_all_of(what) and _REST.fullmatch(rest) and not _DENIED.search(what):
            return _since(rest)
        return Ending(False)
    verb = re.search(rf"\b(?:thay the(?: cho)?|{REPEAL})\b", said)
    if verb is None or _HEAD.fullmatch(said[: verb.start()]) is None:
        return Ending(False)
    since = _SINCE.search(said, verb.end())
    what = said[verb.end() : since.start() if since else None].removesuffix(" ke ")
    return _since(said[verb.end() :]) if _is_all_of(what) else Ending(False)


def _is_all_of(what: str) -> bool:
    return (
        is_all(_WHOSE.sub("", what))
        and not (_PART.search(what) and "toan bo noi dung" not in what)
        and not _DOUBT.search(what)
    )


def _since(text: str) -> Ending:
    """The day after “từ ngày”; a doubt where it is one that can't be read."""
    day: date | None = None
    for match in _SINCE.finditer(text):
        found = date_at(text, match.end())
        if found and match["word"] in {"tu", "vao"}:
            day = found[1] if day is None else max(day, found[1])
        elif found or _FROM_ITSELF.match(text, match.end()) is None:
            return Ending(False)
    return Ending(True, day)
