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

from toolkit import check_figure, figure_style
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
# ## Next to other tools
#
# The same data drawn by other tools on the left (as installed, on a machine with Latin fonts),
# in the middle with a Chinese font named, as guides advise, and by the toolkit on the right,
# where nothing is set. What to see in them, and the versions:
# [docs/figures.md](../docs/figures.md#next-to-other-tools).
#
# **wordcloud**, `generate_from_frequencies`, and `plot_wordcloud`:
# ![Word clouds](../docs/side-by-side/wordcloud.png)
#
# **seaborn**, `barplot`, and `plot_term_weights`:
# ![Bars](../docs/side-by-side/bars.png)
#
# **seaborn**, `heatmap`, and `plot_topic_share`:
# ![Heat maps](../docs/side-by-side/heatmap.png)
#
# **pyLDAvis**, `prepare`, and `topic_page`:
# ![Pages of topics](../docs/side-by-side/topics.png)

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
