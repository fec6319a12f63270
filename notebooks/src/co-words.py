# %% [markdown] tags=["en"]
# # Co-word analysis
#
# **What you will do.** Go from counts of words to a matrix, to clusters, to a network and to a
# strategic diagram, without another program, and hand the result to those that co-authors use.
#
# **What you will learn.** What each step decides, and what none of them can tell.
#
# **What you need.** [03 Words](03-words.ipynb).
#
# **Time.** 25 minutes.
#
# **Data.** The sample corpus. Its texts were written for the toolkit (one article aside): the
# numbers show the method, not cities. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 共词分析
#
# **要做什么。** 从词频到矩阵，到聚类，到网络，到战略坐标图，不用别的软件；最后把结果交给合作者常用的软件。
#
# **学会什么。** 每一步替您决定了什么，哪些是哪一步都说不了的。
#
# **需要什么。** [03 词语](03-words.ipynb)。
#
# **用时。** 25分钟。
#
# **数据。** 示例语料。除一篇文章外，文本都是为工具包撰写的：数字说明方法，不说明城市。术语见[术语表](../../docs/glossary.md)。

# %%
# %config InlineBackend.print_figure_kwargs = {"dpi": 110}
from pathlib import Path
from tempfile import mkdtemp

from IPython.display import display

from toolkit import Corpus, clean, cooccurrence, segment
from toolkit.compare import cluster_words, cooccurrence_matrix, save_network, word_network
from toolkit.figures import plot_cooccurrence, plot_dendrogram, plot_strategic_diagram

LANG = "en"
tokens = segment(clean(Corpus.sample()).corpus.split("section"))

# %% [markdown] tags=["en"]
# ## 1 Which words
#
# Studies take the most frequent words, and so decide what can be found: a word that is not here
# has no place on any map. Look at the list before you go on; words that say nothing of your
# question belong into the stop list, and variants of one word should be counted as one.
# %% [markdown] tags=["zh"]
# ## 1 取哪些词
#
# 通常的做法是取最高频的词，这也就决定了能发现什么：不在其中的词，哪张图上都不会出现。先看一遍词表再往下做；
# 与问题无关的词放进停用词表，同一个词的不同写法先合并。

# %%
tokens.frequencies.head(12)

# %% [markdown] tags=["en"]
# ## 2 From counts to a matrix
#
# Two words meet in a sentence, in a passage (`within="unit"`) or in a window of so many words
# (`within=10`). The larger the place, the more meet, and the less it says. A raw count is largest
# for frequent words whatever they mean, so it is divided by what each word occurs: Ochiai's
# coefficient is the count by the geometric mean of the two frequencies, from 0 to 1.
# %% [markdown] tags=["zh"]
# ## 2 从词频到矩阵
#
# 两个词相遇的地方可以是一句话、一个片段（`within="unit"`）或若干个词的窗口（`within=10`）。地方越大，相遇越多，
# 说明的也越少。原始次数总是偏向高频词，所以要用各词的频次去除：Ochiai系数等于共现次数除以两词频次的几何平均，
# 取值0到1。

# %%
cooccurrence_matrix(tokens, n=6, measure="count")

# %%
cooccurrence_matrix(tokens, n=6).round(2)

# %% [markdown] tags=["en"]
# Beside it stands NPMI, which asks how much more often than by chance two words meet. Ochiai
# favours frequent pairs, NPMI rare ones that are always together. Neither is right: take the one
# whose question is yours, and see whether the other would change what you say.
# %% [markdown] tags=["zh"]
# 旁边再看NPMI：它问的是两个词相遇比偶然多多少。Ochiai偏向常见的词对，NPMI偏向少见却总在一起的词对。没有哪个更对：
# 按自己的问题选，再看换另一个结论会不会变。

# %%
pairs = cooccurrence(tokens, n=60)
for measure in ("ochiai", "npmi"):
    display(pairs.nlargest(6, measure)[["source", "target", "count", "ochiai", "npmi"]].round(2))

# %% [markdown] tags=["en"]
# ## 3 Clusters
#
# Words that go together most are put together first. Any words fall into clusters, those of a
# telephone book too. The percentages say in how many resamples of *whole texts* the very same
# cluster stands again: below one half, other texts of the same kind would give another one.
# %% [markdown] tags=["zh"]
# ## 3 聚类
#
# 关系最近的词先合并。任何一组词都能聚成类，电话簿也一样。百分数是按*整篇文本*重抽样时同一类再次出现的比例：
# 不到一半，换一批同类文本就会是另一类。

# %%
clusters = cluster_words(tokens, n=25, n_boot=100)
ax = plot_dendrogram(clusters, lang=LANG)

# %% [markdown] tags=["en"]
# ## 4 The network
#
# Which pairs become lines? A threshold of one's own choice makes any network one likes. Here each
# word is dealt whole texts in another order, so that it stays as frequent and as bursty as it is,
# and only which words meet is left to chance; lines are the pairs that stand out so far that at
# most 5% of them are as many as chance gives, in three texts or more. Degree counts the lines of a
# word, strength adds their weights; betweenness and closeness look at the lines alone.
# %% [markdown] tags=["zh"]
# ## 4 网络
#
# 哪些词对连线？阈值自己定，想要什么网络都有。这里让每个词各自按另一种顺序分到整篇文本：词频不变，扎堆的程度不变，
# 只有哪些词相遇交给偶然；连线的是远超偶然的词对，其中偶然所致的至多占5%，且至少在三篇文本中相遇。度数是一个词的连线数，
# 强度是权重之和；中介中心度和接近中心度只看有没有连线。

# %%
network = word_network(tokens)
network

# %%
ax = plot_cooccurrence(network, lang=LANG)

# %%
network.nodes.sort_values("strength", ascending=False).head(8).round(2)

# %% [markdown] tags=["en"]
# Communities are what one method finds with one seed. Modularity is above 0 for networks without
# any as well; with few lines it is always high. Take another seed, and another measure.
# %% [markdown] tags=["zh"]
# 社群是一种方法、一个种子的结果。没有社群的网络，模块度也大于0；连线少，模块度总是高。换个种子、换个系数再看。

# %%
for measure in ("ochiai", "npmi"):
    for seed in (0, 1):
        print(measure, seed, word_network(tokens, measure=measure, seed=seed))

# %% [markdown] tags=["en"]
# ## 5 The strategic diagram
#
# Density says how close the words of a community are, centrality how much they have to do with
# the others. The lines are medians, so half of the themes are always below: "emerging or
# declining" is a place on this map, not a finding. What emerges needs two periods.
# %% [markdown] tags=["zh"]
# ## 5 战略坐标图
#
# 密度说的是社群内部有多紧，向心度说的是它与其他社群联系多少。线是中位数，总有一半在线下：“新兴或衰退”只是图上的位置，
# 不是发现。要说新兴，得比较两个时期。

# %%
network.themes().round(2)

# %%
ax = plot_strategic_diagram(network, lang=LANG)

# %% [markdown] tags=["en"]
# ## 6 To other programs
#
# One folder holds the network for Gephi, Pajek, Ucinet and VOSviewer, and its tables for Excel.
# %% [markdown] tags=["zh"]
# ## 6 交给别的软件
#
# 一个文件夹里有Gephi、Pajek、Ucinet、VOSviewer能打开的网络文件，也有Excel表。

# %%
folder = save_network(network, Path(mkdtemp()) / "network")
sorted(path.name for path in folder.iterdir())

# %% [markdown] tags=["en"]
# ## What may be said
#
# That these words share sentences in these texts more often than chance would have it, and in how
# many texts. Not that one causes the other, that the authors see a link, or that a theme matters:
# a formula that all texts repeat makes the strongest lines of all. Read the sentences behind a
# line, `concordance(corpus, "…")`, before you interpret it.
# %% [markdown] tags=["zh"]
# ## 能说什么
#
# 能说的是：在这些文本里，这些词同句出现得比偶然多，以及在多少篇里如此。不能说一个引起另一个，不能说作者认为二者有关，
# 也不能说哪个主题重要：人人照抄的套话会给出最强的连线。解释一条线之前，先用 `concordance(corpus, "…")` 读读背后的句子。

# %% [markdown] tags=["en"]
# ## Further reading
#
# - Callon, M., Courtial, J.-P., & Laville, F. (1991). Co-word analysis as a tool for describing the
#   network of interactions between basic and technological research. *Scientometrics*, 22(1),
#   155–205.
# - Cobo, M. J., López-Herrera, A. G., Herrera-Viedma, E., & Herrera, F. (2011). An approach for
#   detecting, quantifying, and visualizing the evolution of a research field. *Journal of
#   Informetrics*, 5(1), 146–166.
# %% [markdown] tags=["zh"]
# ## 延伸阅读
#
# - Callon, M., Courtial, J.-P., & Laville, F. (1991). Co-word analysis as a tool for describing the
#   network of interactions between basic and technological research. *Scientometrics*, 22(1),
#   155–205.
# - Cobo, M. J., López-Herrera, A. G., Herrera-Viedma, E., & Herrera, F. (2011). An approach for
#   detecting, quantifying, and visualizing the evolution of a research field. *Journal of
#   Informetrics*, 5(1), 146–166.
