"""What a reader should know before trusting a text: one plain sentence a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from toolkit.ingest.evidence import Evidence
from toolkit.structure import HAN

_SHORTEST = 80
# Of 143 reports of cities in 2024, the shortest whole one has 10,600 characters.
_SHORTEST_REPORT = 6_000
_CHINESE = re.compile(f"[{HAN}]")
_GLOSS = re.compile(r"[一-龥]\s?[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,7}[）)]")
_LOST_ENTITY = re.compile(r"[;?&]#x?[0-9a-fA-F]{4,6};")
# GBK that lost a byte comes out as Bopomofo and as characters that never meet in prose.
_BOPOMOFO = re.compile(r"[\u3105-\u312f]")
_SLIPPED = re.compile(r"[？?。]ㄒ唬|袄铣鞘|锟斤拷|烫烫烫|屯屯屯|鏈€|鐨勫|绋嬪|涓浗")
_LATIN1 = re.compile(r"[\xc3-\xe9][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Characters that one script writes and the other does not, both frequent in prose.
_PAIRS = (
    "国國发發这這们們来來时時会會对對过過说說业業务務设設为為个個与與经經济濟实實现現体體学學"
    "进進关關动動电電车車东東书書长長门門问問间間开開见見观觀规規义義记記计計认認议議论論语語请請"
    "让讓许許证證识識责責质質资資费費贸貿银銀钱錢铁鐵镇鎮队隊阳陽险險随隨难難页頁项項顺順预預领領"
    "题題风風飞飛马馬验驗龙龍权權条條来來极極标標树樹样樣档檔桥橋检檢机機构構处處备備众眾优優伤傷"
)
_SIMPLE = re.compile(f"[{_PAIRS[::2]}]")
_TRADITIONAL = re.compile(f"[{_PAIRS[1::2]}]")
_WORD_CHAIN = re.compile(r"[^\s_]{2,16}(?:_[^\s_]{2,16}){4,}")
# White space of one line: with line ends among it, blank lines would be gone over again.
_AT = r"(?m)^[ \t　]*+(?:#+ ?)?"
_NUMBER = r"(?:[一二三四五六七八九十\d]{1,3}[、.] ?)?"
_INTRODUCTION = re.compile(rf"{_AT}{_NUMBER}引言$")
_CONCLUSION = re.compile(rf"{_AT}{_NUMBER}(?:结语|结论|总结|展望)$")
_DECIMAL_HEADING = re.compile(rf"{_AT}\d\.\d ?[^\s\d]\S{{1,20}}$")
_CODE = re.compile(rf"{_AT}(?:import \w+|from \w+ import|def \w+\(|print\(|```|#include)")
_STENCIL = re.compile(
    r"具有重要(?:的)?(?:现实)?意义|综上所述|随着.{2,20}的(?:不断|快速|迅速)发展|本文将(?:从|详细|深入)"
)
_HIDDEN = re.compile(rf"\*{{2,}}(?=[{HAN}])|(?<=[{HAN}])×{{2,}}(?=[{HAN}])")


def text_flags(text: str, *, kind: str = "") -> list[str]:
    """Return the doubts about a text that it raises by itself.

    Parameters
    ----------
    text : str
        The cleaned text.
    kind : str
        Its kind, if known: a report of 4,000 characters is not whole.

    Returns
    -------
    list of str
        Each begins with the name of the doubt: ``mojibake: …``.

    Examples
    --------
    >>> text_flags("規(guī)范數(shù)字治理(lǐ)" * 20)[0][:50]
    'gloss-polluted: characters are followed by their r'
    """
    n = len(_CHINESE.findall(text))
    tests: tuple[Callable[[str, int], str], ...] = (
        _mojibake,
        _glosses,
        _word_chain,
        _scripts,
        _foreign,
        _machine_written,
        _hidden_numbers,
    )
    flags = [flag for test in tests if (flag := test(text, n))]
    if _is_list_of_links(text):
        flags.append("tag page: hardly any running text, a list of titles or links")
    elif n < _SHORTEST and text.strip():
        flags.append(f"very short: {n} Chinese characters")
    elif kind == "report" and n < _SHORTEST_REPORT:
        flags.append(
            f"very short: {n:,} Chinese characters, a whole report has {_SHORTEST_REPORT:,} "
            "and more; probably cut off"
        )
    return flags


def _mojibake(text: str, n: int) -> str:
    damage = _damage(text, n)
    mend = "save the original again as UTF-8, or look for another copy"
    return f"mojibake: {damage}; {mend}" if damage else ""


def _damage(text: str, n: int) -> str:
    private = len(_PRIVATE.findall(text))
    if private > max(3, len(text) // 1000):
        return f"{private} characters of no meaning (private use)"
    if "\ufffd" in text:
        return f"{text.count(chr(0xFFFD))} characters were lost (\ufffd)"
    found = _SLIPPED.search(text)
    entities = _LOST_ENTITY.findall(text)
    wrong = _LATIN1.findall(text)
    if found or len(_BOPOMOFO.findall(text)) >= 3:
        shown = found or _BOPOMOFO.search(text)
        assert shown is not None
        return repr(_around(text, shown))
    if len(entities) >= 3:
        return f"{len(entities)} broken entities such as {entities[0]!r}"
    if len(wrong) >= 5 and len(wrong) > n // 20:
        return f"UTF-8 that was read as Latin, such as {''.join(wrong[:3])!r}"
    return ""


def _glosses(text: str, n: int) -> str:
    found = _GLOSS.findall(text)
    lines = [line for line in text.split("\n") if line.strip()]
    polluted = sum(1 for line in lines if len(_GLOSS.findall(line)) >= 2)
    if len(found) >= 5 and (len(found) > n // 200 or polluted > 0.05 * len(lines)):
        return (
            f"gloss-polluted: characters are followed by their reading, such as {found[0]!r}; "
            "this is a mirror page, look for the original"
        )
    return ""


def _word_chain(text: str, n: int) -> str:
    first = text.lstrip().split("\n", 1)[0][:300]
    if match := _WORD_CHAIN.match(first):
        return f"mirror page: it begins with a chain of words, {match[0][:40]!r}"
    return ""


def _scripts(text: str, n: int) -> str:
    simple, traditional = len(_SIMPLE.findall(text)), len(_TRADITIONAL.findall(text))
    fewer = min(simple, traditional)
    if fewer >= 10 and fewer > 0.05 * (simple + traditional):
        return f"mixed scripts: {simple} simplified and {traditional} traditional characters"
    return ""


def _foreign(text: str, n: int) -> str:
    letters = sum(char.isalpha() for char in text[:100_000])
    if letters >= 100 and len(_CHINESE.findall(text[:100_000])) < 0.2 * letters:
        return "hardly any Chinese: perhaps an abstract or a translation"
    return ""


def _machine_written(text: str, n: int) -> str:
    signs = {
        "引言": _INTRODUCTION.search(text[:2000]),
        "1.1": _DECIMAL_HEADING.search(text),
        "code": _CODE.search(text),
        "stock phrases": len(_STENCIL.findall(text)) >= 2,
        "结语": _CONCLUSION.search(text),
    }
    found = [name for name, sign in signs.items() if sign]
    if len(found) >= 3 and ("code" in found or "stock phrases" in found):
        return f"machine-written page: it has {', '.join(found)}; trust none of its numbers"
    return ""


def _hidden_numbers(text: str, n: int) -> str:
    if match := _HIDDEN.search(text):
        return f"hidden numbers: the source hides them behind marks, {_around(text, match)!r}"
    return ""


def _is_list_of_links(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    running = sum(len(line) for line in lines if re.search(r"[。！？；]", line))
    return len(lines) >= 5 and running < 0.1 * len(text)


def identity_flags(text: str, given: Mapping[str, str], found: Sequence[Evidence]) -> list[str]:
    """Return the doubts that a text is what it is said to be.

    Parameters
    ----------
    text : str
    given : mapping
        What the user says: ``city``, ``year``.
    found : sequence of Evidence
        What the text says, best first.

    Examples
    --------
    >>> says = [Evidence("city", "全国", "who reports", "我代表国务院"),
    ...         Evidence("city", "台州", "file name", "台州.txt")]
    >>> identity_flags("我代表国务院", {}, says)
    ['looks like the national report, not that of 台州 (我代表国务院)']
    """
    flags = []
    inside = [e for e in found if e.rule in ("who reports", "session", "mayor")]
    city = next((e for e in inside if e.field == "city"), None)
    said = given.get("city") or next(
        (e.value for e in found if e.field == "city" and e.rule in ("file name", "title")), ""
    )
    if city and said and _differ(city.value, said):
        whose = "the national report" if city.value == "全国" else f"the text of {city.value}"
        flags.append(f"looks like {whose}, not that of {said} ({city.evidence})")
    elif not city and said:
        most = next((e for e in found if e.field == "city" and e.rule == "most named"), None)
        if most and _differ(most.value, said) and said.removesuffix("市") not in text:
            flags.append(
                f"looks like the text of {most.value}, not that of {said} ({most.evidence})"
            )
    years = [e for e in found if e.field == "year"]
    year = next((e for e in years if e.rule in ("year under review", "session")), None)
    said_year = given.get("year") or next((e.value for e in years if e.rule == "file name"), "")
    if year and said_year and year.value != said_year:
        flags.append(f"looks like the text of {year.value}, not of {said_year} ({year.evidence})")
    return flags


def _differ(a: str, b: str) -> bool:
    return a.removesuffix("市") not in b and b.removesuffix("市") not in a


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 8) : match.end() + 8].split())
