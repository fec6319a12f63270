# %% [markdown]
# # Gallery
#
# Every plot of the toolkit, drawn from the sample corpus, first in the style of a notebook, then
# as a Chinese journal, *Nature* and a slide want it. The numbers of the presets and where they
# come from are in [docs/figures.md](../docs/figures.md); how to write a plot of your own is in
# [docs/add-a-plot.md](../docs/add-a-plot.md).
#
# The texts were written for the toolkit (one article aside): the figures show what a plot looks
# like, not what cities are like.

# %%
# %config InlineBackend.print_figure_kwargs = {"dpi": 110}
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display

from toolkit import check_figure, figure_style, font_path, plot_term_weights, plot_wordcloud
from toolkit.figures.gallery import PLOTS, draw_gallery, sample
from toolkit.figures.presets import PRESETS

values = sample()


def show(name, preset, lang="zh"):
    """Draw one plot in one preset."""
    with figure_style(preset):
        figure = np.ravel(PLOTS[name](values, lang))[0].figure
    failed = (check_figure(figure, preset)["result"] == "FAIL").sum()
    width, height = figure.get_size_inches() * 25.4
    display(Markdown(f"`{name}` · {width:.0f} × {height:.0f} mm · {failed} checks failed"))
    display(figure)
    plt.close(figure)


# %% [markdown]
# ## Every plot

# %%
for name in PLOTS:
    show(name, "notebook")

# %% [markdown]
# ## The same in other places
#
# Widths, letters, lines and colours come from the preset; no code of a plot changes.

# %%
for preset in ("nature", "cn", "slides"):
    display(Markdown(f"### {preset}"))
    for name in ("term-weights", "keyness", "trend", "topic-share-dendrogram"):
        show(name, preset, lang="en" if preset == "nature" else "zh")

# %% [markdown]
# ## Next to the defaults of other tools
#
# What one gets without setting anything, on a machine without a Chinese system font: matplotlib
# draws boxes for Chinese letters, and so does everything that draws with it (seaborn, pyLDAvis'
# static export); the package wordcloud uses its own font, which holds no Chinese either. Left:
# the default; right: the same data through the toolkit. The left ones are matplotlib's and
# wordcloud's own output; seaborn and pyLDAvis are not installed here, so only what seaborn takes
# over from matplotlib, the font, can be seen.

# %%
import warnings

from wordcloud import WordCloud

from toolkit import term_weights

table = term_weights(values.matrix, n=12)
weights = dict(zip(table["term"], table["weight"], strict=True))

with warnings.catch_warnings(), plt.rc_context(plt.rcParamsDefault):
    warnings.simplefilter("ignore")  # about the letters that the font lacks: see the boxes
    figure, (bars, cloud) = plt.subplots(1, 2, figsize=(8, 3))
    bars.bar(table["term"], table["weight"])
    cloud.imshow(WordCloud(random_state=0).generate_from_frequencies(weights))
    cloud.axis("off")
    display(Markdown("**Defaults**: matplotlib's `bar`, wordcloud's `generate_from_frequencies`"))
    display(figure)
    plt.close(figure)

with figure_style("notebook", columns=2):
    figure, (bars, cloud) = plt.subplots(1, 2, figsize=(7.2, 2.6))
    plot_term_weights(values.matrix, n=12, ax=bars)
    plot_wordcloud(weights, ax=cloud)
display(Markdown("**The toolkit**: `plot_term_weights`, `plot_wordcloud`"))
display(figure)
plt.close(figure)

# %% [markdown]
# With a font given, as most guides advise, the letters appear, but pixels, random colours and
# words turned on their side stay:

# %%
picture = WordCloud(font_path=str(font_path()), random_state=0).generate_from_frequencies(weights)
figure, ax = plt.subplots(figsize=(3.5, 2.4))
ax.imshow(picture)
ax.axis("off")
display(figure)
plt.close(figure)

# %% [markdown]
# ## A page of everything
#
# `draw_gallery` exports every plot in every preset as bundles, with a page to look at; on the
# command line: `toolkit figures gallery`. Here two plots in two presets:

# %%
page = draw_gallery(
    "gallery", presets=["nature", "cn"], plots=["keyness", "topic-map"], values=values
)
print(page, len([*page.parent.glob("*/*/provenance.json")]), "bundles of", len(PRESETS), "presets")
