"""Every plot, drawn from the sample corpus: to choose from, and to test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit import figures
from toolkit.cleaning import clean
from toolkit.compare import score_framework
from toolkit.corpus import Corpus
from toolkit.figures.press.drawn import drawings, figure_of
from toolkit.figures.press.presets import PRESETS, find_preset
from toolkit.figures.press.style import figure_style
from toolkit.files import write_text
from toolkit.matrix import tfidf
from toolkit.say import Language, check_language
from toolkit.segmentation import segment
from toolkit.templates import filled
from toolkit.topics import KSelection, ReportCard, choose_k, fit_topics, report_card

_TERMS = ["热线", "网格", "数据"]


class Sample:
    """Values of the sample corpus, small enough to draw on every page."""

    def __init__(self) -> None:
        self.corpus = clean(Corpus.sample()).corpus
        sections = self.corpus.split("section")
        self.tokens = segment(sections)
        self.matrix = tfidf(self.tokens)
        self.topics = fit_topics(self.matrix, k=6)
        self.scores = score_framework(sections)

    @cached_property
    def selection(self) -> KSelection:
        """What a few numbers of topics are worth."""
        # So few runs take less time than starting processes for them.
        return choose_k(self.matrix, k_range=range(4, 7), runs=2, n_jobs=1)

    @cached_property
    def card(self) -> ReportCard:
        """The report card of the topics."""
        told: dict[str, Any] = {"labels": "dimension", "ignore": ["general"]}
        return report_card(self.topics, selection=self.selection, runs=2, n_jobs=1, **told)


Draw = Callable[[Sample, Language], Any]
#: How each plot of the gallery is drawn.
PLOTS: Mapping[str, Draw] = {
    "term-weights": lambda s, lang: figures.plot_term_weights(
        s.matrix, n=10, intervals=True, lang=lang
    ),
    "term-weights-by": lambda s, lang: figures.plot_term_weights(
        s.matrix.select(doc_id="beijing-2023"), by="dimension", n=5, lang=lang
    ),
    "topic-terms": lambda s, lang: figures.plot_topic_terms(s.topics, n=5, lang=lang),
    "topic-share": lambda s, lang: figures.plot_topic_share(s.topics, by="year", lang=lang),
    "topic-share-dendrogram": lambda s, lang: figures.plot_topic_share(
        s.topics, by="region", order="dendrogram", lang=lang
    ),
    "topic-map": lambda s, lang: figures.plot_topic_map(s.topics, lang=lang),
    "similarity": lambda s, lang: figures.plot_similarity(s.topics, by="city", lang=lang),
    "similarity-network": lambda s, lang: figures.plot_similarity_network(
        s.topics, by="city", lang=lang
    ),
    "trend": lambda s, lang: figures.plot_trend(s.tokens, terms=_TERMS, lang=lang),
    "slope": lambda s, lang: figures.plot_slope(
        s.tokens, [2021, 2025], terms=[*_TERMS, "平台", "社区"], lang=lang
    ),
    "dumbbell": lambda s, lang: figures.plot_dimensions(
        s.scores, groups=["北京", "上海"], lang=lang
    ),
    "dimensions": lambda s, lang: figures.plot_dimensions(s.scores, by="region", lang=lang),
    "correspondence": lambda s, lang: figures.plot_correspondence(s.scores, by="city", lang=lang),
    "keyness": lambda s, lang: figures.plot_keyness(
        s.tokens,
        {"kind": "regulation"},
        names={"zh": ("法规解读", "其余"), "en": ("regulation", "the others")}[lang],
        n=6,
        lang=lang,
    ),
    "dispersion": lambda s, lang: figures.plot_dispersion(
        s.tokens, ["接诉即办", "城市大脑"], lang=lang
    ),
    "wordcloud": lambda s, lang: figures.plot_wordcloud(s.matrix, n=40, lang=lang),
    "comparison-cloud": lambda s, lang: figures.plot_comparison_cloud(
        s.tokens, ["北京", "上海"], n=15, lang=lang
    ),
    "cooccurrence": lambda s, lang: figures.plot_cooccurrence(s.tokens, n=25, edges=40, lang=lang),
    "alignment": lambda s, lang: figures.plot_alignment(s.corpus, min_chars=10, lang=lang),
    "k-selection": lambda s, lang: figures.plot_k_selection(s.selection, lang=lang),
    "report-card": lambda s, lang: figures.plot_report_card(s.card, lang=lang),
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
