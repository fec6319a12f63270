"""Every plot, drawn from the sample corpus: to choose from, and to test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit import figures
from toolkit.cleaning import clean
from toolkit.compare import (
    WordClusters,
    WordNetwork,
    cluster_words,
    find_citations,
    reuse,
    score_framework,
    topic_effects,
    word_network,
)
from toolkit.corpus import Corpus
from toolkit.figures.press.drawn import drawings, figure_of
from toolkit.figures.press.presets import PRESETS, find_preset
from toolkit.figures.press.style import figure_style
from toolkit.files import write_text
from toolkit.matrix import tfidf
from toolkit.say import Language, check_language
from toolkit.segmentation import segment
from toolkit.templates import filled
from toolkit.topics import (
    KSelection,
    ReportCard,
    choose_k,
    fit_topics,
    report_card,
    topic_flow,
)

_TERMS = ["热线", "网格", "数据"]


class Sample:
    """Values of the sample corpus, small enough to draw on every page."""

    def __init__(self) -> None:
        self.corpus = clean(Corpus.sample()).corpus
        sections = self.corpus.split("section")
        self.tokens = segment(sections)
        self.matrix = tfidf(self.tokens)
        self.one_text = self.matrix.select(doc_id="beijing-2023")
        self.topics = fit_topics(self.matrix, k=6)
        self.scores = score_framework(sections)

    @cached_property
    def selection(self) -> KSelection:
        """What a few numbers of topics are worth."""
        # So few runs take less time than starting processes for them.
        return choose_k(self.matrix, k_range=range(4, 7), runs=2, n_jobs=1)

    @cached_property
    def network(self) -> WordNetwork:
        """The words that go together in sentences."""
        return word_network(segment(self.corpus))

    @cached_property
    def clusters(self) -> WordClusters:
        """The most frequent words in clusters."""
        return cluster_words(self.tokens, n=25, n_boot=100)

    @cached_property
    def card(self) -> ReportCard:
        """The report card of the topics."""
        told: dict[str, Any] = {"labels": "dimension", "ignore": ["general"]}
        return report_card(self.topics, selection=self.selection, runs=2, n_jobs=1, **told)


Draw = Callable[[Sample, Language], Any]


def _draw(plot: str, value: str, *args: Any, **params: Any) -> Draw:
    """Return what draws a plot of one of the values of the sample."""

    def draw(sample: Sample, lang: Language) -> Any:
        return getattr(figures, f"plot_{plot}")(getattr(sample, value), *args, lang=lang, **params)

    return draw


def _draw_keyness(sample: Sample, lang: Language) -> Any:
    names = {"zh": ("法规解读", "其余"), "en": ("regulation", "the others")}[lang]
    group = {"kind": "regulation"}
    return figures.plot_keyness(sample.tokens, group, names=names, n=6, lang=lang)


def _draw_effects(sample: Sample, lang: Language) -> Any:
    effects = topic_effects(sample.topics, "kind + year", n_boot=200, n_permutations=199)
    return figures.plot_effects(effects, "kind", lang=lang)


def _draw_topic_flow(sample: Sample, lang: Language) -> Any:
    flow = topic_flow(sample.matrix, k=4, order=[2021, 2023, 2025], n_null=5)
    return figures.plot_topic_flow(flow, lang=lang)


def _draw_citations(sample: Sample, lang: Language) -> Any:
    found = find_citations(sample.corpus, reuse(sample.corpus, min_chars=16))
    return figures.plot_citations(found, by="kind", lang=lang)


#: How each plot of the gallery is drawn.
PLOTS: Mapping[str, Draw] = {
    "term-weights": _draw("term_weights", "matrix", n=10, intervals=True),
    "term-weights-by": _draw("term_weights", "one_text", by="dimension", n=5),
    "topic-terms": _draw("topic_terms", "topics", n=5),
    "topic-share": _draw("topic_share", "topics", by="year"),
    "topic-share-dendrogram": _draw("topic_share", "topics", by="region", order="dendrogram"),
    "topic-map": _draw("topic_map", "topics"),
    "similarity": _draw("similarity", "topics", by="city"),
    "similarity-network": _draw("similarity_network", "topics", by="city"),
    "trend": _draw("trend", "tokens", terms=_TERMS),
    "slope": _draw("slope", "tokens", [2021, 2025], terms=[*_TERMS, "平台", "社区"]),
    "dumbbell": _draw("dimensions", "scores", groups=["北京", "上海"]),
    "dimensions": _draw("dimensions", "scores", by="region"),
    "effects": _draw_effects,
    "citations": _draw_citations,
    "topic-flow": _draw_topic_flow,
    "correspondence": _draw("correspondence", "scores", by="city"),
    "keyness": _draw_keyness,
    "dispersion": _draw("dispersion", "tokens", ["接诉即办", "城市大脑"]),
    "wordcloud": _draw("wordcloud", "matrix", n=40),
    "comparison-cloud": _draw("comparison_cloud", "tokens", ["北京", "上海"], n=15),
    "cooccurrence": _draw("cooccurrence", "network", edges=40),
    "dendrogram": _draw("dendrogram", "clusters"),
    "strategic-diagram": _draw("strategic_diagram", "network"),
    "alignment": _draw("alignment", "corpus", min_chars=10),
    "k-selection": _draw("k_selection", "selection"),
    "topic-tree": _draw("topic_tree", "selection"),
    "report-card": _draw("report_card", "card"),
}


def draw_gallery(
    folder: str | Path,
    *,
    presets: Iterable[str] = tuple(PRESETS),
    plots: Iterable[str] = tuple(PLOTS),
    lang: Language = "zh",
    values: Sample | None = None,
) -> Path:
    """Draw plots in presets from the sample corpus, as bundles and on a page.

    Parameters
    ----------
    folder : path
        Holds a folder for each preset, with a bundle for each plot, and ``index.html``.
    presets, plots : sequence of str
        See `figure_style` and ``PLOTS``; all if not given.
    lang : {"zh", "en"}
        Language of the labels.
    values : Sample, optional
        Computed if not given.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    FileExistsError
        If the folder has another ``index.html``, or a bundle of another figure.
    """
    import matplotlib.pyplot as plt

    check_language(lang)
    root = Path(folder)
    page = root / "index.html"
    if page.exists() and "<title>Gallery</title>" not in page.read_text("utf-8", "replace"):
        raise FileExistsError(f"{page} is no gallery; choose another folder")
    drawn = Sample() if values is None else values
    presets, plots = [find_preset(name).name for name in presets], [*plots]
    cards: dict[str, list[dict[str, str]]] = {preset: [] for preset in presets}
    for preset in presets:
        for name in plots:
            with figure_style(preset):
                axes = PLOTS[name](drawn, lang)
            bundle = figures.export_figure(axes, name, folder=root / preset)
            (drawing, *_) = drawings(figure_of(axes))
            plt.close(figure_of(axes))
            told = {"alt": drawing.alt[lang], "caption": drawing.caption[lang]}
            place = bundle.relative_to(root).as_posix()
            cards[preset].append({"name": name, "bundle": place, **told})
    write_text(page, filled("figures/gallery.html", lang=lang, n_plots=len(plots), presets=cards))
    return page
