"""Every plot, drawn from the sample corpus: to choose from, and to test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import figures
from toolkit.figures.press.drawn import drawings, figure_of
from toolkit.figures.press.presets import PRESETS, find_preset
from toolkit.figures.press.style import figure_style
from toolkit.say import Language

if TYPE_CHECKING:
    from toolkit.compare.framework import FrameworkScores
    from toolkit.corpus import Corpus
    from toolkit.matrix import TermMatrix
    from toolkit.segmentation import Tokens
    from toolkit.topics import KSelection, ReportCard, Topics

_TERMS = ["热线", "网格", "数据"]
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}"
    "figure{margin:0}img{max-width:100%;border:1px solid #ddd}"
    "main{display:grid;grid-template-columns:repeat(auto-fill,minmax(22rem,1fr));gap:1.5rem}"
    "figcaption{font-size:.8rem;color:#444}"
)


@dataclass(frozen=True)
class Sample:
    """Values of the sample corpus, small enough to draw on every page."""

    corpus: Corpus
    tokens: Tokens
    matrix: TermMatrix
    topics: Topics
    scores: FrameworkScores
    selection: KSelection
    card: ReportCard


def sample() -> Sample:
    """Compute what the plots of the gallery draw; takes some seconds."""
    from toolkit.cleaning import clean
    from toolkit.compare import score_framework
    from toolkit.corpus import Corpus
    from toolkit.matrix import tfidf
    from toolkit.segmentation import segment
    from toolkit.topics import choose_k, fit_topics, report_card

    corpus = clean(Corpus.sample()).corpus
    sections = corpus.split("section")
    tokens = segment(sections)
    matrix = tfidf(tokens)
    topics = fit_topics(matrix, k=6)
    # So few runs take less time than starting processes for them.
    selection = choose_k(matrix, k_range=range(4, 7), runs=2, n_jobs=1)
    card = report_card(
        topics, selection=selection, labels="dimension", ignore=["general"], runs=2, n_jobs=1
    )
    scores = score_framework(sections)
    return Sample(corpus, tokens, matrix, topics, scores, selection, card)


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
    """
    import matplotlib.pyplot as plt

    root = Path(folder)
    drawn = sample() if values is None else values
    presets, plots = [find_preset(name).name for name in presets], [*plots]
    parts = []
    for preset in presets:
        cards = []
        for name in plots:
            with figure_style(preset):
                axes = PLOTS[name](drawn, lang)
            bundle = figures.export_figure(axes, name, folder=root / preset)
            (drawing, *_) = drawings(figure_of(axes))
            plt.close(figure_of(axes))
            picture = escape(bundle.relative_to(root).as_posix(), quote=True)
            cards.append(
                f'<figure><a href="{picture}/"><img src="{picture}/{name}.png" loading="lazy" '
                f'alt="{escape(drawing.alt[lang], quote=True)}"></a>'
                f"<figcaption><code>{name}</code> {escape(drawing.caption[lang])}</figcaption>"
                "</figure>"
            )
        parts.append(f'<h2 id="{preset}">{preset}</h2>\n<main>\n' + "\n".join(cards) + "\n</main>")
    page = root / "index.html"
    page.write_text(
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>Gallery</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{len(plots)} plots in {len(presets)} presets"
        "</h1>\n" + "\n".join(parts) + "\n</body></html>\n",
        encoding="utf-8",
        newline="\n",
    )
    return page
