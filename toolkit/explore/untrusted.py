"""Text of a corpus as it is shown: untrusted, so nothing of it is ever run or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import numpy as np

from toolkit.structure import sentences
from toolkit.topics import Topics

#: Longest text shown at once, in characters.
LONGEST = 20_000

# What would hide or turn round other text: control, zero-width and bidi characters, and
# halves of surrogate pairs, which no page can hold.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)

#: Where a word stands in a text and how much it contributes, from 0 to 1.
Mark = tuple[int, int, float]


def visible(text: object, limit: int = LONGEST) -> str:
    r"""Return text without what hides or turns round other text, and never endless.

    Examples
    --------
    >>> visible("a\u202eb"), visible("城" * 9, 4)
    ('a⟨U+202E⟩b', '城城城城… (+5)')
    """
    text = str(text)
    rest = len(text) - limit
    text = text if rest <= 0 else f"{text[:limit]}… (+{rest:,})"
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def escaped(text: object, limit: int = LONGEST) -> str:
    """Return text for HTML: escaped, in a place or an attribute.

    Examples
    --------
    >>> escaped("<b>")
    '&lt;b&gt;'
    """
    return escape(visible(text, limit), quote=True)


def marked(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> str:
    """Return a part of a text for HTML, with words highlighted by how much they contribute.

    Examples
    --------
    >>> marked("城市治理", [(2, 4, 1.0)])
    '城市<mark class="s3">治理</mark>'
    """
    end = min(len(text) if end is None else end, start + LONGEST)
    pieces, at = [], start
    for first, last, strength in sorted(marks):
        if at <= first and last <= end:
            pieces.append(escaped(text[at:first]))
            level = 1 + round(2 * min(max(strength, 0.0), 1.0))
            pieces.append(f'<mark class="s{level}">{escaped(text[first:last])}</mark>')
            at = last
    tail = escaped(text[at:end])
    return "".join(pieces) + tail + ("" if end >= len(text) else "…")


def marks_of(topics: Topics, unit: int, topic: int, n: int = 12) -> list[Mark]:
    """Return where the `n` words that speak most for a topic (from 1) stand in a unit (its row)."""
    row = topics.matrix.weights[[unit]]
    weight = row.data * topics.topic_term[topic - 1, row.indices]
    words = {str(w): float(x) for w, x in zip(topics.terms[row.indices], weight, strict=True)}
    top = {w for w in sorted(words, key=lambda w: (-words[w], w))[:n] if words[w] > 0}
    if not top:
        return []
    most = max(words[w] for w in top)
    # All words of the unit take part, so that a short one is not found inside a long one.
    forms = {w.replace(" ", ""): w for w in words}
    pattern = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
    found = pattern.finditer(str(topics.units["text"].iloc[unit]))
    return [(m.start(), m.end(), words[forms[m[0]]] / most) for m in found if forms[m[0]] in top]


def excerpt(text: str, marks: list[Mark], longest: int) -> tuple[int, int]:
    """Return the bounds of the part of a text, in whole sentences, that holds most marks."""
    if len(text) <= longest:
        return 0, len(text)
    found = [*sentences(text)] or [(0, text)]
    starts = np.array([start for start, _ in found])
    ends = starts + [len(sentence) for _, sentence in found]
    held = np.zeros(len(found) + 1)  # strength of the marks before each sentence
    for first, _, strength in marks:
        held[np.searchsorted(starts, first, side="right")] += strength
    held = held.cumsum()
    last = np.searchsorted(ends, starts + longest, side="right").clip(1 + np.arange(len(found)))
    best = int(np.argmax(held[last] - held[:-1]))
    return int(starts[best]), int(min(ends[last[best] - 1], starts[best] + longest))
