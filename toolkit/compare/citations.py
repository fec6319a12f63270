"""Who issues documents, with whom, and which documents they cite and take wording from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.compare.overlap import Reuse
from toolkit.compare.rates import in_order
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, check_kind, step
from toolkit.structure import HAN, sentences
from toolkit.units import columns_of, told_of

_TITLE = re.compile(r"《([^《》\n]{2,100}(?:《[^《》\n]{1,80}》[^《》\n]{0,40})?)》")
_NUMBER = re.compile(
    rf"([{HAN}]{{1,12}})\s?[〔\[［（(【]\s?((?:19|20)\d\d)\s?[〕\]］）)】]\s?第?\s?(\d{{1,5}})\s?[号號]"
)
# What stands before a number in a sentence, and is no part of it.
_BEFORE = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|贯彻|落实|印发|转发|执行|参照|废止|参见|文号|以及|[和及与以由见按对的])"
)
_EDITION = re.compile(
    r"[（(](?:(?:19|20)\d\d年?)?(?:修[订正改]|[版本]|\w{0,6}修[订正改])\w{0,4}[）)]$"
)
_SEPARATOR = re.compile(r"[、，,;；/|\s　]+")


class IssuingBodies(NamedTuple):
    """Bodies that issue documents, and which do so together.

    Parameters
    ----------
    bodies : DataFrame
        Most documents first: the columns of `by`, if any, ``body``, ``documents``, ``joint``
        (of these with others), ``partners`` (bodies that it issued with).
    pairs : DataFrame
        Most documents first: the columns of `by`, ``source``, ``target``, ``documents``,
        ``jaccard`` (of the documents of either), ``first_doc``.
    """

    bodies: pd.DataFrame
    pairs: pd.DataFrame


def issuing_bodies(
    corpus: Corpus,
    *,
    by: str | Sequence[str] | None = None,
    names: Mapping[str, str] | None = None,
) -> IssuingBodies:
    """Tell who issued the documents of a corpus, and who with whom.

    Parameters
    ----------
    corpus : Corpus
        Whose column ``issuer`` names the bodies, 、 between them, as the intake writes it.
    by : column of the units, or several, optional
        Such as a period: each value has rows of its own.
    names : mapping, optional
        What bodies are called here: a body that was renamed is one or two, as you say
        (``{"建设部": "住房和城乡建设部"}``).

    Returns
    -------
    IssuingBodies

    Raises
    ------
    ValueError
        If there is no column ``issuer`` or it is empty, or the column of `by` is missing.

    Examples
    --------
    >>> corpus = Corpus.from_texts(
    ...     {"a": "通知", "b": "意见", "c": "办法"},
    ...     metadata={"a": {"issuer": "教育部、财政部"}, "b": {"issuer": "教育部"},
    ...               "c": {"issuer": "财政部、教育部、民政部"}})
    >>> found = issuing_bodies(corpus)
    >>> found.bodies.to_numpy().tolist()
    [['教育部', 3, 2, 2], ['财政部', 2, 2, 2], ['民政部', 1, 1, 2]]
    >>> found.pairs[["source", "target", "documents"]].to_numpy().tolist()[0]
    ['教育部', '财政部', 2]
    """
    own = ["body", "documents", "joint", "partners", "source", "target", "jaccard", "first_doc"]
    group = [] if by is None else columns_of(corpus.units, by, own)
    columns = columns_of(corpus.units, [*group, "issuer"])
    units = corpus.units.drop_duplicates("doc_id").dropna(subset=columns)
    rows, known = [], names or {}
    for unit in units[["doc_id", *columns]].to_dict("records"):
        named = [known.get(b, b) for b in _SEPARATOR.split(str(unit.pop("issuer"))) if b]
        rows += [unit | {"body": body, "n": len({*named})} for body in dict.fromkeys(named)]
    if not rows:
        raise ValueError("no document names who issued it; the column 'issuer' is empty")
    table, bodies, pairs = pd.DataFrame(rows), [], []
    for key, part in table.groupby(group or np.zeros(len(table)), sort=False):
        place = dict(zip(group, key, strict=True)) if group else {}
        held = pd.crosstab(part["doc_id"], part["body"])
        both: dict[Any, Any] = (held.T @ held).to_dict()
        first = {body: docs.index[docs > 0] for body, docs in held.items()}
        for a in part["body"].unique():
            partners = [b for b in both if both[a][b] and b != a]
            joint = int((held[a].astype(bool) & (held.sum(axis=1) > 1)).sum())
            row = {"body": a, "documents": both[a][a], "joint": joint}
            bodies.append(place | row | {"partners": len(partners)})
            for b in (b for b in partners if a < b):
                n, all_of = both[a][b], both[a][a] + both[b][b]
                row = {"source": a, "target": b, "documents": n, "jaccard": n / (all_of - n)}
                pairs.append(place | row | {"first_doc": first[a][first[a].isin(first[b])][0]})
    columns = [*group, "source", "target", "documents", "jaccard", "first_doc"]
    tables = pd.DataFrame(bodies), pd.DataFrame(pairs, columns=columns)
    order: dict[str, Any] = {"by": [*group, "documents"], "key": in_order, "kind": "stable"}
    order["ascending"] = [True] * len(group) + [False]
    found, joint_issues = (t.sort_values(**order, ignore_index=True) for t in tables)
    found.attrs |= told_of(corpus.units, by)
    return IssuingBodies(found, joint_issues)


@dataclass(frozen=True, eq=False)
class Citations(Recorded, variable="citations", by="find_citations", of=Corpus):
    """Documents that texts cite, and which of them are in the corpus.

    Parameters
    ----------
    mentions : DataFrame
        Every title in 《》 and every document number, in the order of the texts: ``doc_id``,
        ``unit_id``, ``start``, ``title``, ``number`` (one of the two may be empty),
        ``cited`` (the document meant; empty if it is not in the corpus, or several are),
        ``candidates`` (documents it may be), ``sentence``.
    edges : DataFrame
        A row for each document that cites another, most mentions first: ``doc_id``,
        ``cited``, ``mentions``, ``sentence`` (the first); and, if shared passages were
        given, ``letters`` and ``share`` of the wording of `doc_id` that stands in the other,
        also where nothing is cited, from the earlier to the later document.
    documents : DataFrame
        Index ``doc_id``: ``title``, ``year``, ``citing`` and ``cited_by`` (documents), as far
        as the corpus knows, and all other columns of the corpus but the text.
    recipe : Recipe
    """

    mentions: pd.DataFrame
    edges: pd.DataFrame
    documents: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        known = (self.mentions["cited"] != "").sum()
        return f"Citations: {len(self.mentions)} mentions, {known} of documents of the corpus"


@step("citations")
def find_citations(corpus: Corpus, shared: Reuse | None = None) -> Citations:
    """Find the documents that texts cite by title or number, within the corpus.

    Parameters
    ----------
    corpus : Corpus
        With a column ``title`` or ``document_number``, better both, and ``year``.
    shared : Reuse, optional
        Who takes over whose wording: ``reuse(corpus)``.

    Returns
    -------
    Citations

    Raises
    ------
    ValueError
        If the texts have neither titles nor numbers.

    Notes
    -----
    A number resolves by issuer, year and number, however it is bracketed. A title does
    whether its issuer stands in it or not, as long as no other issuer does, with 中华人民共和国
    or without, in whatever edition; a document of a later year is never meant. What is
    cited outside the corpus is listed and not resolved. That a text cites another, or
    shares its wording, does not tell that it was made after it: both may follow a third.

    Examples
    --------
    >>> texts = {"a": "提升品质。", "b": "根据《关于城市更新的意见》（甲政发[2021]5号）制定。"}
    >>> corpus = Corpus.from_texts(
    ...     texts,
    ...     metadata={"a": {"title": "甲市人民政府关于城市更新的意见", "year": 2021},
    ...               "b": {"title": "实施细则", "year": 2022}})
    >>> find_citations(corpus).mentions[["doc_id", "number", "cited"]].to_numpy().tolist()
    [['b', '甲政发〔2021〕5号', 'a']]
    """
    units = corpus.units
    told = [column for column in ("title", "document_number") if column in units]
    if not told or units[told].isna().all(axis=None):
        raise ValueError(
            "nothing cited can be found again: the texts have neither title nor document_number"
        )
    documents = units.drop(columns="text").drop_duplicates("doc_id").set_index("doc_id")
    known = _Known.of(documents)
    rows = []
    for unit_id, doc, text in zip(units.index, units["doc_id"], units["text"], strict=True):
        split = [*sentences(text)][::-1]
        for start, title, number in _mentioned(text):
            found = known.find(title, number, str(doc))
            if doc in found:  # a text that names itself cites nothing
                continue
            row = {"doc_id": doc, "unit_id": unit_id, "start": start, "title": title}
            row |= {"number": number, "cited": found[0] if len(found) == 1 else ""}
            row |= {"candidates": len(found)}
            rows.append(row | {"sentence": next((s for at, s in split if at <= start), "")})
    columns = ["doc_id", "unit_id", "start", "title", "number", "cited", "candidates", "sentence"]
    mentions = pd.DataFrame(rows, columns=columns)
    resolved = mentions[mentions["cited"] != ""].groupby(["doc_id", "cited"], sort=False)
    edges = resolved.agg(mentions=("start", "size"), sentence=("sentence", "first")).reset_index()
    for name, side in (("citing", "doc_id"), ("cited_by", "cited")):
        documents[name] = edges[side].value_counts().reindex(documents.index, fill_value=0)
    if shared is not None:
        check_kind(shared, Reuse, "find_citations")
        edges = _with_wording(edges, shared.pairs, documents)
    edges = edges.sort_values("mentions", ascending=False, kind="stable", ignore_index=True)
    return Citations(mentions, edges, documents)


class _Known(NamedTuple):
    """Documents by their number, and by what they are about."""

    numbers: dict[tuple[str, str], list[tuple[str, str]]]
    titles: dict[str, list[tuple[str, str]]]
    years: dict[str, float]

    @classmethod
    def of(cls, documents: pd.DataFrame) -> _Known:
        columns = documents.reindex(columns=["title", "document_number", "year"])
        years = pd.to_numeric(columns["year"], errors="coerce").astype(float)
        known = cls({}, {}, {str(doc): year for doc, year in years.items()})
        for doc, title in columns["title"].dropna().items():
            issuer, matter = _parted(str(title))
            known.titles.setdefault(matter, []).append((str(doc), issuer))
        for doc, own in columns["document_number"].dropna().items():
            if match := _NUMBER.search(str(own)):
                known.numbers.setdefault((match[2], match[3]), []).append((str(doc), match[1]))
        return known

    def find(self, title: str, number: str, citing: str) -> list[str]:
        """Return the documents that may be meant, that of the number first."""
        match = _NUMBER.match(number)
        named = self.numbers.get((match[2], match[3]), []) if match else []
        found = [doc for doc, office in named if match and match[1].endswith(office)]
        if not found and title:
            issuer, matter = _parted(title)
            known = self.titles.get(matter, [])
            found = [d for d, own in known if own.endswith(issuer) or issuer.endswith(own)]
        year = self.years[citing]  # where it is not known, nothing is later
        return [doc for doc in found if not self.years[doc] > year]


def _mentioned(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where a text cites a document, by which title, by which number."""
    numbers = {m.start(): m for m in _NUMBER.finditer(text)}
    for match in _TITLE.finditer(text):
        near = [at for at in numbers if 0 <= at - match.end() <= 3]
        number = _written(numbers.pop(near[0])) if near else ""
        yield match.start(), "".join(match[1].split()), number
    for at, match in numbers.items():
        yield at, "", _written(match)


def _written(match: re.Match[str]) -> str:
    """Return a document number as it is written today."""
    return f"{_BEFORE.sub('', match[1]) or match[1]}〔{match[2]}〕{match[3]}号"


def _parted(title: str) -> tuple[str, str]:
    """Return the issuer that stands in a title, and the rest."""
    plain = _EDITION.sub("", "".join(title.split()).strip("《》"))
    plain = plain.replace("〈", "").replace("〉", "").replace("《", "").replace("》", "")
    issuer, about, matter = plain.partition("关于")
    if about:
        return issuer, about + matter
    return "", plain.replace("中华人民共和国", "")


def _with_wording(
    edges: pd.DataFrame, pairs: pd.DataFrame, documents: pd.DataFrame
) -> pd.DataFrame:
    """Return the edges with the wording that the one shares with the other."""
    both = pairs.rename(columns={"doc_a": "doc_id", "doc_b": "cited", "share_a": "share"})
    turned = pairs.rename(columns={"doc_b": "doc_id", "doc_a": "cited", "share_b": "share"})
    both = pd.concat([both, turned])[["doc_id", "cited", "letters", "share"]]
    table = edges.merge(both, how="outer", on=["doc_id", "cited"])
    year = pd.to_numeric(documents.reindex(columns=["year"])["year"], errors="coerce")
    later = table["doc_id"].map(year) > table["cited"].map(year)
    table = table[table["mentions"].notna() | later]
    table = table.fillna({"mentions": 0, "letters": 0, "share": 0.0, "sentence": ""})
    return table.astype({"mentions": int, "letters": int})
