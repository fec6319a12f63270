"""Networks, tokens and tables in the files of other programs, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit import files
from toolkit.compare.counts import unit_of
from toolkit.compare.networks import WordNetwork
from toolkit.corpus import Corpus
from toolkit.recipe import check_kind
from toolkit.segmentation import Tokens

_ROWS, _COLUMNS = 1_048_575, 16_384  # of a sheet of Excel, but for its head
# What neither XML nor Excel can hold.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")


def save_network(network: WordNetwork, folder: str | Path) -> Path:
    """Write a network for Gephi, Pajek, Ucinet, VOSviewer, and spreadsheets.

    Parameters
    ----------
    network : WordNetwork
    folder : path
        New or empty. It will hold ``network.graphml`` (Gephi, igraph, networkx, Cytoscape),
        ``network.gexf`` (Gephi), ``network.net`` and ``communities.clu`` (Pajek, Ucinet),
        ``vosviewer-map.txt`` and ``vosviewer-network.txt`` (VOSviewer: Create, based on
        network data), ``nodes.csv``, ``edges.csv``, ``matrix.csv`` (the weights as a
        square; Ucinet, SPSS), and all three tables as ``network.xlsx``.

    Returns
    -------
    Path
        The folder.
    """
    import networkx as nx

    check_kind(network, WordNetwork, "save_network")
    names = {term: " ".join(plain_text(str(term)).split()) for term in network.nodes.index}
    nodes = files.rounded(network.nodes.rename(names)).rename_axis("term")
    edges = files.rounded(network.edges.replace({"source": names, "target": names}))
    named = replace(network, nodes=nodes.assign(label=nodes.index), edges=edges)
    tables = {"nodes": nodes, "edges": edges, "matrix": named.matrix.rename_axis("term")}
    with files.whole_folder(folder) as aside:
        nx.write_graphml(named.graph, aside / "network.graphml", named_key_ids=True)
        nx.write_gexf(named.graph, aside / "network.gexf")
        for name, text in (_pajek(nodes, edges) | _vosviewer(nodes, edges)).items():
            files.write_text(aside / name, text)
        for name, table in tables.items():
            files.write_csv(table, aside / f"{name}.csv")
        write_sheets(tables, aside / "network.xlsx")
    return Path(folder)


def plain_text(value: Any) -> Any:
    """Return text without what XML and Excel cannot hold."""
    return _ILLEGAL.sub(" ", value) if isinstance(value, str) else value


def write_sheets(tables: Mapping[str, pd.DataFrame], path: str | Path) -> None:
    """Write tables as the sheets of a workbook of Excel; no text of them is a formula."""
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in tables.items():
            flat = table if isinstance(table.index, pd.RangeIndex) else table.reset_index()
            flat = flat.map(plain_text).map(files.guarded)
            flat.columns = [files.guarded(plain_text(str(column))) for column in flat.columns]
            flat.to_excel(book, sheet_name=name, index=False)


def _pajek(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, str]:
    """Return the network and the partition of Pajek, whose labels cannot hold a quote."""
    number = {term: i for i, term in enumerate(nodes.index, 1)}
    lines = [f"*Vertices {len(nodes)}", *(f'{i} "{_unquoted(t)}"' for t, i in number.items())]
    pairs = edges[["source", "target", "weight"]].itertuples(index=False, name=None)
    lines += ["*Edges", *(f"{number[a]} {number[b]} {weight:.8g}" for a, b, weight in pairs)]
    partition = [f"*Vertices {len(nodes)}", *map(str, nodes["community"])]
    return {"network.net": _lines(lines), "communities.clu": _lines(partition)}


def _vosviewer(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, str]:
    """Return the map and the network of VOSviewer, its cells between tabs."""
    weights = ["count", "degree", "strength"]
    number = {term: i for i, term in enumerate(nodes.index, 1)}
    head = ["id", "label", "cluster", *(f"weight<{name}>" for name in weights)]
    rows = [head]
    for (term, i), row in zip(number.items(), nodes.to_dict("records"), strict=True):
        # A word of no community is none to VOSviewer, whose clusters begin with 1.
        own = [str(i), _unquoted(term), str(row["community"] or "")]
        rows.append([*own, *(f"{row[name]:.8g}" for name in weights)])
    pairs = edges[["source", "target", "weight"]].itertuples(index=False, name=None)
    links = [[str(number[a]), str(number[b]), f"{weight:.8g}"] for a, b, weight in pairs]
    tables = {"vosviewer-map.txt": rows, "vosviewer-network.txt": links}
    return {name: _lines(["\t".join(row) for row in table]) for name, table in tables.items()}


def _unquoted(term: object) -> str:
    """Return a label as it may stand between double quotes, which these formats cannot escape."""
    return str(term).replace('"', "'")


def _lines(lines: list[str]) -> str:
    """Return lines with the mark by which programs of Windows know UTF-8."""
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def save_tokens(tokens: Tokens, path: str | Path) -> Path:
    """Write tokens as a table with a row for each, or as CoNLL-U.

    Parameters
    ----------
    tokens : Tokens
    path : path
        Ends in ``.csv``, ``.parquet`` (needs pyarrow, of the extra ``ingest``), ``.xlsx`` or
        ``.conllu``. The columns of a table are ``unit_id``, ``sentence``, ``word``,
        ``start``, ``end`` (in characters, in the text of the unit).

    Returns
    -------
    Path
    """
    table = pd.DataFrame({"unit_id": tokens.units.index.to_numpy()[unit_of(tokens)]})
    first = pd.Series(tokens.sentences).groupby(unit_of(tokens)).transform("min")
    table["sentence"] = tokens.sentences - first + 1
    table["word"] = tokens.vocabulary[tokens.codes]
    table["start"], table["end"] = tokens.spans.T
    if Path(path).suffix != ".conllu":
        return write_table(table, path)
    lines: list[str] = []
    texts, before = tokens.units["text"].to_dict(), None
    for (name, number), part in table.groupby(["unit_id", "sentence"], sort=False):
        if name != before:
            lines.append(f"# newdoc id = {name}")
        before = name
        lines.append(f"# sent_id = {name}-{number}")
        rows = part[["word", "start", "end"]].itertuples(index=False, name=None)
        for i, (word, start, end) in enumerate(rows, 1):
            form = " ".join(texts[name][start:end].split()) or word
            place = f"StartChar={start}|EndChar={end}"
            lines.append("\t".join([str(i), form, word, *"______", place]))
        lines.append("")
    files.write_text(path, "\n".join([*lines, ""]))
    return Path(path)


def load_tokens(path: str | Path, corpus: Corpus) -> Tokens:
    """Read tokens that `save_tokens`, or another tool in its form, has written.

    Parameters
    ----------
    path : path
    corpus : Corpus
        The texts that were cut; units without a word are not in the file.

    Returns
    -------
    Tokens

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import segment
    >>> corpus = Corpus.from_texts({"a": "城市治理要精细", "b": "社区共治"})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     load_tokens(save_tokens(segment(corpus), Path(place, "t.conllu")), corpus)["a"]
    ['城市', '治理', '精细']
    """
    table = _conllu(path) if Path(path).suffix == ".conllu" else read_table(path)
    row = corpus.units.index.get_indexer(pd.Index(table["unit_id"].astype(str)))
    spans = table[["start", "end"]].to_numpy().astype(np.int32).reshape(-1, 2)
    length = corpus.units["text"].str.len().to_numpy()
    outside = (row >= 0) & ((spans[:, 0] < 0) | (spans[:, 1] > length[row]))
    problems = [f"{name!r} is no unit of the corpus" for name in {*table["unit_id"][row < 0]}]
    problems += [f"words of {n!r} stand outside its text" for n in {*table["unit_id"][outside]}]
    if problems:
        raise ValueError(f"{path}: {'; '.join(sorted(problems))}")
    order = np.lexsort((spans[:, 0], row))
    vocabulary, codes = np.unique(table["word"].to_numpy(dtype=object)[order], return_inverse=True)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(corpus.units)))])
    return Tokens(vocabulary, codes.astype(np.int32), offsets, spans[order], corpus.units)


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as its path ends: .csv, .parquet, .xlsx; no text of it is a formula."""
    ending = _ending(path)
    if ending == "xlsx" and (len(table) > _ROWS or len(table.columns) > _COLUMNS):
        raise ValueError(f"{table.shape} is more than a sheet of Excel has; write .parquet or .csv")
    with files.whole_file(path) as aside:
        if ending == "csv":
            files.write_csv(table, aside, exact=True)
        elif ending == "xlsx":
            write_sheets({"table": table}, aside)
        else:
            table.to_parquet(aside, index=False)
    return Path(path)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read what `write_table` has written; all of a .csv or .xlsx is text."""
    if (ending := _ending(path)) == "csv":
        return files.read_csv(path, strip=False).reset_index(drop=True)
    if ending == "parquet":
        return pd.read_parquet(path)
    table = pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    return table.map(files.unguarded).rename(columns=files.unguarded)


def _ending(path: str | Path) -> str:
    if (ending := Path(path).suffix[1:]) not in ("csv", "parquet", "xlsx"):
        raise ValueError(
            f"{path} must end in .csv, .parquet, .xlsx (tokens: .conllu), not {ending!r}"
        )
    return ending


def _conllu(path: str | Path) -> pd.DataFrame:
    """Return the words of CoNLL-U with their places."""
    rows, unit = [], ""
    for line in files.read_text(path).split("\n"):
        if line.startswith("# newdoc id = "):
            unit = line.removeprefix("# newdoc id = ").strip()
        elif len(cells := line.split("\t")) == 10 and cells[0].isdigit():
            place = dict(pair.split("=", 1) for pair in cells[9].split("|") if "=" in pair)
            if {"StartChar", "EndChar"} - {*place}:
                raise ValueError(f"{path}: {line!r} has no StartChar and EndChar in its MISC")
            word = cells[1] if cells[2] == "_" else cells[2]
            rows.append((unit, word, int(place["StartChar"]), int(place["EndChar"])))
    return pd.DataFrame(rows, columns=["unit_id", "word", "start", "end"])
