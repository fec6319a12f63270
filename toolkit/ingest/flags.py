"""What a reader should know before trusting a text: one plain sentence a doubt."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from toolkit.ingest.evidence import Evidence
from toolkit.ingest.rules import DATA, rules
from toolkit.structure import HAN

_SHORTEST = 80
# Of 143 reports of cities in 2024, the shortest whole one has 10,600 characters.
_SHORTEST_REPORT = 6_000
CHINESE = re.compile(f"[{HAN}]")
_GLOSS = re.compile(r"[一-龥]\s?[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,7}[）)]")
_SIMPLE, _TRADITIONAL = (re.compile(f"[{chars}]") for chars in DATA["scripts"].values())

# Shingles of 8 characters are rare enough that shared formulas do not make texts alike.
_SHINGLE = 8
_SKETCH = 256
_ALIKE = 0.8
_MULTIPLIERS = np.array(
    [pow(1_000_003, i, 2**64) for i in reversed(range(_SHINGLE))], dtype=np.uint64
)


def text_flags(text: str) -> list[str]:
    """Return the doubts about a text that it raises by itself.

    Parameters
    ----------
    text : str
        The cleaned text.

    Returns
    -------
    list of str
        Each begins with the name of the doubt: ``mojibake: …``.

    Examples
    --------
    >>> text_flags("規(guī)范數(shù)字治理(lǐ)" * 20)[0][:50]
    'gloss-polluted: characters are followed by their r'
    """
    n = len(CHINESE.findall(text))
    flags = dict([*_scripts(text), *_glosses(text, n), *_by_rules(text, n)])
    if _is_list_of_links(text):
        flags["tag page"] = "hardly any running text, a list of titles or links"
    return [f"{name}: {said}" for name, said in flags.items()]


def shortness(n: int, *, kind: str, usual: float) -> str:
    """Return the doubt about a text of few Chinese characters; nothing if it has enough.

    Parameters
    ----------
    n : int
        Chinese characters of the text.
    kind : str
        A report of 4,000 characters is not whole.
    usual : float
        Median of the texts that it stands among, or 0: messages may all be short.

    Examples
    --------
    >>> shortness(40, kind="news", usual=0), shortness(40, kind="", usual=90)
    ('very short: 40 Chinese characters', '')
    """
    if n < (min(_SHORTEST, usual / 10) if usual else _SHORTEST):
        return f"very short: {n} Chinese characters"
    if kind == "report" and n < _SHORTEST_REPORT:
        return (
            f"very short: {n:,} Chinese characters, a whole report has {_SHORTEST_REPORT:,} "
            "and more; probably cut off"
        )
    return ""


def _by_rules(text: str, n: int) -> Iterator[tuple[str, str]]:
    """Yield the name of each doubt that a pattern raises, and what is said of it."""
    told = set()
    for rule in rules("doubt"):
        found = [*rule["pattern"].finditer(text)]
        least = max(
            rule.get("at_least", 1), rule.get("share", 0) * len(text), rule.get("chinese", 0) * n
        )
        if rule["name"] in told or len(found) < least:
            continue
        told.add(rule["name"])
        first = found[0]
        around = " ".join(text[max(0, first.start() - 8) : first.end() + 8].split())
        said = rule["says"].format(n=len(found), first=first[0].strip()[:40], around=around)
        yield rule["name"], f"{said}; {rule['mend']}" if "mend" in rule else said
    signs = [
        rule["name"]
        for rule in rules("machine")
        if len(rule["pattern"].findall(text)) >= rule.get("at_least", 1)
    ]
    if len(signs) >= 3 and {"code", "stock phrases"} & {*signs}:
        yield "machine-written page", f"it has {', '.join(signs)}; trust none of its numbers"


def _glosses(text: str, n: int) -> Iterator[tuple[str, str]]:
    found = _GLOSS.findall(text)
    lines = [line for line in text.split("\n") if line.strip()]
    polluted = sum(1 for line in lines if len(_GLOSS.findall(line)) >= 2)
    if len(found) >= 5 and (len(found) > n // 200 or polluted > 0.05 * len(lines)):
        yield (
            "gloss-polluted",
            f"characters are followed by their reading, such as {found[0]!r}; "
            "this is a mirror page, look for the original",
        )


def _scripts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a doubt where two scripts are mixed, or the writing is not Chinese."""
    simple, traditional = len(_SIMPLE.findall(text)), len(_TRADITIONAL.findall(text))
    fewer = min(simple, traditional)
    if fewer >= 10 and fewer > 0.05 * (simple + traditional):
        yield "mixed scripts", f"{simple} simplified and {traditional} traditional characters"
    letters = sum(char.isalpha() for char in text[:100_000])
    if letters >= 100 and len(CHINESE.findall(text[:100_000])) < 0.2 * letters:
        yield "hardly any Chinese", "perhaps an abstract or a translation"


def _is_list_of_links(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    # Sentences may stand a line each, without full stops; titles hold hardly a comma.
    running = sum(len(line) for line in lines if re.search(r"[。！？；，]", line) or len(line) > 40)
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


def sketch(text: str) -> list[int]:
    """Return the smallest hashes of a text's shingles: a sample that is the same for the same text.

    Notes
    -----
    Bottom-k sketches of Broder (1997): the share of the k smallest hashes of two texts
    together that both have estimates the Jaccard similarity of their shingles, with a
    standard error below 0.032 for k = 256.
    """
    chars = np.frombuffer(re.sub(r"[\W_]+", "", text).encode("utf-32-le", "replace"), dtype="<u4")
    if len(chars) < _SHINGLE:
        return [int(c) for c in np.unique(chars)]
    windows = np.lib.stride_tricks.sliding_window_view(chars.astype(np.uint64), _SHINGLE)
    hashes = (windows * _MULTIPLIERS).sum(axis=1, dtype=np.uint64)
    # Spread the hashes, whose order is that of the first characters otherwise.
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    return [int(h) for h in np.unique(hashes)[:_SKETCH]]


def near_duplicates(sketches: Mapping[str, list[int]]) -> dict[str, tuple[str, float]]:
    """Return for each text the earlier text that it repeats, and how alike they are.

    Parameters
    ----------
    sketches : mapping of id to sketch
        In their order: of two alike texts the later is the duplicate.

    Returns
    -------
    dict of id to (id, similarity from 0.8 to 1)

    Examples
    --------
    >>> text = "城市治理要像绣花一样精细，社区是基层治理的单元。" * 3
    >>> texts = {"a": text, "b": text + "完", "c": "另一篇文章写的是别的事情。"}
    >>> near_duplicates({name: sketch(text) for name, text in texts.items()})
    {'b': ('a', 0.96)}
    """
    # Most shingles stand in one text only, and need not be kept.
    hashes_of_all = [h for hashes in sketches.values() for h in hashes]
    every, n_texts = np.unique(np.array(hashes_of_all, dtype=np.uint64), return_counts=True)
    in_several = set(every[n_texts > 1].tolist())
    holders: dict[int, list[str]] = defaultdict(list)
    found: dict[str, tuple[str, float]] = {}
    for name, hashes in sketches.items():
        telling = [h for h in hashes if h in in_several]
        shared = Counter(other for h in telling for other in holders[h])
        best = ("", 0.0)
        for other, n in shared.most_common(5):
            if n < _ALIKE / 2 * min(len(hashes), len(sketches[other])):
                break
            together = sorted({*hashes, *sketches[other]})[:_SKETCH]
            both = set(hashes) & set(sketches[other])
            alike = sum(h in both for h in together) / max(1, len(together))
            best = max(best, (other, round(alike, 2)), key=lambda pair: pair[1])
        if best[1] >= _ALIKE:
            found[name] = best
        for h in telling:
            # A shingle that stands in very many texts tells nothing about two of them.
            if len(holders[h]) < 50:
                holders[h].append(name)
    return found
