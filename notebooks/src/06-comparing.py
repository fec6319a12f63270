# %% [markdown] tags=["en"]
# # 06 Comparing: keyness, dimensions, formulas
#
# **What you will do.** Compare what texts on regulations say with what others say, first by hand
# on one word, then for all words; compare two cities on the four dimensions of governance; and
# set aside what everybody writes.
#
# **What you will learn.** To compare frequencies of groups of different size; to read log ratio,
# interval, p and q, and to say why they are counted in texts and not in words; to go back from a
# number to its lines; to tell key from important; to say when there are too few texts.
#
# **What you need.** [03 Words](03-words.ipynb). Topics are not needed.
#
# **Time.** 45 minutes.
#
# **Data.** The sample corpus. It was written for learning: what differs between cities here is
# what their writers chose. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 06 比较：关键词、维度、套语
#
# **要做什么。** 比较法规类文本与其他文本说了什么：先就一个词手算，再推广到所有词；
# 在治理的四个维度上比较两座城市；最后把各处通用的套话排除在统计之外。
#
# **学会什么。** 比较大小不等的两组文本的词频；读懂对数比、区间、p 和 q，说清检验为什么以篇而不以词为单位；
# 从数字回到原文；分清“关键”与“重要”；说清什么时候文本太少，不能比。
#
# **需要什么。** [03 词](03-words.ipynb)。不需要主题模型。
#
# **用时。** 45分钟。
#
# **数据。** 示例语料，为教学而写：这里城市之间的差别，只是撰写者的取舍。
# 术语见[术语表](../../docs/glossary.md)。

# %%
import warnings

import pandas as pd

from toolkit import (
    Codebook,
    Corpus,
    clean,
    concordance,
    keyness,
    score_framework,
    segment,
    term_weights,
    tfidf,
    without_formulas,
)
from toolkit.exercises import exercises
from toolkit.figures import plot_dimensions, plot_keyness

LANG = "en"
check = exercises("06-comparing", lang=LANG)
pd.set_option("display.max_colwidth", None)
corpus = clean(Corpus.sample()).corpus
sections = corpus.split("section")
tokens = segment(sections)

# %% [markdown] tags=["en"]
# ## 1 One word, by hand
#
# How often does 条例 (a local regulation) stand in the seven texts on regulations, and how often in
# the other thirty-four?
# %% [markdown] tags=["zh"]
# ## 1 先拿一个词手算
#
# “条例”在7篇法规类文本里出现多少次？在其余34篇里呢？

# %%
words = keyness(tokens, {"kind": "regulation"})
one = words[words["term"] == "条例"].iloc[0]
regulation = segment(sections.select(kind="regulation"))
size = pd.Series([len(regulation.codes), len(tokens.codes)])
print("in texts on regulations:", one["count_target"], "of", size[0], "words")
print("in all other texts:     ", one["count_reference"], "of", size[1] - size[0], "words")

# %% [markdown] tags=["en"]
# 49 and 51: about the same? No: the second group is nearly five times as large. Counts of groups of
# different size cannot be compared,
# [**rates**](../../docs/glossary.md#relative-frequency) can. Per 10,000 words:
# %% [markdown] tags=["zh"]
# 49次和51次，差不多？不对，第二组的篇幅几乎是第一组的五倍。两组大小不等，次数不能直接比，
# 要比[**频率**](../../docs/glossary.md#relative-frequency)。每万词：

# %%
rate_target = one["count_target"] / size[0] * 10_000
rate_reference = one["count_reference"] / (size[1] - size[0]) * 10_000
print(round(rate_target, 1), round(rate_reference, 1))

# %% [markdown] tags=["en"]
# **Question 1.** How many times as often is 条例 used in texts on regulations as in the others?
# Round to one digit after the point.
# %% [markdown] tags=["zh"]
# **第1题。** 法规类文本使用“条例”的频率，是其他文本的多少倍？保留一位小数。

# %% tags=["solution"]
q1 = round(rate_target / rate_reference, 1)
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# The [log ratio](../../docs/glossary.md#log-ratio) is this number as a power of two: 0 means
# equally often, 1 twice as often, 2 four times, −1 half as often. Here it is 2.22, since 2 to the
# power of 2.22 is 4.7.
#
# ## 2 All words at once
# %% [markdown] tags=["zh"]
# [对数比](../../docs/glossary.md#log-ratio)（log ratio）就是把倍数写成2的多少次方：0表示一样多，
# 1表示两倍，2表示四倍，−1表示一半。这里是2.22，因为2的2.22次方约等于4.7。
#
# ## 2 所有的词一起算

# %%
names = {"en": ("regulation", "the others"), "zh": ("法规解读", "其余")}[LANG]
_ = plot_keyness(tokens, {"kind": "regulation"}, names=names, n=8, lang=LANG)

# %% [markdown] tags=["en"]
# You should see bars to the right for words that texts on regulations use more, and to the left for
# those they use less; the words with most evidence stand at the two ends. The length is the log
# ratio. The thin line is a 95% interval: what the bar might have been with other *texts* of the same
# kinds. A hollow bar is a warning: one text holds over half of the occurrences, or one group never
# uses the word.
#
# The table behind it:
# %% [markdown] tags=["zh"]
# 您应该看到：向右的条是法规类文本用得多的词，向左的是用得少的词，证据最多的排在上下两端；长度就是对数比。
# 细线是95%区间：如果换一批同类**文本**，这根条可能落在哪里。
# 空心条是提醒：一半以上的出现都在同一篇里，或者有一组从来不用这个词。
#
# 图背后的表：

# %%
shown = [
    "term",
    "count_target",
    "count_reference",
    "log_ratio",
    "low",
    "high",
    "p",
    "q",
    "most_of",
    "absent_in",
]
words[shown].head(12).round(2)

# %% [markdown] tags=["en"]
# Three groups of columns answer three questions:
#
# - `log_ratio`: **how large** is the difference?
# - `p`, `q`: **how much evidence** is there that it is more than chance? If whole texts had been put
#   into the two groups at random, a share `p` of such words would differ as clearly. 881 words were
#   looked at, and 5 in 100 have `p` below .05 by chance alone; `q` allows for that. Only 法规, 条例
#   and 条文 have `q` below .05. The rest are hints.
# - `low`, `high`: how large may it be with **other texts** of these kinds? The interval leaves out
#   0 just where `p` is at most .05.
#
# `most_of` names a text that holds over half of the occurrences in the group that uses the word more:
# such a word is about one text. `absent_in` names the group that never uses the word: 0 has no
# logarithm, so 0.5 stands for it, and the interval is open at that side (`inf`).
#
# ### Why texts, and not words?
#
# A word comes in heaps: a text that says 首尔 (Seoul) once says it again. 首尔 stands seven times
# in texts on regulations and never in the others:
# %% [markdown] tags=["zh"]
# 三组数字回答三个问题：
#
# - `log_ratio`：差别**有多大**？
# - `p` 和 `q`：有**多少证据**表明差别不只是偶然？假如把文本整篇整篇地随机分成两组，这样的词有比例为 `p`
#   的会差得同样明显。这里一次看了881个词，单凭偶然，每100个就有5个的 `p` 小于 .05；`q` 把这一点算了进去。
#   `q` 小于 .05 的只有“法规”“条例”“条文”，其余的只是线索。
# - `low`、`high`：换一批同类**文本**，差别可能有多大？`p` 不超过 .05 时，区间恰好不含0。
#
# 用得多的那一组里，如果一半以上的出现都在同一篇，`most_of` 会指出是哪一篇：这样的词说的是那一篇。`absent_in` 指出哪一组一次也没有
# 用过这个词：0没有对数，只好用0.5代替，区间在那一侧是敞开的（`inf`）。
#
# ### 为什么以篇为单位，而不以词为单位？
#
# 词是扎堆出现的：一篇文章提了一次“首尔”，就会再提。“首尔”在法规类文本里出现7次，在其余文本里一次也没有：

# %%
words.loc[words["term"] == "首尔", ["term", "log_ratio", "g2", "p", "q", "docs_target", "most_of"]]

# %% [markdown] tags=["en"]
# [Log-likelihood](../../docs/glossary.md#log-likelihood) (`g2`) takes the seven as seven independent
# witnesses. 24.7 is far above 10.83, which tables give for p < .001. But all seven stand in *one*
# text. There is one witness, and of texts dealt at random that one falls somewhere: p is .05, q .82.
#
# This is no rare accident. Divide these 41 texts at random into 7 and 34, and some hundred of the
# 881 words have a G² above 3.84 ("p < .05"), where 44 would have if words were independent. So the toolkit gives G² as a
# description, without a p, and tests whole texts (a
# [**permutation test**](../../docs/glossary.md#permutation-test)).
#
# A large ratio is no evidence either. Sort by it:
# %% [markdown] tags=["zh"]
# [对数似然比](../../docs/glossary.md#log-likelihood)（`g2`）把这7次当作7个互不相干的证人：24.7远远超过
# 10.83，查表就是 p < .001。可是7次都在**同一篇**里，证人只有一个；文本随机分组，这一篇总要落在某一组里。
# 按篇检验，p 是 .05，q 是 .82。
#
# 这并非个别。把这41篇随机分成7篇和34篇，881个词里约有100个的 G² 超过3.84（所谓“p < .05”）；词若真是独立的，只会有44个左右。
# 所以工具包给出 G² 只作描述，不给它 p 值；检验则以整篇文本为单位（[**置换检验**](../../docs/glossary.md#permutation-test)）。
#
# 倍数大也不是证据。按倍数排一排：

# %%
largest = words.nlargest(10, "log_ratio")
largest[shown].round(2)

# %% [markdown] tags=["en"]
# **Question 2.** Of which of these ten words does one text hold over half? Give a set.
# %% [markdown] tags=["zh"]
# **第2题。** 这10个词里，哪些有一半以上出现在同一篇文本里？用集合作答。

# %% tags=["solution"]
q2 = set(largest.query("most_of != ''")["term"])
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 3 Back to the lines
#
# 解读 (interpretation) is among the first. Why would a *regulation* interpret? Read before you
# explain. Search the *tokens* that keyness counted: a corpus is searched by characters, and also
# gives titles, headings and longer words that hold the two.
# %% [markdown] tags=["zh"]
# ## 3 回到原文
#
# “解读”名列前茅。**法规**为什么要“解读”呢？先读原文，再作解释。要在统计时用的 `tokens` 里查：
# 在语料里查是按字查，标题、小标题和包含这两个字的长词也会列出来。

# %%
lines = concordance(regulation, "解读", window=8)
print(len(lines), "lines;", words.set_index("term").loc["解读", "count_target"], "counted")
lines[["left", "match", "right", "doc_id"]]

# %% [markdown] tags=["en"]
# You should see 8 lines, as many as were counted. Read them: these texts are not regulations, they
# are *about* regulations. `kind` is a label that somebody gave, and keyness has shown us what it
# means. This is a result, though not the one we were looking for.
#
# ### Key is not important
#
# 城市 is the most frequent word of the corpus. Where does it stand?
# %% [markdown] tags=["zh"]
# 您应该看到8行，与统计的次数相同。读下来会发现：这些文本并不是法规，而是**谈论**法规的文章。`kind` 是别人贴的标签，
# 关键词分析让我们看清了这个标签的含义。这也是一个发现，虽然不是我们原先要找的。
#
# ### 关键不等于重要
#
# “城市”是全部语料里最常见的词。它排在哪里？

# %%
words.loc[words["term"] == "城市", ["term", "count_target", "count_reference", "log_ratio", "q"]]

# %% [markdown] tags=["en"]
# Near the end: texts on regulations use it less than the others do, if that is no chance (`q` is .76).
# Even so it stands twelve times in them, in five of the seven.
# **[Keyness](../../docs/glossary.md#keyness) tells what sets a group apart from another, not what it
# is about.** So it depends on the other group. Against theory only:
# %% [markdown] tags=["zh"]
# 几乎垫底：法规类文本用它比别人少，而且这还可能只是偶然（`q` 是 .76）。
# 即便如此，它在7篇中的5篇里出现了12次。**[关键性](../../docs/glossary.md#keyness)说的是一组文本与另一组有何不
# 同，不是它在讲什么。** 所以换一个参照组，结果就会变。只与理论文章比：

# %%
against_theory = keyness(tokens, {"kind": "regulation"}, {"kind": "theory"})
against_theory[["term", "count_target", "count_reference", "log_ratio"]].head(10).round(2)

# %% [markdown] tags=["en"]
# **Question 3.** Which of the first ten words against theory are *not* among the first ten of
# `words`, which compares with all other texts? Give a set.
# %% [markdown] tags=["zh"]
# **第3题。** 与理论文章相比的前10个词里，哪些**不在** `words`（与其余全部文本相比）的前10个之中？
# 用集合作答。

# %% tags=["solution"]
q3 = set(against_theory["term"].head(10)) - set(words["term"].head(10))
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# ## 4 A mistake made on purpose: a city by three texts
#
# Now what everyone wants to know: what is typical of Beijing?
# %% [markdown] tags=["zh"]
# ## 4 故意犯错：用三篇文本代表一座城市
#
# 现在来问大家最想知道的：北京的特点是什么？

# %%
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    beijing = keyness(tokens, {"city": "北京"})
print(told[0].message)
beijing[["term", "count_target", "log_ratio", "g2", "docs_target", "most_of"]].head(6).round(2)

# %% [markdown] tags=["en"]
# The toolkit refuses to test: three texts cannot tell what other texts of Beijing would say. And
# the last column shows that the "city" is for the most part *one article*. (In
# [04](04-tfidf.ipynb) 城市 stood 50 times in that article, here 45 times: cut into sections, a text
# gives its title and headings away as labels, and five of the fifty stand there.)
#
# **Question 4.** What share of the occurrences of 城市 in texts on Beijing is in the one article
# `beijing-2023`? (A number from 0 to 1, two digits.)
# %% [markdown] tags=["zh"]
# 工具包拒绝作检验：三篇文本说明不了北京的其他文本会怎么写。再看最后一列，所谓“北京”，
# 大半只是**一篇文章**。（在[04](04-tfidf.ipynb)里，这篇文章有50个“城市”，这里是45个：按节切分之后，
# 题目和小标题成了标签，不再计入正文，而那50个里有5个就在题目和小标题中。）
#
# **第4题。** 写北京的文本里，“城市”的出现有多大比例集中在 `beijing-2023` 这一篇？（0到1之间的数，
# 保留两位小数。）

# %% tags=["solution"]
article = segment(sections.select(doc_id="beijing-2023")).frequencies
q4 = round(article["城市"] / beijing.set_index("term").loc["城市", "count_target"], 2)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# ## 5 Dimensions: words that stand for ideas
#
# The article on Beijing speaks of governance in four ways: refined (精治), smart (智能化),
# participatory (共治), law-based (法治). A [**codebook**](../../docs/glossary.md#codebook) lists words that stand for each of these
# dimensions. In a sentence it finds:
# %% [markdown] tags=["zh"]
# ## 5 维度：用一组词代表一个概念
#
# 那篇北京文章从四个方面谈治理：精细化（精治）、智能化、多元参与（共治）、
# 法治化（法治）。[**编码本**](../../docs/glossary.md#codebook)（codebook）为每个维度列出代表它的词。在一个句子里，它能找到：

# %%
codebook = Codebook.load()
print(codebook)
[*codebook.find("深化接诉即办改革，搭建协商平台，依法治理。")]

# %% [markdown] tags=["en"]
# The codebook counts *words*, not strings of characters. 自治 (self-government) is a word of
# participation; is it found in these two?
# %% [markdown] tags=["zh"]
# 编码本数的是**词**，不是字串。“自治”属于多元参与；下面两句里各能找到几个？

# %%
for sentence in ("广西壮族自治区推进居民自治。", "发展智慧农业，建设智慧城市。"):
    print(sentence, [term for term, _ in codebook.find(sentence)])

# %% [markdown] tags=["en"]
# 居民自治 is found, the 自治 of 自治区 (an autonomous region: a name) is not; 智慧城市 is found, 智慧农业
# (smart farming) is not. A search for the string would have made every report of Guangxi a text on
# participation. A term counts where it stands as whole words, and a row with weight 0 sets a longer
# word aside that is about something else.
# %% [markdown] tags=["zh"]
# 找到的是“居民自治”，而“自治区”里的“自治”不算：那是行政区划的名称。同样，“智慧城市”算，“智慧农业”不算。
# 若按字串查找，广西的每一份报告都会变成在谈多元参与。词条要作为完整的词出现才算数；
# 编码本里权重为0的行，用来排除那些另有所指的长词。

# %%
scores = score_framework(sections, codebook)
_ = plot_dimensions(scores, groups=["北京", "上海"], lang=LANG)

# %% [markdown] tags=["en"]
# You should see two points and two lines in each row. This is the first of two readings, the
# *emphasis*: 1 is as usual **in this corpus**, at 2 a city speaks of the dimension twice as much as
# the texts do on average. Length drops out. (The second reading comes below.)
#
# What are the lines? With fewer than five texts of a city they come from resampling *sentences*:
# they tell how much hangs on single sentences, **not** how other texts of the city would be.
# %% [markdown] tags=["zh"]
# 您应该看到每行有两个点和两条线。编码本有两种读法，这是第一种，**侧重**（emphasis）：1表示与**这份语料**的平均水平相当，
# 2表示该市文本对这一维度的侧重程度是平均水平的两倍。篇幅长短已经除去。（第二种读法见下文。）
#
# 线段是什么？一座城市的文本不足5篇时，它来自对**句子**的重抽样：
# 说的是结果多大程度上取决于个别句子，**不是**这座城市的其他文本会怎样。

# %%
emphasis = scores.emphasis("city")
two = emphasis[emphasis["city"].isin(["北京", "上海"])]
two[["city", "dimension", "emphasis", "low", "high", "n_docs", "resampled"]].round(2)

# %% [markdown] tags=["en"]
# **Question 5.** In which dimension do the intervals of the two cities not overlap? Give its name
# as it stands in the table.
# %% [markdown] tags=["zh"]
# **第5题。** 在哪个维度上，两座城市的区间没有重叠？写出表中的名称。

# %% tags=["solution"]
ends = two.groupby("dimension")[["low", "high"]].agg({"low": "max", "high": "min"})
q5 = ends.index[ends["low"] > ends["high"]][0]
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# Which sentences make it so? A dimension that cannot be read in its sentences is a number without
# a meaning.
# %% [markdown] tags=["zh"]
# 是哪些句子造成的？如果一个维度在句子里读不出来，它的分数就没有意义。

# %%
evidence = scores.evidence(1, by="city").query("city in ['北京', '上海']")
evidence[["dimension", "city", "terms", "sentence"]]

# %% [markdown] tags=["en"]
# And which words make it so? A score that hangs on one word is a count of that word under a larger
# name. `terms` gives the share of each term in a score; if one gives more than a quarter in the whole
# corpus, `score_framework` warns.
# %% [markdown] tags=["zh"]
# 又是哪些词造成的？如果一个分数全靠一个词，那它就只是这个词的词频，换了个更大的名目。
# `terms` 给出每个词条在分数中所占的份额；若在全部语料中有哪个词条超过四分之一，`score_framework` 会发出警告。

# %%
share = scores.terms("city").query("city == '北京'").groupby("dimension", sort=False).head(3)
share[["dimension", "term", "count", "weight", "share", "n_docs"]].round(2)

# %% [markdown] tags=["en"]
# You should see that no word gives more than 15% of the score in three of the dimensions. But 29% of
# what Beijing says on smart governance is one word, 智慧城市: five occurrences in two texts. Whoever
# quotes that score quotes these five.
#
# ### The second reading: what is this passage about?
#
# Emphasis compares with the corpus, so in every corpus something is above 1, be it a corpus on
# cooking. `classify` asks another question, passage by passage: about which dimension is it, or about
# *none*? It counts terms and knows no average.
# %% [markdown] tags=["zh"]
# 您应该看到，有三个维度，没有哪个词超过15%。可是北京谈智能化的分数，29%来自“智慧城市”一个词：在两篇里出现5次。
# 谁引用这个分数，引用的就是这5次。
#
# ### 第二种读法：这一段讲的是什么？
#
# 侧重是与语料的平均水平相比，所以任何语料里总有高于1的，哪怕讲的是烹饪。`classify` 问的是另一个问题：
# 逐段判断它讲的是哪个维度，还是**哪个也不是**（none）。它只数词条，不与平均水平比。

# %%
about = scores.classify().set_index("unit_id")["dimension"]
pd.crosstab(about, sections.units["dimension"], rownames=["classify"], colnames=["label"])

# %% [markdown] tags=["en"]
# Columns are the labels that the writers of the sections gave, rows what `classify` says. 140 of the
# 164 sections that have one of the four labels stand on the diagonal. 15 sections are about none,
# four of them from one text on Hong Kong, which has other words for the same things. And of the 58
# labelled *general* (openings, closings), 51 are given a dimension all the same: "none" says only that
# hardly any of the listed words is there.
# %% [markdown] tags=["zh"]
# 列是撰写者给各节标的维度，行是 `classify` 的判断。标了四个维度之一的有164节，其中140节在对角线上。
# 有15节哪个维度也不是，其中4节出自同一篇讲香港的文本，那里说同样的事用的是另一套词。
# 另外，标为 general（开头、结尾等泛谈）的58节里，仍有51节被判给了某个维度：none 只表示表中的词几乎一个也没有。

# %% [markdown] tags=["en"]
# ## 6 What everybody writes
#
# Official texts share fixed phrases. If every city writes the same opening, it tells nothing about
# any of them, and yet it fills the counts. Five made-up openings:
# %% [markdown] tags=["zh"]
# ## 6 各处通用的套话
#
# 官方文本共用许多固定表述。如果每座城市的开头都一样，它对哪一座都说明不了什么，却占满了词频。
# 拿五个虚构的开头来看：

# %%
formula = "坚持以人民为中心的发展思想，统筹发展和安全，"
own = {
    "甲": "今年新增公交线路二十条。",
    "乙": "老城区全部完成雨污分流。",
    "丙": "热线办结诉求三万件。",
    "丁": "网格员上门走访独居老人。",
    "戊": "出台养犬管理条例。",
}
openings = Corpus.from_texts({name: formula + text for name, text in own.items()})
rest = without_formulas(openings)
print(rest.phrases.to_string(index=False))
for reading in (openings, rest.corpus):
    print(term_weights(tfidf(segment(reading), min_df=1, max_df=1.0), n=5)["term"].tolist())

# %% [markdown] tags=["en"]
# You should see the formula, found in five texts; the first list of words holds the common words of
# the formula, the second only what the cities have for themselves. The formula is blanked out, not
# deleted: every place in the text stays the same.
#
# And in our corpus?
# %% [markdown] tags=["zh"]
# 您应该看到：套语被找了出来，见于5篇；第一行的词里混着套语中的词，第二行只剩各市自己的内容。
# 套语是被空格替换而不是删除，所以文中每个位置都不变。
#
# 那么示例语料呢？

# %%
print(len(without_formulas(corpus).phrases))
without_formulas(corpus, min_docs=4, min_chars=8).phrases

# %% [markdown] tags=["en"]
# You should see 0, then four phrases. With the usual limits nothing is found: the texts were
# written one by one. With looser limits come the names of a regulation and of a conference, a plan,
# a date. **What is repeated is not always empty.** Look at the list before you set anything aside;
# in real government work reports it will be long.
#
# What not to conclude:
#
# - from a key word: that it matters to the group. It *differs*;
# - from a small q: that the difference is large. Look at the interval, and at `most_of`;
# - from a large log ratio, or a large G²: that it is more than chance. That is what p and q are for;
# - from a high score on a dimension: that the city governs so. It is *written about* so;
# - from a codebook that somebody wrote: that it measures what its names say. `validate_framework`
#   compares it with labels, see [the study](study.ipynb).
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Compare `{"kind": "theory"}` with all others. Which three words would you quote, and which line
#    of the concordance for each?
# 2. Set `form="four-cell"` in `keyness`. Which columns change? (Its docstring says which to quote.)
# 3. Draw `plot_dimensions(scores, by="region", lang=LANG)`. For which regions are the intervals
#    over documents? Why is that better?
# 4. Take ten terms of one dimension out of the codebook, with `Codebook(table)`. How far does the
#    figure move?
#
# ## Further reading
#
# - Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
#   *Computational Linguistics*, 19(1), 61–74. https://aclanthology.org/J93-1003/
# - Gabrielatos, C. (2018). Keyness analysis: Nature, metrics and techniques. In C. Taylor & A.
#   Marchi (Eds.), *Corpus approaches to discourse: A critical review* (pp. 225–258). Routledge.
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Krippendorff, K. (2018). *Content analysis: An introduction to its methodology* (4th ed.). Sage.
# - Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., & Mannila, H. (2016).
#   Significance testing of word frequencies in corpora. *Digital Scholarship in the Humanities*,
#   31(2), 374–397. https://doi.org/10.1093/llc/fqu064
#
# Next: [07 Figures for a paper](07-figures.ipynb).
# %% [markdown] tags=["zh"]
# 您应该看到先是0，然后是四条。按通常的标准一条也没有，因为这些文本是一篇一篇单独写的。放宽标准，
# 找到的是条例名、会议名、年度计划和日期。**重复的不一定是空话。** 把任何东西放到一边之前，
# 先看清单；换成真正的政府工作报告，清单会很长。
#
# 不能这样下结论：
#
# - 因为是关键词，就说它对这组文本重要。它只是**不同**；
# - 因为 q 很小，就说差别很大。要看区间和 `most_of`；
# - 因为对数比或 G² 很大，就说不是偶然。是不是偶然，要看 p 和 q；
# - 因为某维度得分高，就说这座城市就是这样治理的。只是文本里**这样写**；
# - 因为编码本里的维度叫这个名字，就以为量的就是这个概念。`validate_framework` 拿它与人工标签比对，
#   见[研究笔记本](study.ipynb)。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 把 `{"kind": "theory"}` 与其余文本相比。您会引用哪三个词？每个词引哪一行原文？
# 2. 在 `keyness` 中设 `form="four-cell"`。哪几列变了？（它的说明文档写明了该引用哪一种。）
# 3. 画 `plot_dimensions(scores, by="region", lang=LANG)`。哪些地区的区间是按文档重抽样的？
#    为什么这样更好？
# 4. 从编码本某个维度里拿掉十个词，用 `Codebook(table)` 重算。图变了多少？
#
# ## 延伸阅读
#
# - Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
#   *Computational Linguistics*, 19(1), 61–74. https://aclanthology.org/J93-1003/
# - Gabrielatos, C. (2018). Keyness analysis: Nature, metrics and techniques. In C. Taylor & A.
#   Marchi (Eds.), *Corpus approaches to discourse: A critical review* (pp. 225–258). Routledge.
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Krippendorff, K. (2018). *Content analysis: An introduction to its methodology* (4th ed.). Sage.
# - Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., & Mannila, H. (2016).
#   Significance testing of word frequencies in corpora. *Digital Scholarship in the Humanities*,
#   31(2), 374–397. https://doi.org/10.1093/llc/fqu064
#
# 下一课：[07 论文里的图](07-figures.ipynb)。
