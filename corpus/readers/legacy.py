"""Guesses which old Vietnamese encoding a text that isn't UTF-8 was typed in."""

from __future__ import annotations

# The bytes of “và, của, các, được, không, những, với, định, việc, để” in each encoding.
# TCVN 5712:1993 (TCVN3, ".VnTime" fonts) has one byte a letter; VNI writes the bare letter
# followed by a byte for its marks.
_TCVN3 = (
    b"v\xb5",
    b"c\xf1a",
    b"c\xb8c",
    b"\xae\xad\xeec",
    b"kh\xabng",
    b"nh\xf7ng",
    b"v\xedi",
    b"\xae\xdenh",
    b"vi\xd6c",
    b"\xae\xd3",
)
_VNI = (
    b"va\xf8",
    b"cu\xfba",
    b"ca\xf9c",
    b"\xf1\xf6\xf4\xefc",
    b"kho\xe2ng",
    b"nh\xf6\xf5ng",
    b"v\xf4\xf9i",
    b"\xf1\xf2nh",
    b"vie\xe4c",
    b"\xf1e\xe5",
)
# windows-1258 has no precomposed letter for most tones: the mark follows as a byte of its own.
_WINDOWS_1258 = (
    b"v\xe0",
    b"cu\xd2a",
    b"c\xe1c",
    b"\xf0\xfd\xf5\xf2c",
    b"kh\xf4ng",
    b"nh\xfd\xdeng",
    b"v\xf5\xeci",
    b"\xf0i\xf2nh",
    b"vi\xea\xf2c",
    b"\xf0\xea\xd2",
)
_NEEDLES = {"TCVN3 (ABC)": _TCVN3, "VNI": _VNI, "windows-1258": _WINDOWS_1258}


def guess_encoding(data: bytes) -> str | None:
    """Name the encoding whose spelling of common words occurs most, None if none does.

    Args:
        data: bytes that are not valid UTF-8.
    """
    sample = data[:200_000]
    counts = {name: sum(sample.count(word) for word in words) for name, words in _NEEDLES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None
