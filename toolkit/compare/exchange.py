"""Networks of words in the files of other programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.compare.networks import WordNetwork, graph_of
from toolkit.files import guarded, rounded, whole_folder, write_csv, write_text
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    from networkx import Graph

# What XML cannot hold, what ends a line or a cell.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


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

    Raises
    ------
    FileExistsError
        If the folder holds anything.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import Corpus, segment
    >>> from toolkit.compare import word_network
    >>> network = word_network(segment(Corpus.sample()), n=20, permutations=20)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = save_network(network, Path(place, "network"))
    ...     sorted(path.suffix for path in folder.iterdir())
    ['.clu', '.csv', '.csv', '.csv', '.gexf', '.graphml', '.net', '.txt', '.txt', '.xlsx']
    """
    import networkx as nx

    check_kind(network, WordNetwork, "save_network")
    names = {term: _CONTROL.sub(" ", str(term)) for term in network.nodes.index}
    nodes = rounded(network.nodes.rename(names)).rename_axis("term")
    edges = rounded(network.edges.replace({"source": names, "target": names}))
    graph = graph_of(nodes, edges)
    with whole_folder(folder) as aside:
        nx.write_graphml(graph, aside / "network.graphml", named_key_ids=True)
        nx.write_gexf(_labelled(graph), aside / "network.gexf")
        for name, text in {**_pajek(nodes, edges), **_vosviewer(nodes, edges)}.items():
            write_text(aside / name, text)
        tables = {"nodes": nodes, "edges": edges, "matrix": network.matrix.rename(names, axis=0)}
        tables["matrix"] = tables["matrix"].rename(names, axis=1).rename_axis("term")
        for name, table in tables.items():
            write_csv(table, aside / f"{name}.csv")
        write_sheets(tables, aside / "network.xlsx")
    return Path(folder)


def write_sheets(tables: Mapping[str, pd.DataFrame], path: str | Path) -> None:
    """Write tables as the sheets of a workbook of Excel; no text of them is a formula."""
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in tables.items():
            flat = table if isinstance(table.index, pd.RangeIndex) else table.reset_index()
            flat = flat.map(_cell)
            flat.columns = [_cell(str(column)) for column in flat.columns]
            flat.to_excel(book, sheet_name=name, index=False)


def _cell(value: Any) -> Any:
    """Return what a cell of Excel may hold."""
    return guarded(_ILLEGAL.sub(" ", value)) if isinstance(value, str) else value


_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _labelled(graph: Graph[str]) -> Graph[str]:
    """Return the graph with the labels that GEXF shows."""
    labelled = graph.copy()
    for term, held in labelled.nodes(data=True):
        held["label"] = term
    return labelled


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
