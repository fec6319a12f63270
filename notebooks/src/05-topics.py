# %% [markdown] tags=["en"]
# # 05 Topics: how NMF sees a text, choosing k, stability
#
# **What you will do.** Let a topic model read six sentences that you can check by hand, then 222
# sections of 41 texts. Name the topics, ask how many there should be and how sure each is, and
# build a topic that is perfectly stable and worth nothing.
#
# **What you will learn.** To explain what a topic is in terms of a table of numbers; to read a
# topic from its passages before you name it; to choose a number of topics and defend it; to tell
# stable from valid.
#
# **What you need.** [04 TF-IDF](04-tfidf.ipynb): a topic model reads the table made there.
#
# **Time.** 45 minutes; the cells themselves take less than one.
#
# **Data.** The sample corpus: one article and 40 texts written for learning. They show how the
# method behaves, not how cities are governed. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 05 主题：NMF 怎样读文本，主题数怎么定，主题稳不稳
#
# **要做什么。** 先让主题模型读六个可以手工核对的句子，再读41篇文本的222节；给主题命名，
# 问一问该分几个、每个有多可靠，最后亲手造出一个“百分之百稳定却毫无意义”的主题。
#
# **学会什么。** 用一张数字表说清主题是什么；先读原文再给主题命名；选定主题数并为之辩护；
# 分清“稳定”与“有效”。
#
# **需要什么。** [04 TF-IDF](04-tfidf.ipynb)：主题模型读的就是那里算出的权重表。
#
# **用时。** 45分钟；真正运行的时间不到一分钟。
#
# **数据。** 示例语料：一篇文章和40篇为教学撰写的文本。它们能说明方法怎样工作，
# 不能说明城市如何治理。术语见[术语表](../../docs/glossary.md)。

# %%
import numpy as np
import pandas as pd

from toolkit import (
    Corpus,
    choose_k,
    clean,
    compare_topics,
    fit_topics,
    label_topics,
    segment,
    tfidf,
    topic_stability,
)
from toolkit.exercises import exercises
from toolkit.figures import plot_k_selection, plot_topic_terms

LANG = "en"
check = exercises("05-topics", lang=LANG)
pd.set_option("display.max_colwidth", None)

# %% [markdown] tags=["en"]
# ## 1 What the model sees: a table
#
# Six short sentences, named A to F. The first three are about a citizens' hotline (热线) and the
# requests (诉求) made on it; the next two about a data platform (数据, 平台); the last about both.
# %% [markdown] tags=["zh"]
# ## 1 模型看到的是一张表
#
# 六个短句，依次叫作A、B、C、D、E、F。前三句讲市民热线和诉求，D、E讲数据平台，F两样都讲。

# %%
sentences = {
    "A": "市民拨打热线反映诉求，热线受理诉求。",
    "B": "热线把市民诉求派给街道。",
    "C": "街道办理市民诉求，热线回访市民。",
    "D": "平台汇集数据，数据支撑平台。",
    "E": "数据进入平台，平台支撑场景。",
    "F": "热线诉求进入数据平台。",
}
small = tfidf(segment(Corpus.from_texts(sentences)), min_df=2, max_df=1.0)
pd.DataFrame(small.counts.toarray(), index=small.units.index, columns=small.terms)

# %% [markdown] tags=["en"]
# You should see six rows and eight columns: how often each word that occurs in at least two
# sentences stands in each. This table, weighted by TF-IDF, is **all** that the model is given. It
# does not know what 热线 means. Nor does it know who did what to whom:
# %% [markdown] tags=["zh"]
# 您应该看到六行八列：至少在两个句子里出现过的词，在每句中各出现几次。模型拿到的**全部**信息，
# 就是这张表按 TF-IDF 加权之后的样子。它不知道“热线”是什么意思，也不知道谁对谁做了什么：

# %%
swapped = Corpus.from_texts({"1": "热线把诉求派给街道。", "2": "街道把诉求派给热线。"})
counts = tfidf(segment(swapped), min_df=1, max_df=1.0).counts.toarray()
bool((counts[0] == counts[1]).all())

# %% [markdown] tags=["en"]
# `True`: the hotline sends requests to the sub-district office, or the office to the hotline, and
# for the model it is the same text. So is 加强监管 and 不加强监管, as 不 is a stop word. That is
# what a [bag of words](../../docs/glossary.md#bag-of-words) is. Keep it in mind when someone says
# that a model has "understood" a policy.
#
# ## 2 What the model does: two small tables for a big one
#
# NMF
# ([non-negative matrix factorisation](../../docs/glossary.md#non-negative-matrix-factorization))
# looks for two small tables whose product comes close to the big one: **how much of each topic a
# text holds**, and **how much each word weighs in a topic**. None of the numbers is below zero, so
# a text is a *sum* of topics.
# %% [markdown] tags=["zh"]
# 结果是 `True`：热线把诉求派给街道，还是街道把诉求派给热线，在模型眼里是同一段文字。
# “不”是停用词，所以“加强监管”和“不加强监管”也没有区别。
# 这就是[词袋](../../docs/glossary.md#bag-of-words)的含义。以后听到有人说模型“读懂了”政策，
# 请想起这一格。
#
# ## 2 模型做的事：用两张小表拼出一张大表
#
# NMF（[非负矩阵分解](../../docs/glossary.md#non-negative-matrix-factorization)）要找两张小表，
# 使它们的乘积尽量接近那张大表：一张写着**每段文本含多少主题**，一张写着**每个词在主题里有多重**。
# 所有数字都不小于零，所以文本是若干主题**相加**的结果。

# %%
two = fit_topics(small, k=2)
two.doc_topics().round(2)

# %%
two.top_terms(4).round(2)

# %% [markdown] tags=["en"]
# Read them together. Topic 1 is made of 市民, 热线, 诉求; sentences A, B, C consist of it. Topic
# 2 is 平台 and 数据. Nobody told the model so: it found that these words keep company.
#
# The product of the two tables is not the big table, only close to it. The part left over is:
# %% [markdown] tags=["zh"]
# 把两张表放在一起读：主题1由“市民、热线、诉求”组成，A、B、C几乎全是它；主题2是“平台”和“数据”。
# 没有人告诉模型这些，它只是发现这些词总在一起。
#
# 两张小表的乘积并不等于大表，只是接近。没有拼出来的部分占：

# %%
round(two.error, 2)

# %% [markdown] tags=["en"]
# **Question 1.** One of the six sentences is a mixture: neither topic holds more than four fifths
# of it. Which? Give its name.
# %% [markdown] tags=["zh"]
# **第1题。** 六句中有一句是混合的：没有哪个主题占到它的五分之四以上。是哪一句？写出它的名字。

# %% tags=["solution"]
q1 = two.doc_topics().max(axis=1).idxmin()
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ### Neighbours: the same thing in other words
#
# Six other sentences: three are about noise, three about a park. How alike are they? The cosine of
# two rows of the table is 1 if the words are the same and 0 if they have none in common.
# %% [markdown] tags=["zh"]
# ### 邻近片段：换了说法的同一件事
#
# 再来六句：三句讲噪声，三句讲公园。它们彼此有多像？取表中两行的余弦：用词完全相同为1，没有一个共同的词为0。

# %%
sayings = {
    "A": "居民投诉噪声。",
    "B": "业主反映扰民。",
    "C": "居民反映噪声扰民。",
    "D": "公园新增绿地。",
    "E": "市民喜爱绿地。",
    "F": "市民走进公园。",
}
said = tfidf(segment(Corpus.from_texts(sayings)), min_df=1, max_df=1.0)
alone = said.weights.toarray()
pd.DataFrame(alone @ alone.T, index=list(sayings), columns=list(sayings)).round(2)

# %% [markdown] tags=["en"]
# You read A ("residents complain of noise") and B ("flat owners report a disturbance") as the same
# thing. For the table they have nothing to do with each other: 0, just as A and D. But look at C:
# it has words of both. C is a
# [**neighbour**](../../docs/glossary.md#neighbours-of-a-passage) of A, and B one of C.
#
# So let each sentence be read together with its neighbours, the nearer the more, and with the
# neighbours of these:
# %% [markdown] tags=["zh"]
# 您一读就知道，A（“居民投诉噪声”）和B（“业主反映扰民”）说的是一回事。可在表里它们毫不相干：
# 余弦是0，与A和D之间一样。再看C：A的词它有，B的词它也有。C是A的
# [**邻近片段**](../../docs/glossary.md#neighbours-of-a-passage)，B又是C的邻近片段。
#
# 那就把每句话与它的邻近片段一并读，越近的分量越重；再加上邻近片段的邻近片段：

# %%
near = alone @ alone.T
np.fill_diagonal(near, 0)  # no sentence is its own neighbour
near /= near.sum(axis=1, keepdims=True)  # what the neighbours of a sentence add is 1 in all
together = alone + near @ alone + near @ near @ alone
together /= np.linalg.norm(together, axis=1, keepdims=True)
pd.DataFrame(together @ together.T, index=list(sayings), columns=list(sayings)).round(2)

# %% [markdown] tags=["en"]
# A and B are alike now, and neither has come any nearer to the park. What has A got from its
# neighbours? The words beside its own:
# %% [markdown] tags=["zh"]
# 现在A和B像了，而它们与讲公园的三句仍然毫不相干。A从邻近片段那里得到了什么？看它的词，前后对照：

# %%
words = pd.DataFrame({"alone": alone[0], "together": together[0]}, index=said.terms)
words[words["together"] > 0].sort_values("together", ascending=False).round(2)

# %% [markdown] tags=["en"]
# This is how `fit_topics` reads texts of 250 passages and more, with one difference: who is a
# neighbour is not told by the words themselves but by the company they keep. 投诉 and 反映 both stand beside
# 噪声 and 扰民 in many texts, so they count as nearly the same word. That is learnt from your texts
# alone; nothing is downloaded. Each passage gets its ten nearest.
#
# It has a price. A share is then one of the passage **and those like it**. Topics come closer to
# what people call alike ([by how much](../../docs/benchmarks/topics.md)), and two groups of texts
# look a little more alike than their own words are. Six sentences, or the 222 sections below, teach
# too little of the company of words, and are read one by one. `print(topics)` tells which it was;
# `method="nmf"` and `method="nmf-neighbours"` let you choose.
# %% [markdown] tags=["zh"]
# 片段达到250个时，`fit_topics` 就这样读文本，只有一点不同：谁是邻近片段，不看词本身是否相同，
# 而看词与哪些词为伴。在许多文本里，“投诉”和“反映”
# 身边都有“噪声”“扰民”，它们就近乎同一个词。这是只从您的文本里学来的，不下载任何东西。
# 每个片段取最近的十个。
#
# 这样做有代价：占比说的不再是这一片段，而是**它和与它相近的片段**。主题更接近人们的归类
# （[接近多少](../../docs/benchmarks/topics.md)），但两组文本看上去会比它们自己的用词更相像一些。
# 六句话，或者下面的222节，都太少，学不会词与词怎样为伴，所以仍逐段单独读。`print(topics)` 会说明是哪一种；
# 也可以用 `method="nmf"` 或 `method="nmf-neighbours"` 自己选。

# %% [markdown] tags=["en"]
# ## 3 The same with 222 sections
#
# Nothing new happens, only on a larger scale. Why sections and not whole texts? A text of two
# pages speaks of many things; the words that stand together in *one section* are more likely to
# belong together.
# %% [markdown] tags=["zh"]
# ## 3 换成222节文本
#
# 道理完全一样，只是规模大了。为什么用“节”而不用整篇？一篇两页长的文章什么都讲一点；
# 同在**一节**里的词，才更可能说的是同一件事。

# %%
cleaned = clean(Corpus.sample()).corpus
matrix = tfidf(segment(cleaned.split("section")))
topics = fit_topics(matrix, k=6)
print(matrix)
print(topics)

# %%
_ = plot_topic_terms(topics, n=8, lang=LANG)

# %% [markdown] tags=["en"]
# You should see six panels. Before you read on, write down in one or two words what you think
# each is about. The per cent in a title is the mean share of the topic in the sections.
#
# A section is never *in* a topic; it has shares of all six:
# %% [markdown] tags=["zh"]
# 您应该看到六格。往下读之前，先给每一格写一两个词：您觉得它讲什么？
# 标题里的百分数是该主题在各节中的平均占比。
#
# 一节文本并不“属于”某个主题，六个主题它都占一点：

# %%
topics.doc_topics().head(4).round(2)

# %% [markdown] tags=["en"]
# **Question 2.** In how many of the 222 sections is topic 4 the largest? (`idxmax(axis=1)` gives
# the column of the largest value in each row.)
# %% [markdown] tags=["zh"]
# **第2题。** 222节当中，有多少节以主题4为最大？（`idxmax(axis=1)` 给出每行最大值所在的列。）

# %% tags=["solution"]
q2 = int((topics.doc_topics().idxmax(axis=1) == 4).sum())
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 4 Read first, then name
#
# Words suggest a name too easily. These are the sections in which each topic is strongest, and
# the sentence that speaks most for it. Look above all at topic 6.
# %% [markdown] tags=["zh"]
# ## 4 先读，再命名
#
# 看着几个词就起名，太容易了。下面是各主题占比最高的两节，以及其中最能代表它的句子。请特别留意主题6。

# %%
topics.top_passages(2)[["topic", "doc_id", "words", "sentence"]]

# %% [markdown] tags=["en"]
# Topic 6 (工作, 治理, 城市, 会议 …) is less a subject than a register: the way one sums up a
# meeting. Models of official texts often have such a topic. Say so in your paper instead of
# inventing a subject for it; here we leave it without a name.
#
# **The model finds groups of words. The name is yours: it is a claim, and others may dispute it.**
# %% [markdown] tags=["zh"]
# 主题6（工作、治理、城市、会议……）与其说是一个议题，不如说是一种语体：概括会议精神时的写法。
# 官方文本的模型里常有这么一个主题。论文里应当如实说明，不必硬给它安一个议题；
# 这里就让它空着不命名。
#
# **模型给出的是一组词，名字是您起的：名字是一种主张，别人可以不同意。**

# %%
topics = label_topics(
    topics, {1: "数据与平台", 2: "旧改与公园", 3: "热线与诉求", 4: "网格与社区", 5: "地方立法"}
)
topics.names

# %% [markdown] tags=["en"]
# ### A common mistake: taking the number for the topic
#
# "Topic 4 grew" means nothing unless it is said of which fit. Ask for five topics and match them
# with the six by their words:
# %% [markdown] tags=["zh"]
# ### 常见错误：把编号当成主题
#
# 只说“主题4变多了”没有意义，要说清是哪一次拟合。改成五个主题，再按词把它们与原来的六个配对：

# %%
five = fit_topics(matrix, k=5)
matches = compare_topics(topics, five)
matches[["topic_a", "topic_b", "agreement", "correlation"]].round(2)

# %% [markdown] tags=["en"]
# What was topic 5 is topic 4 now: the numbers go by size. And one of the six is gone. So names are
# kept by words, too: `save_labels(topics, "labels.json")` writes them down, and after a new fit
# `carry_labels(five, "labels.json")` gives them to the topics that are alike, and says which
# names found none.
#
# **Question 3.** Which of the six topics has no counterpart among the five? Give its number.
# %% [markdown] tags=["zh"]
# 原来的主题5现在成了主题4：编号只按大小排。另外，六个里有一个不见了。所以名字也按词来存：
# `save_labels(topics, "labels.json")` 把名字记下，重新拟合后，
# `carry_labels(five, "labels.json")` 把名字交给相似的主题，并说明哪些名字没有着落。
#
# **第3题。** 六个主题中，哪一个在五个主题里找不到对应？写出它的编号。

# %% tags=["solution"]
q3 = int(matches.loc[matches["topic_b"].isna(), "topic_a"].iloc[0])
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# ## 5 How many topics?
#
# No formula tells. But one can ask: **if some of the texts had not been there, would the same
# topics come back?** `choose_k` leaves out a fifth of the texts, fits again, and compares the top
# words. Coarse topics come back more easily than fine ones, so it asks a second thing: **from half
# the words of a passage that was left out, do the topics foretell the other half?** Both are done
# again with text whose words are shuffled, where there is nothing to find. Twenty runs are enough
# for learning; for a paper leave `runs` out.
# %% [markdown] tags=["zh"]
# ## 5 分几个主题？
#
# 没有公式能回答。但可以这样问：**如果少了一部分文本，还会得到同样的主题吗？** `choose_k`
# 每次抽去五分之一的文本重新拟合，比较主题词。粗的主题总比细的容易重现，所以还要再问一句：
# **从抽去的片段中取一半词语，主题能否推知另一半？** 对打乱了词语的文本（里面本来就没有主题）也照做一遍。
# 学习时抽20次够了，写论文不必设 `runs`。

# %%
selection = choose_k(matrix, k_range=range(4, 9), runs=20)
_ = plot_k_selection(selection, lang=LANG)

# %% [markdown] tags=["en"]
# You should see four panels. In the first the line of the texts lies well above that of the
# shuffled texts: there *is* something to find. But all numbers stand above it, so this alone does not
# choose between them. Filled points are the numbers that are suggested: above shuffled text, the
# coarsest that is about as stable as any, and those at which topics foretell most (80%) to nearly all
# of what they can; finer ones foretell hardly more. Bands hold 90% of the runs. The panels:
#
# - *agreement of refits*: how far the top words come back without a fifth of the texts; dashed,
#   the same for shuffled text;
# - [*coherence*](../../docs/glossary.md#topic-coherence) ([NPMI](../../docs/glossary.md#normalized-pointwise-mutual-information)): whether
#   the top words of a topic share passages that the fit has not seen: 1 always, 0 as chance has
#   it, −1 never (here it is below 0, as about half of the pairs never meet there); *pairs that
#   co-occur* (support) is the share of pairs that do so at all, and where it is low, coherence
#   says little;
# - [*exclusivity*](../../docs/glossary.md#exclusivity): how far the top words belong to one topic alone;
# - [*diversity*](../../docs/glossary.md#topic-diversity): how many of the top words of all topics are different ones, as a share.
#
# In words:
# %% [markdown] tags=["zh"]
# 您应该看到四格。第一格里，真实文本的线明显高于打乱后的文本：说明文本中确有可以识别的结构。可是各个主题数都高于它，
# 单凭这一点还选不出来。实心点是建议的主题数：都高于打乱的文本，一是稳定程度不明显逊于他者的最粗划分，
# 二是主题对未见片段所能推知的已达到大部分（八成）至几乎全部的那些，再细也多推知不了什么。色带含90%的抽样结果。四格依次是：
#
# - **与重拟合的一致度**：抽去五分之一文本后，主题词有多少能重现；虚线是打乱后的文本；
# - [**连贯性**](../../docs/glossary.md#topic-coherence)（[NPMI](../../docs/glossary.md#normalized-pointwise-mutual-information)）：主题词在没有参与拟合的片段里
#   是否一起出现：1为总在一起，0与碰巧相同，−1为从不同现（这里低于0，因为约一半词对在那里没有相遇）；“有共现的词对占比”（支持度）是确实共现过的词对的比例，它低时，连贯性说明不了什么；
# - [**排他性**](../../docs/glossary.md#exclusivity)：主题词在多大程度上只属于一个主题；
# - [**多样性**](../../docs/glossary.md#topic-diversity)：所有主题的主题词里，不重复的占多大比例。
#
# 用文字说：

# %%
print(selection.sentence(lang=LANG))

# %% [markdown] tags=["en"]
# The answer is a *range*, from coarse to fine, and it tells what each finer cut splits. The data do
# not decide within it; your question does. Do you need the grid (网格) as a topic of its own? Then
# six. Look at the tree, and report what the other numbers would have given:
# %% [markdown] tags=["zh"]
# 答案是从粗到细的**一段范围**，并说明每次细分把哪个主题分成了哪些。数据不替您在其中选，要由研究问题来定：
# 您需要把“网格”单列吗？需要，就取六个。
# 看一看主题树，并且报告取别的数会怎样：

# %%
selection.tree([4, 5, 6])[["k", "topic", "terms", "parent", "overlap"]].round(2)

# %%
selection.topics.query("k in [5, 6]")[["k", "topic", "terms", "stability", "above"]].round(2)

# %% [markdown] tags=["en"]
# **Question 4.** Which numbers of topics from 4 to 8 does `selection` suggest? Give a set:
# values in braces, `{4, 5}`, in any order and each once; `set(…)` makes one of a list.
# %% [markdown] tags=["zh"]
# **第4题。** 从4到8，`selection` 建议了哪几个主题数？用集合作答：
# 集合写在花括号里，如 `{4, 5}`，不分先后，不重复；`set(……)` 把列表变成集合。

# %% tags=["solution"]
q4 = set(selection.suggested)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# ### A mistake made on purpose: topics of one article
#
# Students like to begin with the one article they know best. Ask the same of it:
# %% [markdown] tags=["zh"]
# ### 故意犯错：一篇文章的“主题”
#
# 初学者喜欢从最熟悉的那一篇文章做起。对它问同样的问题：

# %%
article = cleaned.select(doc_id="beijing-2023").split("paragraph")
article_matrix = tfidf(segment(article), min_df=1)
print(choose_k(article_matrix, k_range=[2]).sentence(lang=LANG))
try:
    fit_topics(article_matrix, k=6)
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# **One article is not a corpus.** You can describe the themes within it; you cannot say that they
# are topics "of Beijing" or "of city governance".
#
# ## 6 How sure is each topic?
#
# The number may be fine and one of the topics still shaky. `stability` is how much of a topic comes
# back without a fifth of the texts. It is `above` chance if it exceeds `null_high`: what the *most
# stable* topic of a shuffled copy of the texts reaches in only 5 copies of 100. Why the most stable?
# Because you look at six topics at once, and among six of mere noise the best looks good.
# %% [markdown] tags=["zh"]
# **一篇文章不是语料库。** 可以描述它内部的主题，却不能说那是“北京的”或“城市治理的”主题。
#
# ## 6 每个主题有多可靠？
#
# 主题数没问题，个别主题仍可能不牢靠。`stability` 是抽去五分之一文本后主题重现的程度；它超过 `null_high`，
# `above` 才为 True。`null_high` 是这样定的：打乱的文本，每100份里有95份，连其中**最稳定**的主题也超不过它。
# 为什么要取最稳定的？因为您同时看了六个主题，而六个纯属偶然的主题里，最好的一个看上去也不错。

# %%
stability = topic_stability(topics, runs=10)
stability[["topic", "stability", "low", "high", "null_high", "above"]].round(2)

# %% [markdown] tags=["en"]
# **Question 5.** Which topics are *not* above chance in this sense? Give a list of numbers.
# %% [markdown] tags=["zh"]
# **第5题。** 按这个标准，哪些主题**没有**超过随机水平？用编号列表作答。

# %% tags=["solution"]
q5 = stability.loc[~stability["above"], "topic"].tolist()
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# This does not forbid you to speak of that topic. It obliges you to say that it hangs on a few
# texts, and to name them (`topics.top_passages`). And some of the others pass by a hair: topic 1 has
# 0.65 where 0.64 is the limit. Ten runs do not settle that: with fifty it falls just below.
#
# ## 7 Stability is not validity
#
# Now the experiment. Every third text gets the notice that websites put below their pages: "this
# text is reproduced from the web, … scan the code to follow us, share with friends".
# %% [markdown] tags=["zh"]
# 这并不是说不能再提这个主题，而是必须说明它只靠少数几篇文本撑着，
# 并指出是哪几篇（`topics.top_passages`）。另有几个只是勉强过线：主题1是 0.65，界线是 0.64。
# 抽10次定不下来：抽50次，它就落到界线以下一点。
#
# ## 7 稳定不等于有效
#
# 现在做个实验：每三篇取一篇，在文末加上网页上常见的那段“转载说明”。

# %%
notice = (
    "\n\n转载说明\n\n本文转载自网络，版权归原作者所有，如有侵权请联系删除。"
    "欢迎扫码关注公众号，点击阅读原文，转发分享给好友。\n"
)
texts = cleaned.units["text"].to_dict()
dirty = {name: text + notice * (i % 3 == 0) for i, (name, text) in enumerate(texts.items())}
polluted = fit_topics(tfidf(segment(Corpus.from_texts(dirty).split("section"))), k=7)
polluted.names

# %%
topic_stability(polluted, runs=5)[["topic", "stability", "null_high", "above", "npmi"]].round(2)

# %% [markdown] tags=["en"]
# You should see that topic 7 (侵权, 关注, 分享 …) is by far the best of all: stability 1.00, and
# coherence (NPMI) 1.00 too. With only five runs the limit is high (0.75), and of the six others just
# two pass it; this one passes easily. It is the website's footer. It will come back in every sample,
# and it says nothing about governance. **The numbers tell whether a topic is there, never whether it means
# what you think.** For that, read; and let others read
# ([topics one can defend](defending-topics.ipynb) shows a blind test).
#
# What not to conclude:
#
# - from one article: anything about a city or a genre;
# - from a stable topic: that it is a subject, or that it matters;
# - from a large share: that a city *does* much of it. It is written about, in these texts;
# - from your name for a topic: that its authors would call it so.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Split into paragraphs instead of sections (`split("paragraph")`) and fit six topics. Which come
#    back? Why might the others not? There are enough paragraphs for neighbours: compare with
#    `method="nmf"` before you say it was the unit.
# 2. Run section 5 with `runs=20`. Does the list of numbers change? What does this tell about a
#    paper that reports "k = 6" after one run?
# 3. Clean the polluted texts with a step of your own ([02 Cleaning](02-cleaning.ipynb)) and show
#    that topic 7 is gone.
# 4. Give `topics.top_terms(8)` without names to a fellow student. Do your names agree?
#
# ## Further reading
#
# - Blei, D. M., Ng, A. Y., & Jordan, M. I. (2003). Latent Dirichlet allocation. *Journal of Machine
#   Learning Research*, 3, 993–1022. https://www.jmlr.org/papers/v3/blei03a.html
# - Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C., & Blei, D. M. (2009). Reading tea leaves: How
#   humans interpret topic models. *Advances in Neural Information Processing Systems*, 22, 288–296.
# - Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability analysis for
#   topic models. In *Machine learning and knowledge discovery in databases: ECML PKDD 2014* (LNCS
#   8724, pp. 498–513). Springer. https://doi.org/10.1007/978-3-662-44848-9_32
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
#
# Next: [06 Comparing cities](06-comparing.ipynb).
# %% [markdown] tags=["zh"]
# 您应该看到：主题7（侵权、关注、分享……）各项指标都是最好的，稳定性1.00，连贯性（NPMI）也是1.00。
# 只抽5次，界线偏高（0.75），另外六个主题里过线的只有两个，它却轻松通过。可它只是网页的页脚。
# 无论怎么抽样它都会重现，而它与治理毫无关系。**数字只能告诉您主题在不在，
# 从不告诉您它是不是您以为的那个意思。** 要知道后者，只有去读，
# 也请别人读（[经得起追问的主题](defending-topics.ipynb)里有盲测的做法）。
#
# 不能这样下结论：
#
# - 由一篇文章，推断一个城市或一类文本；
# - 因为主题稳定，就说它是一个议题，或者说它重要；
# - 因为占比大，就说某市这方面**做**得多。那只是这些文本里**写**得多；
# - 因为您这样命名，就以为作者也会这样称呼它。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 不按节而按自然段切分（`split("paragraph")`），同样取六个主题。哪些还在？其余的为什么不在了？
#    自然段够多，会与邻近片段一并读：先用 `method="nmf"` 再拟合一次作比较，再说是不是切分单位造成的。
# 2. 把第5节的 `runs` 改成20再跑一遍。建议的主题数变了吗？由此怎样看只跑一次就写“k = 6”的论文？
# 3. 参照[02 清洗](02-cleaning.ipynb)，自己写一步清洗，把被污染的文本洗干净，证明主题7消失了。
# 4. 把不带名字的 `topics.top_terms(8)` 交给一位同学命名。两人起的名字一致吗？
#
# ## 延伸阅读
#
# - Blei, D. M., Ng, A. Y., & Jordan, M. I. (2003). Latent Dirichlet allocation. *Journal of Machine
#   Learning Research*, 3, 993–1022. https://www.jmlr.org/papers/v3/blei03a.html
# - Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C., & Blei, D. M. (2009). Reading tea leaves: How
#   humans interpret topic models. *Advances in Neural Information Processing Systems*, 22, 288–296.
# - Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability analysis for
#   topic models. In *Machine learning and knowledge discovery in databases: ECML PKDD 2014* (LNCS
#   8724, pp. 498–513). Springer. https://doi.org/10.1007/978-3-662-44848-9_32
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
#
# 下一课：[06 比较城市](06-comparing.ipynb)。
