# %% [markdown] tags=["en"]
# # 07 Figures for a paper
#
# **What you will do.** Draw a figure, ask whether a journal would take it, mend what it would not,
# and write it to a folder that holds all an editor may ask for. Then do the same with a plot of
# your own.
#
# **What you will learn.** To draw at the size of the page; to check a figure before an editor does;
# to make it readable in grey and for colour-blind eyes; to export picture, data, caption and
# provenance together; to choose a figure that shows an argument.
#
# **What you need.** [04 TF-IDF](04-tfidf.ipynb). You need no experience with matplotlib.
#
# **Time.** 35 minutes.
#
# **Data.** The sample corpus. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 07 论文里的图
#
# **要做什么。** 画一张图，问一问期刊收不收；哪里不合格就改哪里；再把它导出成一个文件夹，
# 编辑可能要的东西都在里面。最后对自己写的图照做一遍。
#
# **学会什么。** 按版面尺寸作图；赶在编辑之前检查图；让图在黑白印刷和色觉障碍者眼中也看得清；把图、
# 数据、图注和来历一起导出；选一张能说明论点的图。
#
# **需要什么。** [04 TF-IDF](04-tfidf.ipynb)。不需要用过 matplotlib。
#
# **用时。** 35分钟。
#
# **数据。** 示例语料。术语见[术语表](../../docs/glossary.md)。

# %%
import warnings

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display

from toolkit import Corpus, clean, segment, term_weights, tfidf, trend_table
from toolkit.exercises import exercises
from toolkit.figures import (
    MissingGlyphError,
    check_figure,
    check_folder,
    export_figure,
    export_table,
    figure_style,
    plot_term_weights,
    plot_wordcloud,
)

LANG = "en"
check = exercises("07-figures", lang=LANG)
pd.set_option("display.max_colwidth", None)
tokens = segment(clean(Corpus.sample()).corpus.split("section"))
matrix = tfidf(tokens)

# %% [markdown] tags=["en"]
# ## 1 What one gets without doing anything
#
# The five heaviest words of the corpus, with matplotlib as it comes. It warns about letters that
# its font lacks; we silence it to see what happens.
# %% [markdown] tags=["zh"]
# ## 1 什么都不设会怎样
#
# 语料中权重最高的五个词，用 matplotlib 的默认设置来画。它会警告字体里没有这些字；先不理会，
# 看看结果。

# %%
top = term_weights(matrix, n=5)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    figure, ax = plt.subplots(figsize=(4, 2))
    ax.barh(top["term"], top["weight"])
    display(figure)
    plt.close(figure)

# %% [markdown] tags=["en"]
# You should see boxes where the words should be. Many papers were sent in like this. The same data
# through the toolkit:
# %% [markdown] tags=["zh"]
# 您应该看到：该是字的地方全是方块。真有不少论文就这样投了出去。同样的数据，用工具包来画：

# %%
ax = plot_term_weights(matrix, n=8, intervals=True, lang=LANG)

# %% [markdown] tags=["en"]
# The heaviest word is on top, the axis begins at 0 so that lengths can be compared, and the line on
# each bar is a 95% interval over *texts*. Letters come with the toolkit; no system font is needed.
#
# **Read the intervals first.** They overlap: the order of these words is not certain, and a
# sentence like "条例 weighs more than 居民" would not hold.
#
# ## 2 Would a journal take it?
#
# Journals say how wide a figure may be, how small its letters, whether colours are printed. A
# [**preset**](../../docs/glossary.md#preset) holds what one of them asks; `cn` is a Chinese journal.
# %% [markdown] tags=["zh"]
# 权重最高的词在最上面；坐标轴从0开始，长度才可以比较；条上的线段是按**文本**重抽样得到的95%区间。
# 字体随工具包而来，不靠系统。
#
# **先看区间。** 它们彼此重叠：这些词的先后次序并不确定，“‘条例’比‘居民’权重更高”这样的话站不住。
#
# ## 2 期刊收不收？
#
# 期刊会规定图多宽、字多大、印不印彩色。[**预设**](../../docs/glossary.md#preset)就是某一类期刊的要求，`cn` 代表中文期刊。

# %%
check_figure(ax, "cn")

# %% [markdown] tags=["en"]
# A row for each thing that can be measured; where it fails, the last column says how to mend it.
#
# **Question 1.** Which checks fail? Give a set of their names (column `check`).
# %% [markdown] tags=["zh"]
# 每一行是一项能够测量的要求；不合格时，最后一列写着怎么改。
#
# **第1题。** 哪几项不合格？用集合写出它们的名称（`check` 一列）。

# %% tags=["solution"]
q1 = set(check_figure(ax, "cn").query("result == 'FAIL'")["check"])
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 3 Draw at the size of the page
#
# No code of the plot changes; it is drawn within `figure_style`:
# %% [markdown] tags=["zh"]
# ## 3 按版面尺寸作图
#
# 画图的代码一个字都不用改，放进 `figure_style` 里画即可：

# %%
with figure_style("cn"):
    ax = plot_term_weights(matrix, n=8, intervals=True, lang=LANG)
width, height = ax.figure.get_size_inches() * 25.4
print(f"{width:.0f} × {height:.0f} mm;", set(check_figure(ax, "cn")["result"]))

# %% [markdown] tags=["en"]
# You should see the figure in grey, in Song type, 80 mm wide: one column. All checks pass. Two
# columns are `figure_style("cn", columns=2)`.
#
# ### The most common mistake: scaling
#
# One draws a figure 160 mm wide with letters of 8 pt, and pulls it to 80 mm in Word. Everything
# shrinks, the letters too.
#
# **Question 2.** How many points high are the letters then?
# %% [markdown] tags=["zh"]
# 您应该看到灰度的图，宋体字，宽80毫米，正好一栏。各项检查全部通过。要通栏，写
# `figure_style("cn", columns=2)`。
#
# ### 最常见的错误：缩放
#
# 先画一张160毫米宽、字号8磅的图，到 Word 里再把它拖成80毫米宽。所有东西都缩小了，字也一样。
#
# **第2题。** 缩放之后字号是多少磅？

# %% tags=["solution"]
q2 = 8 * 80 / 160
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 4 A plot of your own
#
# Anything drawn with matplotlib can be checked. Two words through the years, per 10,000 words:
# %% [markdown] tags=["zh"]
# ## 4 自己写的图
#
# 凡是用 matplotlib 画的图，都可以检查。画两个词历年的频率（每万词次数）：

# %%
years = trend_table(tokens, terms=["热线", "网格"])
years[years["series"] == "热线"].round(1)

# %% [markdown] tags=["en"]
# Look at `n_texts` before you draw: 2020 and 2024 are *one text each*. A line through them would
# show the habits of two authors. We keep years with at least five texts.
# %% [markdown] tags=["zh"]
# 动手之前先看 `n_texts`：2020年和2024年**各只有一篇文本**，把它们连成线，画出来的是两位作者的习惯。
# 只保留至少有5篇的年份。

# %%
enough = years[years["n_texts"] >= 5]
labels = {"zh": ("年份", "每万词次数"), "en": ("Year", "Per 10,000 words")}[LANG]
with figure_style("cn"):
    figure, ax = plt.subplots()
    for (term, part), colour in zip(enough.groupby("series"), ["#1f77b4", "#d62728"], strict=True):
        ax.plot(part["year"], part["rate"], label=term, color=colour)
    ax.set_xticks([2021, 2023, 2025])
    ax.set_xlabel(labels[0])
    ax.set_ylabel(labels[1], color="#bbbbbb")
    ax.legend()
check_figure(figure, "cn").query("result == 'FAIL'")

# %% [markdown] tags=["en"]
# Three things fail that the eye hardly sees on a bright screen: the label of the axis is too pale,
# and red and blue are the same grey on paper. (The third says that this journal prints no colour.)
# %% [markdown] tags=["zh"]
# 有三项不合格，而在明亮的屏幕上几乎看不出来：纵轴的文字太淡；红和蓝印成黑白后是同一种灰。
# （第三项是说这类期刊不印彩色。）

# %%
looks = [
    {"color": "#000000", "marker": "o"},
    {"color": "#777777", "marker": "s", "linestyle": "--"},
]
with figure_style("cn"):
    figure, ax = plt.subplots()
    for (term, part), look in zip(enough.groupby("series"), looks, strict=True):
        ax.plot(part["year"], part["rate"], label=term, **look)
    ax.set_xticks([2021, 2023, 2025])
    ax.set_xlabel(labels[0])
    ax.set_ylabel(labels[1])
    ax.set_ylim(bottom=0)
    ax.legend()

# %% [markdown] tags=["en"]
# Different marker, different line, and the axis begins at 0: without colour the lines can still be
# told apart.
#
# **Question 3.** How many checks of this figure fail for `"cn"` now?
# %% [markdown] tags=["zh"]
# 标记不同，线型不同，纵轴从0开始：没有颜色也分得清。
#
# **第3题。** 现在这张图按 `"cn"` 检查，有几项不合格？

# %% tags=["solution"]
q3 = int((check_figure(figure, "cn")["result"] == "FAIL").sum())
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# ## 5 Export: a folder, not a picture
# %% [markdown] tags=["zh"]
# ## 5 导出：不是一张图，而是一个文件夹

# %%
with figure_style("cn"):
    ax = plot_term_weights(matrix, n=8, intervals=True, lang=LANG)
bundle = export_figure(ax, "terms")
plt.close()
for path in sorted(bundle.iterdir()):
    print(f"{path.name:16} {path.stat().st_size / 1000:7.1f} kB")

# %% [markdown] tags=["en"]
# You should see eight files. The PDF goes to the printer, the PNG into a draft, the TIFF to a
# journal that insists. The rest is what is missing in most papers:
# %% [markdown] tags=["zh"]
# 您应该看到八个文件。PDF 交印刷，PNG 放进初稿，TIFF 给坚持要它的期刊。其余几个，是多数论文里缺少的：

# %%
print((bundle / "caption.md").read_text(encoding="utf-8"))
print((bundle / "redraw.py").read_text(encoding="utf-8"))

# %% [markdown] tags=["en"]
# `redraw.py` draws the figure again from the corpus, byte for byte. `provenance.json` holds the
# steps, versions and checksums.
#
# **Question 4.** Which file of the bundle says in words what the figure shows, for a reader who
# cannot see it? Give its name.
# %% [markdown] tags=["zh"]
# `redraw.py` 从语料出发重画这张图，逐字节相同。`provenance.json` 记着步骤、版本和校验和。
#
# **第4题。** 文件夹里的哪个文件用文字说明图的内容，供看不见图的读者使用？写出文件名。

# %% tags=["solution"]
q4 = "alt.md"
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# Whole folders can be checked too, as files: resolution, embedded fonts, checksums. Does the figure
# for a Chinese journal suit *Nature*?
# %% [markdown] tags=["zh"]
# 整个文件夹也可以检查，连文件本身的分辨率、嵌入字体、校验和一起查。给中文期刊画的图，*Nature*
# 收不收？

# %%
check_folder("figures", "nature").query("result == 'FAIL'")[["check", "found", "mend"]]

# %% [markdown] tags=["en"]
# The width, and letters of 7.5 pt where 7 are allowed. Draw it within `figure_style("nature")`, which
# mends both. Do not scale it.
#
# ### Mistakes made on purpose
#
# The same name for another figure, and a letter that the font does not hold:
# %% [markdown] tags=["zh"]
# 宽度不对，字号也不对：用了7.5磅，最大只许7磅。换成 `figure_style("nature")` 重画，两样都会改好；不要缩放。
#
# ### 故意犯错
#
# 用同一个名字导出另一张图；写一个字体里没有的字：

# %%
try:
    export_figure(plot_term_weights(matrix, n=5), "terms")
except FileExistsError as error:
    print(error)
finally:
    plt.close()
try:
    plot_wordcloud({"城市": 3, "𠮷祥里": 2})
except MissingGlyphError as error:
    print(error)
finally:
    plt.close()

# %% [markdown] tags=["en"]
# Nothing was overwritten, and no box was printed in silence.
#
# ## 6 Which figure for which argument?
#
# A word cloud is what everyone draws first:
# %% [markdown] tags=["zh"]
# 没有覆盖任何东西，也没有悄悄印出一个方块。
#
# ## 6 什么论点用什么图？
#
# 词云总是大家画的第一张图：

# %%
_ = plot_wordcloud(term_weights(matrix, n=40))

# %% [markdown] tags=["en"]
# Now answer from the picture: how many times as heavy is 城市 as 热线? Write your guess down.
#
# **Question 5.** And from the table `top`? Round to one digit.
# %% [markdown] tags=["zh"]
# 请看着这张图回答：“城市”的权重是“热线”的几倍？先把猜测写下来。
#
# **第5题。** 那么根据表 `top` 呢？保留一位小数。

# %% tags=["solution"]
weights = top.set_index("term")["weight"]
q5 = round(weights["城市"] / weights["热线"], 1)
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# Sizes of words cannot be compared: a long word looks larger than a short one of the same weight. A
# cloud may invite; bars argue; and five numbers may need no figure at all but a table:
# %% [markdown] tags=["zh"]
# 字的大小没法比：权重相同，长词看上去就比短词大。词云可以吸引目光，条形图才能论证；
# 而五个数字也许根本不需要图，一张表就够：

# %%
table = export_table(
    top[["term", "weight", "count"]],
    "terms",
    caption={"en": "The terms that weigh most", "zh": "权重最高的词"}[LANG],
    formats=["csv", "tex", "html"],
)
print((table / "terms.tex").read_text(encoding="utf-8"))

# %% [markdown] tags=["en"]
# A three-line table (三线表) for LaTeX; `formats=["docx"]` writes one for Word.
#
# What not to conclude:
#
# - from a check that passes: that the figure is true. It says that it can be printed and read;
# - from a line through two years: a trend. Look how many texts stand behind each point;
# - from lengths that differ: that the order is sure. Look at the intervals.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Draw the figure of section 4 for `"slides"`. What changes, and why is grey not needed there?
# 2. Take the author guide of a journal you read. Which preset comes nearest, and what differs? (The
#    numbers and where they come from: [docs/figures.md](../../docs/figures.md).)
# 3. Delete the folder `figures/terms`, run its `redraw.py` (copy it first), and compare the
#    checksums.
# 4. Write the caption of the figure of section 4 in one sentence that says what is to be seen, and
#    one that says what it does not show.
#
# ## Further reading
#
# - Cleveland, W. S., & McGill, R. (1984). Graphical perception: Theory, experimentation, and
#   application to the development of graphical methods. *Journal of the American Statistical
#   Association*, 79(387), 531–554. https://doi.org/10.1080/01621459.1984.10478080
# - Rougier, N. P., Droettboom, M., & Bourne, P. E. (2014). Ten simple rules for better figures.
#   *PLoS Computational Biology*, 10(9), e1003833. https://doi.org/10.1371/journal.pcbi.1003833
# - Tufte, E. R. (2001). *The visual display of quantitative information* (2nd ed.). Graphics Press.
# - Wong, B. (2011). Points of view: Color blindness. *Nature Methods*, 8, 441.
#   https://doi.org/10.1038/nmeth.1618
#
# Every plot of the toolkit: [the gallery](gallery.ipynb). Next:
# [08 Your own corpus](08-your-own-corpus.ipynb).
# %% [markdown] tags=["zh"]
# 这是 LaTeX 的三线表；`formats=["docx"]` 会写出 Word 版。
#
# 不能这样下结论：
#
# - 因为检查通过，就说图是对的。通过只说明它印得出、看得清；
# - 因为两个年份连成了线，就说有趋势。先看每个点背后有几篇文本；
# - 因为长短不同，就说次序确定。先看区间。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 用 `"slides"` 预设重画第4节的图。哪里变了？为什么这里不需要灰度？
# 2. 找一份您常读的期刊的投稿指南。哪个预设最接近？差在哪里？
#    （各项数字及其出处见[docs/zh/figures.md](../../docs/zh/figures.md)。）
# 3. 先把 `figures/terms` 里的 `redraw.py` 复制出来，删掉这个文件夹，运行它，再比较校验和。
# 4. 给第4节的图写图注：一句说图里能看到什么，一句说它不能说明什么。
#
# ## 延伸阅读
#
# - Cleveland, W. S., & McGill, R. (1984). Graphical perception: Theory, experimentation, and
#   application to the development of graphical methods. *Journal of the American Statistical
#   Association*, 79(387), 531–554. https://doi.org/10.1080/01621459.1984.10478080
# - Rougier, N. P., Droettboom, M., & Bourne, P. E. (2014). Ten simple rules for better figures.
#   *PLoS Computational Biology*, 10(9), e1003833. https://doi.org/10.1371/journal.pcbi.1003833
# - Tufte, E. R. (2001). *The visual display of quantitative information* (2nd ed.). Graphics Press.
# - Wong, B. (2011). Points of view: Color blindness. *Nature Methods*, 8, 441.
#   https://doi.org/10.1038/nmeth.1618
#
# 工具包的全部图形见[图库](gallery.ipynb)。下一课：[08 自己的语料](08-your-own-corpus.ipynb)。
