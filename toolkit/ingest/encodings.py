"""From bytes to text: the encodings of Chinese files, told apart and never guessed silently."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from toolkit.ingest.limits import UnreadableError
from toolkit.ingest.rules import DATA
from toolkit.structure import HAN


class Decoded(NamedTuple):
    """A text, the encoding it was read in, and what was odd about that."""

    text: str
    encoding: str
    note: str = ""


# Browsers read these as the larger set, and so do we: pages that say GB2312 hold GBK.
_LARGER = dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030")
_LARGER |= dict.fromkeys(("big5", "cp950"), "big5hkscs")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,20})""")
_COMMON, _KOREAN = (frozenset(DATA["usual"][script]) for script in ("chinese", "korean"))
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE = 200_000


def decode(data: bytes, *, declared: str = "") -> Decoded:
    r"""Read bytes as text.

    A byte order mark decides; then what the file or its server declares, if it decodes
    and reads like Chinese; then strict UTF-8; UTF-16 without a mark; and of GB18030 and
    Big5 the one that reads more like Chinese. What is none of these is left to
    charset-normalizer.

    Parameters
    ----------
    data : bytes
    declared : str
        The encoding that a header or a page claims. It is checked, since headers lie.

    Returns
    -------
    Decoded
        With a note where the claim was wrong. Bytes that fit nothing are \ufffd in the text.

    Raises
    ------
    UnreadableError
        If the bytes are no text.

    Examples
    --------
    >>> decode("城市治理，人民城市。".encode("gbk")).encoding
    'gb18030'
    >>> decode("城市治理。".encode(), declared="gb2312")
    Decoded(text='城市治理。', encoding='utf-8', note='declared gb2312, but it is utf-8')
    """
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableError("the file is empty" if not data.strip() else "nothing but NUL bytes")
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _checked(Decoded(data.decode(name, "replace"), name))
    claim = _codec(declared)
    utf8 = decoded(data, "utf-8")
    # Valid UTF-8 with characters beyond ASCII is UTF-8, whatever is claimed.
    if utf8 is not None and b"\0" not in data:
        wrong = claim not in ("", "utf-8") and not data.isascii()
        note = f"declared {declared}, but it is utf-8" if wrong else ""
        return _checked(Decoded(utf8, "utf-8", note))
    candidates = [claim] if claim not in ("", "utf-8") else []
    candidates += ["gb18030", "big5hkscs"] + ["utf-16-le", "utf-16-be"] * (len(data) % 2 == 0)
    best, best_score = None, 0.15
    for name in candidates:
        text = decoded(data, name)
        if text is not None and (score := _chineseness(text)) > best_score:
            best, best_score = Decoded(text, name), score
    if best is None:
        stray = Decoded(utf8, "utf-8") if utf8 is not None else None
        best = stray or _mostly(data, candidates) or _normalized(data)
    if claim and claim != best.encoding:
        best = best._replace(note=f"declared {declared}, but it is {best.encoding}")
    return _checked(best)


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page claims in its first lines, or nothing.

    Examples
    --------
    >>> declared_encoding(b'<meta charset="gb2312">')
    'gb2312'
    """
    match = _DECLARED.search(data[:4096])
    return match[1].decode("ascii").lower() if match else ""


def _codec(name: str) -> str:
    """Return the codec of Python that a name stands for; none for zlib, rot13 and the like."""
    try:
        found = codecs.lookup(name.strip().lower().replace("x-", ""))
    except (LookupError, ValueError):
        return ""
    known = _LARGER.get(found.name, found.name)
    return known if getattr(found, "_is_text_encoding", True) else ""


def decoded(data: bytes, name: str) -> str | None:
    """Return bytes as text if all of them are of an encoding."""
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _chineseness(text: str) -> float:
    """Return the share of common Chinese characters among those beyond ASCII."""
    beyond = [char for char in text[:_SAMPLE] if char > "\x7f"]
    if not beyond:
        return 0.0
    return sum(char in _COMMON for char in beyond) / len(beyond)


def is_garbled(text: str) -> bool:
    """Tell whether characters do not belong together, as of fonts that do not say what they show.

    Chinese is written in usual characters, and any other language in few scripts; neither
    has many characters without a meaning.

    Examples
    --------
    >>> is_garbled("ᄉଲസݓބ࠶ࣜഠؿ߶ᅚ୍ֻ۔߃࠹ေ" * 9), is_garbled("ÖÐ¹ú³ÇÊÐÖÎÀí" * 9)
    (True, True)
    >>> is_garbled("城市治理的问题，是人民的问题。" * 9), is_garbled("À Paris, déjà vu." * 9)
    (False, False)
    """
    shown = [char for char in text[:_SAMPLE] if not char.isspace()]
    kinds = [unicodedata.category(char) for char in shown]
    if sum(kind in ("Cc", "Cn", "Co", "Cs") for kind in kinds) > len(shown) / 10:
        return True
    letters = [c for c, k in zip(shown, kinds, strict=True) if c > "\x7f" and k.startswith("L")]
    if len(letters) < max(20, len(shown) / 5):
        return False
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in letters)
    if scripts["CJK"] > len(letters) / 2:
        # Names too are written in the first, usual level of GB 2312 or of Big5.
        levels = (("gb2312", b"\xb0", b"\xd7"), ("big5", b"\xa4", b"\xc6"))
        usual = max(
            sum(low <= char.encode(codec, "ignore")[:1] <= high for char in letters)
            for codec, low, high in levels
        )
        return usual < 0.6 * len(letters)
    if scripts["HANGUL"] > len(letters) / 2:  # which bytes of GBK are in UTF-16
        return sum(char in _KOREAN for char in letters) < len(letters) / 10
    most = sum(n for _, n in scripts.most_common(3))
    return scripts["LATIN"] > 0.4 * len(shown) or most < 0.9 * len(letters)


_HAN = re.compile(f"[{HAN}]")
_MEANINGLESS = re.compile("[\uac00-\ud7af\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")


def garbled_lines(text: str) -> list[str]:
    r"""Return lines where Hangul, private characters or lost ones stand among Chinese.

    Examples
    --------
    >>> garbled_lines("城市治理要精细。\n城뭐治눈뇰理\n社区（SK 서울）共治。\n도시를 위한 시민")
    ['城뭐治눈뇰理']
    """
    lines = (line for line in text.split("\n") if _HAN.search(line))
    return [line for line in lines if len(_MEANINGLESS.findall(line)) > 0.25 * len(line)]


def _mostly(data: bytes, candidates: list[str]) -> Decoded | None:
    """Return the text if all but a few bytes fit: a file cut off within a character."""
    for name in ("utf-8", *candidates):
        text = data.decode(name, "replace")
        lost = text.count("\ufffd")
        if 0 < lost <= max(3, len(text) // 500) and _chineseness(text) > 0.15:
            return Decoded(text, name)
    return None


def _normalized(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_SAMPLE]).best()
    text = decoded(data, match.encoding) if match else None
    if text is None or match is None or match.encoding == "utf_7":
        raise UnreadableError(
            "the bytes are no text in UTF-8, GB18030, Big5 or UTF-16; open it in the program "
            "that made it and save it as UTF-8"
        )
    return Decoded(text, match.encoding, f"the encoding {match.encoding} is a guess")


def _checked(decoded: Decoded) -> Decoded:
    """Refuse what decodes but is no text: programs, pictures, memory."""
    sample = decoded.text[:_SAMPLE]
    if len(CONTROL.findall(sample)) > max(20, len(sample) // 50):
        raise UnreadableError("the file is not text (it is full of control characters)")
    return decoded
