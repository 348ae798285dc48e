"""The words of questions that tell no clause from another.

They are told by their marks: folded, “quý”, “đâu” and “tại” would take “quỹ”, “đầu” and “tài” with
them. Text that was typed without marks has nothing else to tell them by.
"""

from __future__ import annotations

from corpus.text import fold, normalise

# Words that ask, join, address or stand in every notice, by what they do.
_WORDS = """
    ai gì j nào đâu sao mấy nhiêu bao lâu giờ khi lúc thế vậy
    là có bị được dc đc do bởi tại vì từ của cho với vs về trong ở vào đến tới ra theo bằng để
    và hay hoặc thì mà nếu như cũng còn chỉ cứ phải sẽ đã đang chưa không khác khớp giống ko k
    a à ạ anh em chị mình tôi ơi xin hỏi giúp nhờ muốn nhắc lại thấy nói nhé nhỉ ấy đó này nay hãy
    cái các những một mỗi mọi việc nhất nhau nhiều ít nữa rồi xong trước sau mới hiện
    biết ghi gồm làm lo hạn thời quý trăm phần số so mâu thuẫn chậm đạt
"""
STOP = frozenset(normalise(_WORDS).split())
"""Lower-case syllables with their marks, tones where ``normalise`` puts them."""
_FOLDED = frozenset(map(fold, STOP))


def is_stop(syllable: str, *, is_bare: bool) -> bool:
    """Whether a syllable is one of these words.

    Args:
        syllable: in lower case, as ``corpus.text.syllables`` gives it.
        is_bare: whether its marks are missing, so that only its letters tell.
    """
    return fold(syllable) in _FOLDED if is_bare else syllable in STOP
