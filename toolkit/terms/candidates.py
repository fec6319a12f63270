"""Candidate terms: strings of the user's own texts that behave as terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.engine import dictionary
from toolkit.recipe import check_numbers
from toolkit.segmentation import Segmenter

Array = np.ndarray[Any, Any]

# A string whose ends are ends of words this often is not cut out of the words around it.
_LEAST_ALIGNED = 0.8
# Particles, places, degrees, results: a string that holds one as a word is a phrase, no term.
_LOOSE = frozenset("的了得着里上去越更往各很完住进掉")
# So is what begins with the verbs and manners of official prose: 加快建设, 深入推进.
_EXHORTING = frozenset({"加快", "加强", "推动", "推进", "提升", "提高", "坚持", "深入", "扎实"})
_EXHORTING |= {"持续", "严格", "大力", "积极", "全面", "不断", "着力", "切实", "稳步", "有序"}
# A word of the dictionary is worth a decision if it is 2**5 times as frequent as there.
_LEAST_SPECIFIC = 5.0


def candidate_terms(
    corpus: Corpus,
    *,
    segmenter: Segmenter | None = None,
    min_count: int = 5,
    max_chars: int = 10,
    min_pmi: float = 3.0,
    min_entropy: float = 1.0,
    n: int = 1000,
    with_parts: bool = True,
) -> pd.DataFrame:
    """Find strings that behave as terms in these texts.

    A term holds together (its characters occur together more often than chance has it,
    wherever it is cut), stands freely (many different characters before and after it),
    and begins and ends where words do. Words that jieba keeps whole already are listed
    if they are much more frequent here than in jieba's dictionary; terms of the lexicon
    in use are not: they have been decided on. Where a candidate stands inside a longer
    term of the lexicon (社会治理 in 市域社会治理), this says nothing against it: whether
    it holds together and stands freely is judged by the other places.

    Parameters
    ----------
    corpus : Corpus
    segmenter : Segmenter, optional
        The one in use, ``Segmenter()`` if not given. ``Segmenter(lexicon=None)`` looks
        for every term anew.
    min_count : int
        Fewest occurrences.
    max_chars : int
        Longest candidate, in characters.
    min_pmi : float
        Least pointwise mutual information, in bits, over all ways to cut the candidate.
    min_entropy : float
        Least branching entropy, in bits, of the characters on its left and on its right;
        a mark or the end of a line counts as a new character each time.
    n : int
        Most candidates: large corpora have more than a person decides on.
    with_parts : bool
        Whether ``count``, ``n_docs`` and what is measured on them take in the places
        inside longer terms of the lexicon.

    Returns
    -------
    DataFrame
        Best first: ``term``, ``suggestion`` ("new": cut apart today; "known": one word
        for jieba; "part of …": hardly ever stands outside a longer candidate), ``count``,
        ``n_docs``, ``inside`` (places inside longer terms of the lexicon), ``cut``
        (today's words), ``pmi``, ``entropy`` (the lesser side), ``c_value``,
        ``specificity`` (log2 of the frequency here by that in jieba's dictionary) and
        ``line_1`` to ``line_3`` (concordance, from different documents where there are).

    Raises
    ------
    ValueError
        If a limit makes no sense.

    References
    ----------
    Frantzi, K., Ananiadou, S., & Mima, H. (2000). Automatic recognition of multi-word
    terms: the C-value/NC-value method. *International Journal on Digital Libraries*,
    3(2), 115–130.

    Jin, Z., & Tanaka-Ishii, K. (2006). Unsupervised segmentation of Chinese text by use
    of branching entropy. *Proceedings of COLING/ACL*, 428–435.

    Examples
    --------
    >>> found = candidate_terms(Corpus.sample(), segmenter=Segmenter(lexicon=None))
    >>> found.set_index("term").loc["接诉即办", ["suggestion", "cut"]].tolist()
    ['new', '接诉 即 办']
    """
    check_numbers(candidate_terms, locals())
    if min_count < 2 or max_chars < 2:
        raise ValueError(
            f"min_count and max_chars must be at least 2, not {min_count} and {max_chars}"
        )
    segmenter = segmenter or Segmenter()
    # Without jieba's guesses: they would hide the very words that are looked for.
    strict = replace(segmenter, hmm=False)
    text = _Text.of(corpus.units, strict)
    ids = text.ngrams(min_count, max_chars)
    tables = [text.measure(ids, length, with_parts) for length in range(2, len(ids))]
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["term"])
    found = found[~found["term"].isin([*segmenter._terms])]
    if found.empty:
        return pd.DataFrame(columns=_COLUMNS)
    free = found["pmi"].ge(min_pmi) & found["entropy"].ge(min_entropy)
    free &= (found["count"] - found["inside"] * with_parts).ge(min_count)
    found = found[free & found["aligned"].ge(_LEAST_ALIGNED)]
    terms = [term for term in found["term"] if _is_free(_cut(term, strict), segmenter._stops)]
    found = found[found["term"].isin(terms)]
    base = dictionary()
    usual = np.array([base.frequencies.get(term, 0) for term in found["term"]]) + 1
    found["specificity"] = np.log2(found["count"] / text.n_words / (usual / base.total))
    whole = found["whole"] > 0.5
    found = found[~whole | found["specificity"].ge(_LEAST_SPECIFIC)].copy()
    longer = _containing(found)
    found["c_value"] = np.log2(found["term"].str.len()) * (found["count"] - longer["mean"])
    found["suggestion"] = np.where(found["whole"] > 0.5, "known", "new")
    nested = longer["most"] > 0.8 * found["count"]
    found.loc[nested, "suggestion"] = "part of " + longer["term"][nested]
    found["cut"] = [" ".join(_cut(term, segmenter)) for term in found["term"]]
    rank = found["suggestion"].map({"new": 0, "known": 1}).fillna(2)
    order = np.lexsort((found["term"], -found["c_value"], rank))
    found = found.iloc[order[:n]].reset_index(drop=True)
    found[_LINES] = ""
    for length, part in found.groupby(found["term"].map(len)):
        found.loc[part.index, _LINES] = text.lines(ids[length], part["id"].to_numpy())
    return found[_COLUMNS]


_COLUMNS = ["term", "suggestion", "count", "n_docs", "inside", "cut", "pmi", "entropy", "c_value"]
_LINES = ["line_1", "line_2", "line_3"]
_COLUMNS += ["specificity", *_LINES]


@dataclass(frozen=True)
class _Text:
    """All texts as one row of characters, so that n-grams are counted in arrays."""

    characters: str
    codes: Array  # of the distinct characters
    is_word: Array  # letters and digits, of whatever script
    document: Array  # number of the document of each character
    boundary: Array  # whether a word begins or ends before each character
    term: Array  # where the term of the lexicon begins and ends that holds each character
    n_words: int

    @classmethod
    def of(cls, units: pd.DataFrame, segmenter: Segmenter) -> _Text:
        characters = "\n" + "\n".join(units["text"]) + "\n"
        boundary = np.zeros(len(characters) + 1, dtype=bool)
        document = np.zeros(len(characters), dtype=np.int64)
        term = np.zeros((2, len(characters) + 1), dtype=np.int64)
        position, n_words = 1, 0
        for number, text in zip(pd.factorize(units["doc_id"])[0], units["text"], strict=True):
            document[position : position + len(text)] = number
            for word, start, end in segmenter.cut(text):
                start, end = position + start, position + end
                boundary[[start, end]] = True
                if word in segmenter._terms:
                    term[:, start:end] = [[start], [end]]
                n_words += 1
            position += len(text) + 1
        raw = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        distinct, codes = np.unique(raw, return_inverse=True)
        is_word = np.array([chr(c).isalnum() for c in distinct])[codes]
        return cls(characters, codes, is_word, document, boundary, term, n_words)

    def ngrams(self, min_count: int, longest: int) -> list[Array]:
        """Return, for each length, the number of the n-gram at each place (-1: too rare).

        An n-gram can be frequent only if both n-grams one shorter in it are.
        """
        n = len(self.codes)
        ids = [np.full(n, -1), np.where(self.is_word, self.codes, -1)]
        while len(ids) <= longest:
            before, after = ids[-1][:-1], ids[-1][1:]
            place = np.flatnonzero((before >= 0) & (after >= 0))
            pairs = before[place] * (after.max() + 1) + after[place]
            _, number, count = np.unique(pairs, return_inverse=True, return_counts=True)
            kept = count >= min_count
            if not kept.any():
                break
            renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
            ids.append(np.full(n, -1))
            ids[-1][place] = renumbered[number]
        return ids

    def measure(self, ids: list[Array], length: int, with_parts: bool) -> pd.DataFrame:
        """Return the n-grams of a length with all that is measured on them."""
        place = np.flatnonzero(ids[length] >= 0)
        gram = ids[length][place]
        size = gram.max() + 1
        first = np.empty(size, dtype=np.int64)
        first[gram[::-1]] = place[::-1]
        begin, end = self.term[:, place]
        inside = (end >= place + length) & (end - begin > length)
        within = np.bincount(gram[inside], minlength=size)
        free, free_gram = place[~inside], gram[~inside]
        n_free = np.maximum(np.bincount(free_gram, minlength=size), 1)
        if not with_parts:
            place, gram = free, free_gram
        count = np.bincount(gram, minlength=size)
        counts = [np.bincount(i[i >= 0]) if (i >= 0).any() else np.zeros(1) for i in ids[:length]]
        pmi = np.full(size, np.inf)
        for cut in range(1, length):
            left = counts[cut][ids[cut][first]]
            right = counts[length - cut][ids[length - cut][first + cut]]
            together = np.maximum(count, 1) * self.is_word.sum()
            pmi = np.minimum(pmi, np.log2(together / (left * right)))
        # A mark sets a term free: let each count as a character of its own.
        marks = self.codes.max() + 1 + np.arange(len(self.codes))
        neighbour = np.where(self.is_word, self.codes, marks)
        sides = (neighbour[free - 1], neighbour[free + length])
        entropy = np.min([_entropy(free_gram, side, size) for side in sides], axis=0)
        cuts = np.cumsum(self.boundary)
        apart = cuts[free + length - 1] > cuts[free]
        aligned = self.boundary[free] & self.boundary[free + length]
        documents = np.unique(np.stack([gram, self.document[place]]), axis=1)[0]
        weigh = {"aligned": aligned, "whole": aligned & ~apart}
        return pd.DataFrame(
            {
                "term": [self.characters[p : p + length] for p in first.tolist()],
                "id": np.arange(size),
                "count": count,
                "n_docs": np.bincount(documents, minlength=size),
                "inside": within,
                "pmi": pmi,
                "entropy": entropy,
                **{k: np.bincount(free_gram, v, minlength=size) / n_free for k, v in weigh.items()},
            }
        )

    def lines(self, ids: Array, grams: Array, width: int = 12) -> list[list[str]]:
        """Return three concordance lines of each, from different documents where there are."""
        order = np.argsort(ids, kind="stable")
        ends = [np.searchsorted(ids[order], grams, side) for side in ("left", "right")]
        found = []
        for start, end in zip(*ends, strict=True):
            places = order[start:end]
            _, firsts = np.unique(self.document[places], return_index=True)
            places = np.concatenate([places[firsts], np.delete(places, firsts)])[:3]
            shown = [self.characters[max(p - width, 0) : p + width + 6] for p in places.tolist()]
            lines = [f"…{line.strip()}…".replace("\n", " ") for line in shown]
            found.append(lines + [""] * (3 - len(lines)))
        return found


def _entropy(gram: Array, neighbour: Array, size: int) -> Array:
    """Return the entropy, in bits, of the neighbours of each n-gram."""
    most = neighbour.max(initial=0) + 1
    pairs, count = np.unique(gram * most + neighbour, return_counts=True)
    owner = pairs // most
    share = count / np.bincount(owner, weights=count, minlength=size)[owner]
    return np.bincount(owner, weights=-share * np.log2(share), minlength=size)


def _cut(term: str, segmenter: Segmenter) -> list[str]:
    return [word for word, _, _ in segmenter.cut(term)]


def _is_free(cut: list[str], stops: frozenset[str]) -> bool:
    """Tell whether a cut can be a term: no stop word at its ends, nothing loose, no digit."""
    if cut[0] in stops or cut[-1] in stops or not _LOOSE.isdisjoint(cut):
        return False
    if len(cut) > 1 and cut[0] in _EXHORTING:
        return False
    return not any(c.isdigit() for word in cut for c in word)


def _containing(found: pd.DataFrame) -> pd.DataFrame:
    """Return, for each candidate, how often it occurs inside longer candidates."""
    counts = found.set_index("term")["count"]
    inside = [
        (part, counts[term], term)
        for term in counts.index
        for part in {term[i:j] for i in range(len(term)) for j in range(i + 2, len(term) + 1)}
        if part != term and part in counts.index
    ]
    longer = pd.DataFrame(inside, columns=["part", "most", "term"]).sort_values(["most", "term"])
    each = longer.groupby("part")
    table = each.last().assign(mean=each["most"].mean()).reindex(counts.index)
    return table.fillna({"most": 0, "mean": 0.0, "term": ""}).set_index(found.index)
