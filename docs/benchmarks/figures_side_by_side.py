"""The same data drawn by other tools and by the toolkit: the pictures in ``docs/side-by-side``.

Needs what no test needs: ``pip install seaborn==0.13.2 pyLDAvis==3.4.1`` and Chromium. Run:
``python docs/benchmarks/figures_side_by_side.py``. From left to right: as installed, on a
machine with Latin fonts only; after the usual mending, a Chinese font named to the tool (for a
page: on the machine); the toolkit, where nothing is set.
"""

import io
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "browser"))

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyLDAvis
import seaborn as sns
from conftest import ARGUMENTS, LATIN
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright
from wordcloud import WordCloud

from toolkit import clean, figure_style, fit_topics, segment, term_weights, tfidf
from toolkit.corpus import Corpus
from toolkit.explore import topic_page
from toolkit.figures import font_path, plot_term_weights, plot_topic_share, plot_wordcloud

FOLDER = Path(__file__).parent.parent.parent / "docs" / "side-by-side"
HEADS = ("as installed", "a Chinese font named", "the toolkit")
WIDTH, GAP = 620, 30  # pixels of a picture, and between two


def picture(figure):
    """Return a figure as it is saved, at the dots per inch of a journal."""
    held = io.BytesIO()
    figure.savefig(held, dpi=300)
    plt.close(figure)
    return Image.open(held).convert("RGB")


def defaults(draw, font):
    """Draw with the defaults of matplotlib, and the font family if one is named."""
    with warnings.catch_warnings(), plt.rc_context(plt.rcParamsDefault):
        warnings.simplefilter("ignore")  # that the font lacks letters: they are boxes
        plt.rcParams["backend"] = "Agg"
        if font:
            plt.rcParams.update({"font.sans-serif": [font], "axes.unicode_minus": False})
        figure, ax = plt.subplots()
        draw(ax)
        return picture(figure)


def toolkit_picture(plot, *values, **named):
    """Draw as a reader of the quick start would."""
    with figure_style("notebook"):
        return picture(plot(*values, **named).figure)


def write(name, pictures):
    """Save three pictures side by side, equally wide."""
    scaled = [p.resize((WIDTH, round(p.height * WIDTH / p.width)), Image.LANCZOS) for p in pictures]
    sheet = Image.new("RGB", (3 * WIDTH + 2 * GAP, 36 + max(p.height for p in scaled)), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(font_path()), 20)
    for i, (head, one) in enumerate(zip(HEADS, scaled, strict=True)):
        pen.text((i * (WIDTH + GAP), 2), head, font=font, fill="#555555")
        sheet.paste(one, (i * (WIDTH + GAP), 36))
    path = FOLDER / f"{name}.png"
    sheet.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {sheet.width} x {sheet.height}, {path.stat().st_size:,} bytes")


def clouds(matrix, weights):
    """Return clouds of words by wordcloud and by the toolkit."""
    for path in (None, str(font_path())):
        cloud = WordCloud(font_path=path, random_state=0).generate_from_frequencies(weights)
        yield cloud.to_image()
    yield toolkit_picture(plot_wordcloud, matrix, n=len(weights))


def bars(matrix, terms, font):
    """Return bars of mean weights with intervals by seaborn and by the toolkit."""
    columns = [[*matrix.terms].index(term) for term in terms]
    table = pd.DataFrame(matrix.weights[:, columns].toarray(), columns=terms).melt()
    for family in (None, font):
        yield defaults(
            lambda ax: sns.barplot(table, x="variable", y="value", seed=0, ax=ax), family
        )
    yield toolkit_picture(plot_term_weights, matrix, n=len(terms), intervals=True)


def heatmaps(topics, font):
    """Return tables of colours by seaborn and by the toolkit."""
    table = topics.doc_topics(by="region").set_axis(topics.names, axis=1)
    for family in (None, font):
        yield defaults(lambda ax: sns.heatmap(table, ax=ax), family)
    yield toolkit_picture(plot_topic_share, topics, by="region")


def pages(topics, matrix):
    """Return pages of topics by pyLDAvis and by the toolkit, with the first topic chosen."""
    filled = topics.doc_topic.sum(axis=1) > 0
    prepared = pyLDAvis.prepare(
        topics.topic_term / topics.topic_term.sum(axis=1, keepdims=True),
        topics.doc_topic[filled] / topics.doc_topic[filled].sum(axis=1, keepdims=True),
        np.asarray((matrix.counts > 0).sum(axis=1)).ravel()[filled],
        [*matrix.terms],
        np.asarray(matrix.counts.sum(axis=0)).ravel(),
        n_jobs=1,
    )
    theirs, ours = FOLDER / "theirs.html", FOLDER / "ours.html"
    scripts = Path(pyLDAvis.__path__[0], "js")
    # As save_html writes it, with its scripts beside it in place of those on the web.
    page = pyLDAvis.prepared_data_to_html(
        prepared,
        d3_url=(scripts / "d3.v5.min.js").as_uri(),
        ldavis_url=(scripts / "ldavis.v3.0.0.js").as_uri(),
        ldavis_css_url=(scripts / "ldavis.v1.0.0.css").as_uri(),
    )
    theirs.write_text(f"<meta charset='utf-8'>{page}", encoding="utf-8")
    topic_page(topics, ours)
    try:
        for path, fonts in (
            (theirs, [LATIN]),
            (theirs, [LATIN, font_path().parent]),
            (ours, [LATIN]),
        ):
            yield screenshot(path, fonts)
    finally:
        theirs.unlink()
        ours.unlink()


def screenshot(path, fonts):
    """Return a page as a browser shows it on a machine with the fonts of some folders."""
    listed = "".join(f"<dir>{folder}</dir>" for folder in fonts)
    config = FOLDER / "fonts.conf"
    config.write_text(f"<fontconfig>{listed}</fontconfig>", encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=ARGUMENTS,
            env={"FONTCONFIG_FILE": str(config)},
        )
        page = browser.new_page(viewport={"width": 1240, "height": 860})
        page.goto(path.as_uri())
        page.wait_for_timeout(3000)
        if path.stem == "theirs":
            page.locator("circle.dot").first.dispatch_event("click")
            page.wait_for_timeout(1500)
        held = page.screenshot()
        browser.close()
    config.unlink()
    return Image.open(io.BytesIO(held)).convert("RGB")


def main():
    """Write the pictures, and say which versions drew them."""
    FOLDER.mkdir(exist_ok=True)
    matrix = tfidf(segment(clean(Corpus.sample()).corpus.split("section")))
    topics = fit_topics(matrix, k=6)
    table = term_weights(matrix, n=40)
    weights = dict(zip(table["term"], table["weight"], strict=True))
    font_manager.fontManager.addfont(font_path())
    font = font_manager.FontProperties(fname=font_path()).get_name()
    write("wordcloud", clouds(matrix, weights))
    write("bars", bars(matrix, table["term"].tolist()[:12], font))
    write("heatmap", heatmaps(topics, font))
    write("topics", pages(topics, matrix))
    names = ("wordcloud", "seaborn", "pyLDAvis", "matplotlib", "numpy", "pandas")
    print(", ".join(f"{name} {version(name)}" for name in names))


if __name__ == "__main__":
    main()
