# %% [markdown] tags=["en"]
# # Gallery
#
# **What you will do.** Look at every plot of the toolkit, first in the style of a notebook, then as
# *Nature*, a Chinese journal and a slide want it, then next to what other tools draw.
#
# **What you will learn.** Which plot there is for what you want to show.
#
# **What you need.** Nothing. The numbers of the presets and where they come from are in
# [docs/figures.md](../../docs/figures.md); how to write a plot of your own is in
# [docs/add-a-plot.md](../../docs/add-a-plot.md).
#
# **Time.** 10 minutes.
#
# **Data.** The sample corpus. Its texts were written for the toolkit (one article aside): the
# figures show what a plot looks like, not what cities are like.
# %% [markdown] tags=["zh"]
# # 图库
#
# **要做什么。** 看遍工具包的每一种图：先是笔记本里的样子，再是 *Nature*、中文期刊和幻灯片要的样子，
# 最后与别的工具画的图放在一起看。
#
# **学会什么。** 想说明什么，有哪种图可用。
#
# **需要什么。** 什么都不需要。各预设的数字及其出处见 [docs/zh/figures.md](../../docs/zh/figures.md)；
# 怎样自己写一种图，见 [docs/add-a-plot.md](../../docs/add-a-plot.md)。
#
# **用时。** 10分钟。
#
# **数据。** 示例语料。除一篇文章外，文本都是为工具包撰写的：这些图说明图长什么样，
# 不说明城市什么样。

# %%
# %config InlineBackend.print_figure_kwargs = {"dpi": 110}
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display

from toolkit import check_figure, figure_style
from toolkit.figures.gallery import PLOTS, Sample, draw_gallery

LANG = "en"
values = Sample()


def show(name, preset, lang=LANG):
    """Draw one plot in one preset."""
    with figure_style(preset):
        figure = np.ravel(PLOTS[name](values, lang))[0].figure
    failed = (check_figure(figure, preset)["result"] == "FAIL").sum()
    width, height = figure.get_size_inches() * 25.4
    display(Markdown(f"`{name}` · {width:.0f} × {height:.0f} mm · {failed} checks failed"))
    display(figure)
    plt.close(figure)


# %% [markdown] tags=["en"]
# ## Every plot
# %% [markdown] tags=["zh"]
# ## 全部图形

# %%
for name in PLOTS:
    show(name, "notebook")

# %% [markdown] tags=["en"]
# ## The same in other places
#
# Widths, letters, lines and colours come from the preset; no code of a plot changes.
# %% [markdown] tags=["zh"]
# ## 换个地方发表
#
# 宽度、字体、线条和颜色都来自预设；画图的代码一个字也不用改。

# %%
for preset in ("nature", "cn", "slides"):
    display(Markdown(f"### {preset}"))
    for name in ("term-weights", "keyness", "trend", "topic-share-dendrogram"):
        show(name, preset, lang="en" if preset == "nature" else LANG)

# %% [markdown] tags=["en"]
# ## Next to other tools
#
# The same data drawn by other tools on the left (as installed, on a machine with Latin fonts),
# in the middle with a Chinese font named, as guides advise, and by the toolkit on the right,
# where nothing is set. What to see in them, and the versions:
# [docs/figures.md](../../docs/figures.md#next-to-other-tools).
#
# **wordcloud**, `generate_from_frequencies`, and `plot_wordcloud`:
# ![Word clouds](../../docs/side-by-side/wordcloud.png)
#
# **seaborn**, `barplot`, and `plot_term_weights`:
# ![Bars](../../docs/side-by-side/bars.png)
#
# **seaborn**, `heatmap`, and `plot_topic_share`:
# ![Heat maps](../../docs/side-by-side/heatmap.png)
#
# **pyLDAvis**, `prepare`, and `topic_page`:
# ![Pages of topics](../../docs/side-by-side/topics.png)
# %% [markdown] tags=["zh"]
# ## 与其他工具并排看
#
# 同样的数据：左边是别的工具刚装好时画的（机器上只有西文字体），中间按常见教程指定了中文字体，
# 右边是工具包画的，什么也没设。看什么，以及各工具的版本，见
# [docs/zh/figures.md](../../docs/zh/figures.md#与其他工具对照)。
#
# **wordcloud** 的 `generate_from_frequencies`，与 `plot_wordcloud`：
# ![词云](../../docs/side-by-side/wordcloud.png)
#
# **seaborn** 的 `barplot`，与 `plot_term_weights`：
# ![条形图](../../docs/side-by-side/bars.png)
#
# **seaborn** 的 `heatmap`，与 `plot_topic_share`：
# ![热图](../../docs/side-by-side/heatmap.png)
#
# **pyLDAvis** 的 `prepare`，与 `topic_page`：
# ![主题页](../../docs/side-by-side/topics.png)

# %% [markdown] tags=["en"]
# ## A page of everything
#
# `draw_gallery` exports every plot in every preset as bundles, with a page to look at; on the
# command line: `toolkit figures gallery`. Here two plots in two presets:
# %% [markdown] tags=["zh"]
# ## 全部图形的网页
#
# `draw_gallery` 把每种图按每个预设导出，并写一个可以浏览的网页；命令行里是
# `toolkit figures gallery`。这里只导出两种图、两个预设：

# %%
page = draw_gallery(
    "gallery", presets=["nature", "cn"], plots=["keyness", "topic-map"], lang=LANG, values=values
)
made = len([*page.parent.glob("*/*/provenance.json")])
print({"en": f"{page}: {made} bundles of figures", "zh": f"{page}：{made}个图形文件夹"}[LANG])
