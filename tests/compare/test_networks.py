"""Co-word networks: matrix, edges above chance, measures, clusters, themes, other programs."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from toolkit import Corpus, Tokens, cooccurrence
from toolkit.compare import (
    WordNetwork,
    association,
    cluster_words,
    cooccurrence_matrix,
    save_network,
    word_network,
)
from toolkit.compare.counts import Places
from toolkit.compare.networks import _measured, false_discovery
from toolkit.files import read_csv


def lists(rows):
    """Return tokens of words that stand apart by spaces: a row is a sentence of its own text."""
    return Tokens.from_lists({str(i): row.split() for i, row in enumerate(rows)})


@pytest.fixture(scope="module")
def planted():
    """Thirty texts of ten sentences: a and b meet, c and d too; the others by chance alone."""
    rng = np.random.default_rng(3)
    texts = {}
    for i in range(30):
        sentences = []
        for _ in range(10):
            words = rng.choice([*"ghijklmnop"], 4, replace=False).tolist()
            words += (
                ["a", "b"] if rng.random() < 0.15 else ["c", "d"] if rng.random() < 0.15 else []
            )
            sentences.append(" ".join(f"word{w}" for w in words))
        texts[f"t{i}"] = "。".join(sentences) + "。"
    corpus = Corpus.from_texts(texts)
    words = {i: re.findall(r"word\w", text) for i, text in corpus.units["text"].items()}
    return Tokens.from_lists(words, corpus=corpus)


@pytest.fixture(scope="module")
def network(planted):
    return word_network(planted)


def test_measures_of_a_worked_example():
    # Two words in 4 and 9 of 36 places, together in 3: by hand from the definitions of
    # Ochiai (1957), Jaccard and Callon et al. (1991).
    (row,) = association(3, 4, 9, 36).itertuples()
    assert row.ochiai == pytest.approx(3 / 6)
    assert row.jaccard == pytest.approx(3 / 10)
    assert row.equivalence == pytest.approx(9 / 36)
    assert row.npmi == pytest.approx(np.log(3 * 36 / 36) / -np.log(3 / 36))
    assert association(0, 4, 9, 36)["npmi"].tolist() == [-1.0]


def test_matrix_is_symmetric_and_agrees_with_the_pairs(tokens):
    for measure in ("ochiai", "jaccard", "equivalence", "npmi", "count"):
        table = cooccurrence_matrix(tokens, n=12, measure=measure)
        assert table.index.equals(table.columns)
        np.testing.assert_allclose(table, table.T)
        for row in cooccurrence(tokens, n=12, min_count=1).head(20).to_dict("records"):
            assert table.loc[row["source"], row["target"]] == pytest.approx(row[measure])
    assert table.loc[table.index[0], table.index[0]] == table.to_numpy().max()


def test_a_window_is_a_place():
    tokens = lists(["a b c d", "b"])
    # abc bcd, and b alone.
    counts = cooccurrence_matrix(tokens, [*"abcd"], within=3, measure="count")
    assert counts.loc["b"].to_dict() == {"a": 1, "b": 3, "c": 2, "d": 1}
    assert counts.loc["a", "d"] == 0
    assert Places.of(tokens, 3).n == 3
    with pytest.raises(ValueError, match="a window of 2 words or more, not 1"):
        cooccurrence(tokens, within=1)
    with pytest.raises(ValueError, match="not 'chapter'"):
        word_network(tokens, within="chapter")


@given(
    st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=7), min_size=1, max_size=4),
    st.integers(2, 5),
)
def test_windows_are_those_that_one_would_list(rows, size):
    tokens = lists([" ".join(row) for row in [*rows, ["a", "b"]]])
    held = Places.of(tokens, size).hold(tokens.codes, len(tokens.vocabulary)).toarray()
    expected = [
        {*row[i : i + size]}
        for row in [*rows, ["a", "b"]]
        if row
        for i in range(max(1, len(row) - size + 1))
    ]
    assert [{tokens.vocabulary[j] for j in np.flatnonzero(row)} for row in held] == expected


def test_only_what_was_planted_is_an_edge(network):
    found = {frozenset(pair) for pair in network.edges[["source", "target"]].to_numpy()}
    assert found == {frozenset({"worda", "wordb"}), frozenset({"wordc", "wordd"})}
    assert network.edges["q"].max() <= 0.05
    assert network.tested == "documents"
    joined = network.nodes["community"]
    assert joined["worda"] == joined["wordb"] != joined["wordc"] == joined["wordd"]
    assert (joined.drop(["worda", "wordb", "wordc", "wordd"]) == 0).all()
    assert network.to_code().endswith("network = word_network(tokens)") or network.recipe


def test_a_pair_that_one_text_repeats_is_no_edge():
    """Twenty sentences of one text say nothing of the others, as sentences of their own would."""
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(12)]
    texts = {f"t{i}": [*rng.choice(words, 80)] for i in range(20)}
    text = {
        i: "。".join(" ".join(own[k : k + 4]) for k in range(0, 80, 4)) for i, own in texts.items()
    }
    text["t0"] += "。u v" * 20
    corpus = Corpus.from_texts(text)
    tokens = Tokens.from_lists({i: re.findall(r"\w+", t) for i, t in text.items()}, corpus=corpus)
    assert len(word_network(tokens).edges) == 0
    split = corpus.split("sentence")
    apart = Tokens.from_lists(
        {i: re.findall(r"\w+", t) for i, t in split.units["text"].items()}, corpus=split
    )
    assert apart.units["doc_id"].nunique() == 20
    assert len(word_network(apart).edges) == 0


def test_noise_gives_an_edge_seldom():
    rng = np.random.default_rng(1)
    some = 0
    for seed in range(20):
        rows = [" ".join(rng.choice([*"abcdefgh"], 5)) for _ in range(60)]
        some += len(word_network(lists(rows), within=3, permutations=25, seed=seed).edges) > 0
    assert some <= 4  # 5% of 20 is 1; more than 4 has p < .003


def test_of_few_texts_the_passages_change_places():
    rows = ["a b。c d。a b。d e。c e"] * 6
    corpus = Corpus.from_texts({"x": "\n\n".join(rows)}).split("paragraph")
    words = {i: re.findall(r"\w", text) for i, text in corpus.units["text"].items()}
    tokens = Tokens.from_lists(words, corpus=corpus)
    with pytest.raises(ValueError, match=r"6 units are too few .* split the corpus"):
        word_network(tokens)
    rows = [f"{rows[0]}。{'f' * i} g" for i in range(12)]
    many = Corpus.from_texts({"x": "\n\n".join(rows)}).split("paragraph")
    words = {i: re.findall(r"\w+", text) for i, text in many.units["text"].items()}
    assert word_network(Tokens.from_lists(words, corpus=many)).tested == "units"


# Zachary (1977), weighted by the number of the edge: the values are those of python-igraph 1.0
# (degree, strength, betweenness and closeness as there; both normalised).
CLUB = nx.karate_club_graph()
IGRAPH = {
    0: (16, (136, 0.437635, 0.568966)),
    33: (17, (1023, 0.304075, 0.55)),
    11: (1, (10, 0.0, 0.366667)),
}


def test_measures_are_those_of_igraph():
    edges = pd.DataFrame(CLUB.edges, columns=["source", "target"])
    edges["weight"] = np.arange(1.0, len(edges) + 1)
    nodes, modularity = _measured(pd.DataFrame(index=pd.Index(CLUB.nodes)), edges, 0)
    for node, (degree, (strength, betweenness, closeness)) in IGRAPH.items():
        row = nodes.loc[node]
        assert (row["degree"], row["strength"]) == (degree, strength)
        assert row["betweenness"] == pytest.approx(betweenness, abs=1e-6)
        assert row["closeness"] == pytest.approx(closeness, abs=1e-6)
    assert modularity == pytest.approx(igraph_modularity(edges, nodes["community"]))


def igraph_modularity(edges, community):
    """Newman (2004), equation 1, by the sums of weights: what igraph computes."""
    total = edges["weight"].sum()
    ends = edges.assign(a=edges["source"].map(community), b=edges["target"].map(community))
    inside = ends[ends["a"] == ends["b"]].groupby("a")["weight"].sum() / total
    strength = pd.concat([ends.set_index("a")["weight"], ends.set_index("b")["weight"]])
    share = strength.groupby(level=0).sum() / (2 * total)
    return float(inside.sum() - (share**2).sum())


def test_themes_are_those_of_callon():
    # Two triangles with equivalences .3, .2, .1 and .4, .4, .4, joined by one edge of .05, and a
    # pair apart: density 100 × the sum inside / words, centrality 10 × the sum across.
    pairs = [(*"ab", 0.3), (*"bc", 0.2), (*"ac", 0.1), (*"de", 0.4), (*"ef", 0.4), (*"df", 0.4)]
    pairs += [(*"cd", 0.05), (*"gh", 0.2)]
    edges = pd.DataFrame(pairs, columns=["source", "target", "equivalence"])
    edges["weight"] = edges["equivalence"]
    nodes = pd.DataFrame({"count": 1}, pd.Index([*"abcdefghi"], name="term"))
    nodes, modularity = _measured(nodes, edges, 0)
    themes = WordNetwork(nodes, edges, modularity, "equivalence", "", nodes).themes(n=2)
    assert themes["name"].tolist() == ["b·a", "d·e", "g·h"]
    assert themes["density"].tolist() == pytest.approx([20, 40, 10])
    assert themes["centrality"].tolist() == pytest.approx([0.5, 0.5, 0])
    assert themes["words"].tolist() == [3, 3, 2]
    assert nodes.loc["i", "community"] == 0


def test_q_counts_what_chance_gives_as_often():
    rng = np.random.default_rng(1)
    null = rng.normal(size=(100, 50))
    found = np.append(rng.normal(size=45), np.full(5, 5.0))
    q = false_discovery(found, null)
    assert (q[-5:] < 0.01).all()
    assert (false_discovery(found[:45], null[:, :45]) > 0.05).all()


def test_clusters_are_those_of_scipy(planted):
    clusters = cluster_words(planted, n_boot=40)
    table = cooccurrence_matrix(planted).loc[clusters.terms, clusters.terms]
    expected = linkage(squareform(1 - table.to_numpy(), checks=False), "average")
    np.testing.assert_allclose(clusters.linkage, expected, atol=1e-9)
    assert [*fcluster(clusters.linkage, 5, "maxclust")] == [*fcluster(expected, 5, "maxclust")]
    first = clusters.merges.iloc[:2]
    assert {*first["words"]} == {"worda、wordb", "wordc、wordd"}
    assert first["support"].tolist() == [1, 1]
    assert clusters.merges["support"].iloc[2:-1].max() < 0.9
    assert cluster_words(planted, n_boot=40).merges.equals(clusters.merges)
    with pytest.raises(ValueError, match="three words"):
        cluster_words(planted, ["worda", "wordb"])


def test_every_program_gets_the_same_network(network, tmp_path):
    folder = save_network(network, tmp_path / "out")
    pairs = {frozenset(e): w for *e, w in network.edges[["source", "target", "weight"]].to_numpy()}

    def same(graph, weight="weight"):
        found = {frozenset(e[:2]): float(e[2][weight]) for e in graph.edges(data=True)}
        assert found.keys() == pairs.keys()
        assert all(found[e] == pytest.approx(w) for e, w in pairs.items())
        assert {*graph.nodes} == {*network.nodes.index}

    graphml = nx.read_graphml(folder / "network.graphml")
    same(graphml)
    assert graphml.nodes["worda"]["community"] == network.nodes.loc["worda", "community"]
    same(nx.read_gexf(folder / "network.gexf"))
    same(nx.Graph(nx.read_pajek(folder / "network.net", encoding="utf-8-sig")))
    clu = (folder / "communities.clu").read_text("utf-8-sig").split("\n")
    assert [*map(int, clu[1:-1])] == network.nodes["community"].tolist()
    kept = pd.read_csv(folder / "vosviewer-map.txt", sep="\t", encoding="utf-8-sig")
    links = pd.read_csv(
        folder / "vosviewer-network.txt", sep="\t", encoding="utf-8-sig", header=None
    )
    assert kept["weight<count>"].tolist() == network.nodes["count"].tolist()
    label = kept.set_index("id")["label"]
    assert {frozenset((label[a], label[b])): w for a, b, w in links.to_numpy()} == pytest.approx(
        pairs
    )
    square = read_csv(folder / "matrix.csv").set_index("term").astype(float)
    np.testing.assert_allclose(square, network.matrix, atol=1e-7)
    book = load_workbook(folder / "network.xlsx")
    assert book.sheetnames == ["nodes", "edges", "matrix"]
    assert [row[0].value for row in book["matrix"].iter_rows(min_row=2)] == [*network.nodes.index]
    with pytest.raises(FileExistsError):
        save_network(network, folder)


def test_words_of_a_hostile_text_are_words_in_every_file(network, tmp_path):
    evil = {"worda": "=cmd()", "wordb": "<script>&\"'", "wordc": "a\tb\x0b\nc", "wordd": "＠词"}
    bad = replace(
        network,
        nodes=network.nodes.rename(evil),
        edges=network.edges.replace({"source": evil, "target": evil}),
    )
    folder = save_network(bad, tmp_path / "out")
    expected = {"=cmd()", "<script>&\"'", "a b c", "＠词"}
    for name in ("network.graphml", "network.gexf"):
        ElementTree.parse(folder / name)
    assert expected <= {*nx.read_graphml(folder / "network.graphml")}
    assert expected <= {*nx.read_gexf(folder / "network.gexf")}
    net = nx.read_pajek(folder / "network.net", encoding="utf-8-sig")
    assert {"=cmd()", "<script>&''", "a b c", "＠词"} <= {*net}
    kept = pd.read_csv(folder / "vosviewer-map.txt", sep="\t", encoding="utf-8-sig", quoting=3)
    assert {"<script>&''", "a b c"} <= {*kept["label"]}
    raw = (folder / "nodes.csv").read_text("utf-8-sig")
    assert "\n'=cmd()" in raw
    assert "\n'＠词" in raw
    sheet = load_workbook(folder / "network.xlsx")["nodes"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_what_cannot_be_asked_is_told(planted):
    with pytest.raises(ValueError, match="measure must be one of"):
        word_network(planted, measure="t_score")
    with pytest.raises(ValueError, match="20 or more"):
        word_network(planted, permutations=10)
    with pytest.raises(ValueError, match="measure must be one of"):
        cooccurrence_matrix(planted, measure="cosine")
