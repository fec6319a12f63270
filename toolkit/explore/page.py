"""The page to share: topics, their words and passages, in one file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.explore.decisions import write_aside
from toolkit.explore.labels import Language, labels
from toolkit.explore.map import circles
from toolkit.explore.shown import excerpt, marked, marks_of, plain, shown
from toolkit.recipe import versions
from toolkit.topics import ReportCard, Topics, relevant_terms, topic_quality

_SHOWN = 15  # terms of a topic; as many in page.js
_LONGEST = 700  # characters of a passage
_BY = ("city", "year", "kind", "region")
_SOURCE = ("title", "city", "year", "section")
_SVG = 400


def topic_page(
    topics: Topics,
    path: str | Path,
    *,
    title: str | None = None,
    card: ReportCard | None = None,
    passages: int = 6,
    lang: Language = "zh",
) -> Path:
    """Write topics as one HTML page: no network, no kernel, no Chinese font needed.

    The page holds a map of the topics, their terms with a slider for relevance, passages
    with the words that speak for the topic highlighted, the share by city and year, a
    report card, the data, and how all was made. It prints whole.

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

    path, say = Path(path), labels("page", lang)
    title = title or say["title"].format(k=topics.k)
    rows = _passages(topics, passages)
    script = files("toolkit.explore").joinpath("page.js").read_text("utf-8")
    style = files("toolkit.explore").joinpath("page.css").read_text("utf-8")
    body = "\n".join(
        [
            f"<header><h1>{shown(title)}</h1>{_facts(topics, say)}</header>",
            f'<main><div class="split"><div class="side">{_map(topics, say)}</div>',
            f"<div>{_tools(say)}{_sections(topics, rows, say)}</div></div>",
            *(_shares(topics, by, lang) for by in _BY if _varies(topics, by)),
            _card(topics, card, say),
            _downloads(topics, rows, say),
            _method(topics, say),
            "</main>",
        ]
    )
    terms = _json(_terms(topics))
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _PAGE.format(
        lang={"zh": "zh-CN", "en": "en"}[lang],
        policy=f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; "
        "font-src data:; base-uri 'none'; form-action 'none'",
        title=shown(title),
        font=embedded_font(body + terms + script),
        style=style,
        body=body,
        terms=terms,
        script=script,
        made=shown(", ".join(f"{name} {version}" for name, version in versions().items())),
    )
    write_aside(path, page)
    return path


def _facts(topics: Topics, say: dict[str, str]) -> str:
    texts = topics.units["doc_id"].nunique()
    units, empty = len(topics.units), int((~topics.filled).sum())
    facts = say["facts"].format(texts=texts, units=units, terms=len(topics.terms))
    facts += say["empty"].format(n=empty) if empty else ""
    return f'<p class="note">{facts}</p>'


def _map(topics: Topics, say: dict[str, str]) -> str:
    table, names = circles(topics), [shown(name, 60) for name in topics.names]
    drawn, links = [], []
    for topic, x, y, radius, share in table.itertuples(index=False, name=None):
        name = names[topic - 1]
        drawn.append(
            f'<a href="#topic-{topic}" data-topic="{topic}" aria-label="{name}">'
            f"<title>{name} · {share:.0%}</title>"
            f'<circle cx="{x * _SVG:.1f}" cy="{(1 - y) * _SVG:.1f}" r="{radius * _SVG:.1f}"/>'
            f'<text x="{x * _SVG:.1f}" y="{(1 - y) * _SVG:.1f}">{topic}</text></a>'
        )
        links.append(
            f'<li><a href="#topic-{topic}" data-topic="{topic}"><bdi>{name}</bdi>'
            f"<span>{share:.0%}</span></a></li>"
        )
    return (
        f'<h2>{say["map"]}</h2><svg viewBox="0 0 {_SVG} {_SVG}" role="group" '
        f'aria-label="{say["map_alt"]}">{"".join(drawn)}</svg>'
        f'<p class="note">{say["map_note"]}</p><nav aria-label="{say["topics"]}">'
        f'<ol class="list">{"".join(links)}</ol></nav>'
    )


def _tools(say: dict[str, str]) -> str:
    return (
        f'<div class="tools" hidden><label for="relevance">{say["relevance"]} λ = '
        '<output id="lambda">1.0</output></label>'
        '<input id="relevance" type="range" min="0" max="1" step="0.1" value="1">'
        f'<label><input id="all" type="checkbox"> {say["all"]}</label></div>'
        f'<p class="note">{say["relevance_note"]}</p>'
    )


def _sections(topics: Topics, passages: pd.DataFrame, say: dict[str, str]) -> str:
    share = topics.shares
    sections = []
    for topic, name in enumerate(topics.names, 1):
        title = name.split(" ", 1)[1]
        own = passages[passages["topic"] == topic]
        quotes = "".join(
            f"<blockquote><p>{html}</p><footer>{source}</footer></blockquote>"
            for html, source in zip(own["html"], own["cited"], strict=True)
        )
        sections.append(
            f'<section class="topic" id="topic-{topic}" aria-labelledby="h-{topic}">'
            f'<h2 id="h-{topic}">{say["topic"]} {topic}　<bdi>{shown(title, 60)}</bdi> '
            f"({share[topic]:.0%})</h2>"
            f"<h3>{say['terms']}</h3>{_bars(topics, topic)}"
            f"<h3>{say['passages']}</h3>{quotes}</section>"
        )
    return "\n".join(sections)


def _bars(topics: Topics, topic: int) -> str:
    """Return the heaviest terms; page.js ranks them anew."""
    table = _ranked(topics, 1.0, _SHOWN)
    table = table[table["topic"] == topic]
    widest = table["weight"].max()
    bars = "".join(
        f'<li><bdi>{shown(term, 40)}</bdi><span class="track"><i style="width:'
        f'{100 * weight / widest:.1f}%"></i></span>'
        f'<span class="value">{100 * weight:.2f}% · ×{lift:.1f}</span></li>'
        for term, weight, lift in table[["term", "weight", "lift"]].itertuples(index=False)
    )
    return f'<ol class="bars">{bars}</ol>'


def _ranked(topics: Topics, relevance: float, n: int) -> pd.DataFrame:
    return relevant_terms(topics, relevance=relevance, n=n)


def _terms(topics: Topics) -> list[list[list[object]]]:
    """Return the terms of each topic that stand among the first at some relevance."""
    tables = [_ranked(topics, step / 10, _SHOWN) for step in range(11)]
    table = pd.concat(tables).drop_duplicates(["topic", "term"])
    found: list[list[list[object]]] = [[] for _ in range(topics.k)]
    for topic, term, weight, lift in table[["topic", "term", "weight", "lift"]].itertuples(
        index=False, name=None
    ):
        found[topic - 1].append([plain(term, 40), float(f"{weight:.5g}"), float(f"{lift:.4g}")])
    return found


def _passages(topics: Topics, n: int) -> pd.DataFrame:
    """Return the top passages with their HTML and where they are from."""
    table = topics.top_passages(n)
    rows = topics.units.index.get_indexer(pd.Index(table["unit_id"]))
    html, cited, quoted = [], [], []
    for row, topic, share in zip(rows, table["topic"], table["share"], strict=True):
        unit = topics.units.iloc[row]
        marks = marks_of(topics, int(row), int(topic))
        start, end = excerpt(unit["text"], marks, _LONGEST)
        lead = "…" if start else ""
        html.append(lead + marked(unit["text"], marks, start, end))
        quoted.append(unit["text"][start:end])
        source = [str(unit[c]) for c in _SOURCE if c in unit and pd.notna(unit[c]) and unit[c]]
        cited.append(f"{shown(' · '.join(source) or unit['doc_id'], 300)} · {share:.0%}")
    return table.assign(html=html, cited=cited, passage=quoted)


def _varies(topics: Topics, by: str) -> bool:
    return by in topics.units and len(topics.units[by].dropna().unique()) > 1


def _shares(topics: Topics, by: str, lang: Language) -> str:
    say = labels("page", lang)
    return f"<h2>{say['by'].format(by=say[by])}</h2>{share_table(topics, by, lang)}"


def share_table(topics: Topics, by: str, lang: Language) -> str:
    """Return the shares of the topics in each group as an HTML table, the larger the darker.

    Parameters
    ----------
    topics : Topics
    by : column of the units
    lang : {"zh", "en"}
    """
    from toolkit.compare import topic_share
    from toolkit.say import Value

    say = labels("page", lang)
    table = topic_share(topics, by=by)
    texts = topics.units.groupby(by)["doc_id"].nunique()
    most = table.to_numpy().max()
    called = [Value(by, group, topics.units).said(lang) for group in table.index]
    head = "".join(f'<th scope="col"><bdi>{shown(name, 30)}</bdi></th>' for name in topics.names)
    body = "".join(
        f'<tr><th scope="row"><bdi>{shown(name, 40)}</bdi></th>'
        f'<td class="n">{texts[group]}</td>'
        + "".join(_shade(share, most) for share in row)
        + "</tr>"
        for name, group, row in zip(called, table.index, table.to_numpy(), strict=True)
    )
    return (
        f'<div class="table"><table><caption>{say["by_note"]}</caption><thead><tr>'
        f'<th scope="col">{say.get(by, by)}</th><th scope="col">{say["texts"]}</th>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _shade(share: float, most: float) -> str:
    """Return a cell, the darker the larger its share, and dark text on all of them."""
    alpha = 0.55 * share / max(most, 1e-9)
    return f'<td class="n" style="background:rgba(68,119,170,{alpha:.2f})">{100 * share:.0f}</td>'


def _card(topics: Topics, card: ReportCard | None, say: dict[str, str]) -> str:
    if card is None:
        table = topic_quality(topics).assign(name=[n.split(" ", 1)[1] for n in topics.names])
        note = say["no_stability"]
    else:
        table = card.topics
        note = "<br>".join(f"{shown(k)}: {shown(v)}" for k, v in card.summary.items())
    columns = ["topic", "name", "share", "stability", "low", "high", "null", "above"]
    columns = [c for c in [*columns, "npmi", "support", "exclusivity"] if c in table]
    head = "".join(f'<th scope="col">{say.get(f"c_{c}", c)}</th>' for c in columns)
    body = "".join(
        "<tr>" + "".join(_cell(v) for v in row) + "</tr>"
        for row in table[columns].itertuples(index=False, name=None)
    )
    return (
        f'<h2>{say["card"]}</h2><div class="table"><table><thead><tr>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><p class="note">{note}</p>'
    )


def _cell(value: object) -> str:
    if isinstance(value, (float, np.floating)):
        return f'<td class="n">{"" if np.isnan(value) else f"{value:.2f}"}</td>'
    if isinstance(value, (bool, np.bool_)):
        return f"<td>{'✓' if value else '—'}</td>"
    return f"<td><bdi>{shown('' if value is pd.NA else value, 60)}</bdi></td>"


def _downloads(topics: Topics, passages: pd.DataFrame, say: dict[str, str]) -> str:
    from toolkit.files import csv_text

    units = topics.units.drop_duplicates("doc_id").set_index("doc_id")
    known = [c for c in ("title", "city", "region", "year", "kind") if c in units]
    shares = topics.doc_topics(by="doc_id").round(4)
    tables = {
        "terms.csv": _ranked(topics, 1.0, 50).round(6),
        "shares.csv": units[known].join(shares, how="inner").reset_index(),
        "passages.csv": passages.drop(columns=["html", "cited"]).round(4),
    }
    links = []
    for name, table in tables.items():
        data = base64.b64encode(csv_text(table, bom=True).encode("utf-8", "replace")).decode()
        links.append(
            f'<a download="{name}" href="data:text/csv;charset=utf-8;base64,{data}">'
            f"{say[name]} ({name})</a>"
        )
    return f'<h2>{say["data"]}</h2><p class="downloads">{"".join(links)}</p>'


def _method(topics: Topics, say: dict[str, str]) -> str:
    try:
        code = topics.to_code()
    except TypeError as error:
        code = f"# {error}"
    facts = [
        f"{step.call}: {k} {v[:16]}…" for step in topics.recipe.steps for k, v in step.data.items()
    ]
    return (
        f"<h2>{say['method']}</h2><p>{say['method_note']}</p><h3>{say['code']}</h3>"
        f"<pre>{shown(code, 50_000)}</pre>"
        f'<p class="note">SHA-256 {topics.fingerprint}<br>{shown("; ".join(facts))}</p>'
    )


def _json(value: object) -> str:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)


_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@font-face {{ font-family: "Page Sans"; src: url(data:font/woff2;base64,{font}) format("woff2"); }}
{style}</style>
</head>
<body>
{body}
<footer>{made}</footer>
<script type="application/json" id="terms">{terms}</script>
<script>{script}</script>
</body>
</html>
"""
