"""The page to share: topics, their words and passages, in one file that needs nothing else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from toolkit.explore.labels import Labels
from toolkit.explore.map import circles
from toolkit.explore.parts import USUAL, columns
from toolkit.explore.untrusted import excerpt, marked, marks_of, visible
from toolkit.files import csv_text, write_text
from toolkit.installed import versions
from toolkit.say import Language, Value
from toolkit.templates import filled
from toolkit.topics import ReportCard, Topics, relevant_terms, topic_quality
from toolkit.units import values_of

_SHOWN = 15  # terms of a topic; as many in page.js
_LONGEST = 700  # characters of a passage
_SOURCE = ("title", "city", "year", "section")
_CARD = ["topic", "name", "share", "stability", "low", "high", "null", "above"]
_CARD += ["npmi", "support", "exclusivity"]
_SAID = ("found", "none", "anything", "its_text", "no_text", "sort")  # what page.js says
_filled = partial(filled, visible=visible)


def topic_page(
    topics: Topics,
    path: str | Path,
    *,
    title: str | None = None,
    card: ReportCard | None = None,
    passages: int = 6,
    texts: bool = False,
    lang: Language = "zh",
) -> Path:
    """Write topics as one HTML page: no network, no kernel, no Chinese font needed.

    The page holds a map of the topics, their terms with a slider for relevance, passages
    with the words that speak for the topic highlighted, the share by each column of the
    metadata that groups texts, a report card, the data, and how all was made. It prints whole.

    Every share leads to the passages that it is the mean of, which can be searched and chosen
    by each column, and so does every term; what is chosen stands in the address,
    ``#topic=3&q=热线&by.city=上海``, and can be sent to somebody. Tables are sorted by a click on
    a heading.

    Parameters
    ----------
    topics : Topics
    path : path
        Of the file; written aside and renamed.
    title : str, optional
    card : ReportCard, optional
        Of `toolkit.report_card`: adds how sure the topics are. Without it the page tells
        coherence and exclusivity, and that stability was not measured.
    passages : int
        Number of passages of each topic. Long ones are cut to the sentences that speak
        most for the topic; the page says so.
    texts : bool
        Whether every passage is in the page, whole, and not only those quoted.
    lang : {"zh", "en"}

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = topic_page(topics, f"{folder}/topics.html")
    ...     page.stat().st_size < 3_000_000
    True
    """
    from toolkit.figures.press.webfont import embedded_font

    say, quoted = Labels("page", lang), passages_of(topics, passages, _LONGEST)
    here = files("toolkit.explore")
    script = here.joinpath("page.js").read_text("utf-8")
    card_table, notes = _card(topics, card, say)
    labels = {c: say.get(c, c) for c in columns(topics.units)}
    ranked = _ranked(topics)
    evidence = _evidence(topics, quoted, ranked["term"].unique(), lang, texts)
    hashes = [f"{s.call}: {k} {v[:16]}…" for s in topics.recipe.steps for k, v in s.data.items()]
    page = partial(
        _filled,
        "explore/page.html",
        say=say,
        locale={"zh": "zh-CN", "en": "en"}[lang],
        title=title or say["title"].format(k=topics.k),
        texts=topics.units["doc_id"].nunique(),
        units=len(topics.units),
        n_terms=len(topics.terms),
        empty=int((~topics.filled).sum()),
        topics=_topics(topics, quoted),
        shares=[
            (
                say["by"].format(by=say.get(c, c)),
                share_table(topics, c, lang, linked=True),
                c in USUAL,
            )
            for c in columns(topics.units)
        ],
        card=card_table,
        notes=notes,
        downloads=_downloads(topics, quoted),
        code=_code(topics),
        fingerprint=topics.fingerprint,
        data="; ".join(hashes),
        made=", ".join(f"{name} {version}" for name, version in versions().items()),
        terms=_json(_terms(ranked, topics.k)),
        chosen=[(f"by.{c}", label) for c, label in labels.items()],
        evidence=base64.b64encode(gzip.compress(evidence.encode(), mtime=0)).decode(),
        said=_json({name: say[name] for name in _SAID}),
        style=here.joinpath("page.css").read_text("utf-8"),
        script=script,
        allowed=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    write_text(path, page(font=embedded_font(page(font="") + evidence)))
    return Path(path)


def bars(table: pd.DataFrame, *, asks: bool = False) -> str:
    """Return the terms of a topic, of `relevant_terms`, as HTML bars of their weight.

    In the application each asks for its evidence.
    """
    rows, widest = table.to_dict("records"), table["weight"].max()
    return _filled("explore/bars.html", rows=rows, widest=widest, asks=asks)


def quotes(table: pd.DataFrame, *, asks: bool = False) -> str:
    """Return passages of `passages_of` as HTML; in the application each asks for its evidence."""
    return _filled("explore/quotes.html", rows=table.to_dict("records"), asks=asks)


def passages_of(topics: Topics, n: int, longest: int) -> pd.DataFrame:
    """Return the top `n` passages of each topic, cut to at most `longest` characters.

    Returns
    -------
    DataFrame
        Of `Topics.top_passages`, with ``passage`` (the part that speaks most for the topic),
        ``html`` (its words highlighted), ``cited``.
    """
    table = topics.top_passages(n)
    rows = topics.units.index.get_indexer(pd.Index(table["unit_id"]))
    html, cited, quoted = [], [], []
    for row, topic, share in zip(rows, table["topic"], table["share"], strict=True):
        unit = topics.units.iloc[row]
        marks = marks_of(topics, int(row), int(topic))
        start, end = excerpt(unit["text"], marks, longest)
        lead = "…" if start else ""
        html.append(lead + marked(unit["text"], marks, start, end))
        quoted.append(unit["text"][start:end])
        cited.append(f"{_source(unit)} · {share:.0%}")
    return table.assign(html=html, cited=cited, passage=quoted)


def share_table(topics: Topics, by: str, lang: Language, *, linked: bool = False) -> str:
    """Return the shares of the topics in each group as an HTML table, the larger the darker.

    Each leads to its passages: on the page by its address, in the application by its focus.
    """
    from toolkit.compare import topic_share

    say, table = Labels("page", lang), topic_share(topics, by=by)
    units = topics.units
    texts = units.groupby(by)["doc_id"].nunique()
    most = max(table.to_numpy().max(), 1e-9)
    rows = []
    for group, shares in zip(table.index, table.to_numpy(), strict=True):
        name = Value(by, group, units).said(lang)
        cells = [
            {
                "percent": f"{100 * x:.0f}",
                "depth": 0.55 * x / most,
                "to": urlencode({"topic": k, f"by.{by}": visible(name, 40)}) if linked else "",
                "focus": {"topic": k, "group": {by: values_of(group)}},
            }
            for k, x in enumerate(shares, 1)
        ]
        rows.append([name, int(texts[group]), *cells])
    head = [say.get(by, by), say["texts"], *topics.names]
    return _filled("explore/table.html", head=head, rows=rows, caption=say["by_note"], named=True)


def _source(unit: Any) -> str:
    """Return where a passage stands, as a reader knows it: not by the ids of the corpus."""
    told = [str(unit[c]) for c in _SOURCE if c in unit and pd.notna(unit[c]) and unit[c]]
    return " · ".join(told) or str(unit["doc_id"])


def _evidence(
    topics: Topics, quoted: pd.DataFrame, ranked: Iterable[str], lang: Language, texts: bool
) -> str:
    """Return what page.js shows of every passage, as JSON: what it is behind is its rows' mean.

    A row is the number of the text, the place, the value of each column, the share of each topic
    in thousandths (nothing, if the passage holds no term), its text, if that may be told, and
    which of the `ranked` terms it holds.
    """
    shown = np.flatnonzero(np.isin(topics.terms, [*ranked]))
    held = topics.matrix.counts[:, shown].tolil().rows
    units = topics.units
    said = {
        c: {v: visible(Value(c, v, units).said(lang), 40) for v in units[c].dropna().unique()}
        for c in columns(units)
    }
    shares = np.rint(1000 * topics.doc_topic).astype(int)
    known = dict(zip(quoted["unit_id"], quoted["passage"], strict=True))
    rows = [
        [
            int(text),
            visible(_source(unit), 300),
            [said[c].get(unit[c], "") for c in said],
            row.tolist() if row.any() else [],
            visible(unit["text"] if texts else known.get(unit_id, "")),
            terms,
        ]
        for (unit_id, unit), text, row, terms in zip(
            units.iterrows(), pd.factorize(units["doc_id"])[0], shares, held, strict=True
        )
    ]
    columns_ = [[f"by.{c}", sorted({*values.values()})] for c, values in said.items()]
    said_terms = [visible(term, 40) for term in topics.terms[shown]]
    return json.dumps([columns_, said_terms, rows], ensure_ascii=False, separators=(",", ":"))


def _topics(topics: Topics, quoted: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the page shows of each topic; page.js ranks its terms anew."""
    terms = relevant_terms(topics, relevance=1.0, n=_SHOWN)
    return [
        {
            **{str(column): value for column, value in row.items()},
            "name": f"{row['topic']} {title}",
            "title": title,
            "percent": f"{row['share']:.0%}",
            "terms": bars(terms[terms["topic"] == row["topic"]]),
            "passages": quotes(quoted[quoted["topic"] == row["topic"]]),
        }
        for row, title in zip(circles(topics).to_dict("records"), topics.titles, strict=True)
    ]


def _ranked(topics: Topics) -> pd.DataFrame:
    """Return the terms of each topic that stand among the first at some relevance."""
    tables = [relevant_terms(topics, relevance=step / 10, n=_SHOWN) for step in range(11)]
    return pd.concat(tables).drop_duplicates(["topic", "term"])


def _terms(table: pd.DataFrame, k: int) -> list[list[list[object]]]:
    found: list[list[list[object]]] = [[] for _ in range(k)]
    for topic, term, weight, lift in table[["topic", "term", "weight", "lift"]].itertuples(
        index=False, name=None
    ):
        found[topic - 1].append([visible(term, 40), float(f"{weight:.8g}"), float(f"{lift:.8g}")])
    return found


def _card(topics: Topics, card: ReportCard | None, say: Labels) -> tuple[str, list[str]]:
    """Return the report card as a table, and what is to be said of it."""
    if card is None:
        table = topic_quality(topics).assign(name=topics.titles)
        notes = [say["no_stability"]]
    else:
        table, notes = card.topics, [f"{name}: {told}" for name, told in card.summary.items()]
    kept = table[[column for column in _CARD if column in table]]
    head, rows = [say[f"c_{column}"] for column in kept], kept.astype(object).to_numpy().tolist()
    return _filled("explore/table.html", head=head, rows=rows, caption="", named=False), notes


def _downloads(topics: Topics, quoted: pd.DataFrame) -> list[tuple[str, str]]:
    units = topics.units.drop_duplicates("doc_id").set_index("doc_id")
    known = [c for c in dict.fromkeys(("title", *USUAL, *columns(topics.units))) if c in units]
    shares = topics.doc_topics(by="doc_id").round(4)
    tables = {
        "terms.csv": relevant_terms(topics, relevance=1.0, n=50).round(6),
        "shares.csv": units[known].join(shares, how="inner").reset_index(),
        "passages.csv": quoted.drop(columns=["html", "cited"]).round(4),
    }
    texts = {name: csv_text(table, bom=True).encode() for name, table in tables.items()}
    return [(name, base64.b64encode(text).decode()) for name, text in texts.items()]


def _code(topics: Topics) -> str:
    try:
        return topics.to_code()
    except TypeError as error:
        return f"# {error}"


def _json(value: object) -> str:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)
