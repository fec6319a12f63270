# %% [markdown] tags=["en"]
# # 09 The explorer and the topic page
#
# **What you will do.** Look around in a corpus with the mouse, decide on words and topics, keep a
# log of the decisions, replay it without the mouse, and make one page that others can open.
#
# **What you will learn.** To explore without losing the way back; to turn clicks into code; to see
# why exploring proves nothing; to share topics with people who have no Python.
#
# **What you need.** [05 Topics](05-topics.ipynb). JupyterLab, Notebook or Voilà: the explorer is
# made of widgets. Where none are shown, the cells below still run: each says in code what you would
# click.
#
# **Time.** 35 minutes, with time to play.
#
# **Data.** The sample corpus. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 09 探索界面与主题页
#
# **要做什么。** 用鼠标在语料里四处看看，对词和主题作出决定，把决定记成日志，不用鼠标也能重放；
# 最后做成一个别人打开就能看的网页。
#
# **学会什么。** 探索而不迷路；把点击变成代码；明白探索为什么不能当证明；把主题分享给不会 Python
# 的人。
#
# **需要什么。** [05 主题](05-topics.ipynb)。在 JupyterLab、Notebook 或 Voilà 中使用：
# 探索界面由控件组成。看不到控件也不要紧，下面的代码照样能运行，每一格都用代码写出了相应的点击。
#
# **用时。** 35分钟，包括随便玩玩的时间。
#
# **数据。** 示例语料。术语见[术语表](../../docs/glossary.md)。

# %%
import warnings
from pathlib import Path

import pandas as pd
from IPython.display import FileLink

from toolkit import Corpus, clean, relevant_terms, segment
from toolkit.exercises import exercises
from toolkit.explore import Decisions, apply_decisions, explore, topic_page
from toolkit.figures import plot_topic_map

LANG = "en"
check = exercises("09-explorer", lang=LANG)
pd.set_option("display.max_colwidth", None)
corpus = Corpus.sample()

# %% [markdown] tags=["en"]
# ## 1 Open it
# %% [markdown] tags=["zh"]
# ## 1 打开

# %%
explorer = explore(corpus, lang=LANG, folder="exploring")
explorer

# %% [markdown] tags=["en"]
# You should see a title, four tabs (Corpus, Terms, Topics, Compare) and, at the bottom, a log that
# is still empty. What you export goes to the folder `exploring`.
#
# Take five minutes:
#
# 1. [**Corpus**](../../docs/glossary.md#corpus): choose a city, click a text, switch the reader between *cleaned* and *as given*.
# 2. [**Terms**](../../docs/glossary.md#term): click a word; read it in its context.
# 3. [**Topics**](../../docs/glossary.md#topic): click a circle of the map; read the passages; move the slider of k.
# 4. **Compare**: choose `regulation` on one side.
#
# Nothing you do can hurt: texts are never changed. What the Topics tab shows as a map is also a
# figure:
# %% [markdown] tags=["zh"]
# 您应该看到标题、四个标签页（文本、词、主题、比较），底部有一份还空着的日志。导出的东西会放进
# `exploring` 文件夹。
#
# 花五分钟试试：
#
# 1. **文本**：选一座城市，点开一篇文本，在“清洗后”与“原文”之间切换；
# 2. **词**：点一个词，看它的上下文；
# 3. [**主题**](../../docs/glossary.md#topic)：点地图上的一个圆，读它的片段，拖动 k 的滑块；
# 4. **比较**：一边选 `regulation`。
#
# 怎么点都不会弄坏：文本从不改动。“主题”标签页上的地图，也可以画成图：

# %%
_ = plot_topic_map(explorer.topics, lang=LANG)

# %% [markdown] tags=["en"]
# Each circle is a topic: the larger, the more of the texts it holds; the nearer, the more words
# they share. **The directions mean nothing**, and a flat map of many dimensions always distorts: do
# not argue from distances.
#
# **Question 1.** How many of the texts are on 北京? (On the Corpus tab, choose the city; in code,
# `corpus.select`.)
# %% [markdown] tags=["zh"]
# 每个圆是一个主题：越大，占文本的份额越多；越近，共有的词越多。**方向没有含义**，
# 而且把多维压成平面必有变形：不要拿距离当论据。
#
# **第1题。** 写北京的文本有几篇？（在“文本”标签页选城市；用代码则是 `corpus.select`。）

# %% tags=["solution"]
q1 = len(corpus.select(city="北京"))
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 2 Decide, and keep a log
#
# While reading you will find that 本文 ("this paper") is among the words and tells nothing, and
# that 来电 ("incoming call") and 热线 ("hotline") are one thing for your question. On the Terms tab
# you would click *Stop word* and *Merge*. In code, the log is a value:
# %% [markdown] tags=["zh"]
# ## 2 作出决定，并记入日志
#
# 读着读着您会发现：“本文”混在词里，却什么也没说；而“来电”和“热线”，就您的问题而言是一回事。
# 在“词”标签页上，您会点“停用”和“合并”。写成代码，日志就是一个值：

# %%
sections = clean(corpus).corpus.split("section")
print(segment(sections).frequencies[["热线", "来电", "本文"]].to_dict())
decisions = (
    Decisions()
    .add({"do": "stop", "term": "本文"})
    .add({"do": "merge", "term": "来电", "into": "热线"})
    .add({"do": "topics", "k": 5, "seed": 0, "method": "nmf"})
)
topics = apply_decisions(corpus, decisions)
topics.names

# %% [markdown] tags=["en"]
# You should see 100, 23 and 24, then five topics without 来电 and 本文. Each decision changes the
# counts, and so all that follows: **words are decisions**, and a reader of your paper must be able
# to see them.
#
# **Question 2.** How often does the word 热线 count after the merge?
# %% [markdown] tags=["zh"]
# 您应该看到100、23、24三个数，然后是五个主题，其中没有“来电”和“本文”。每个决定都会改变词频，
# 进而改变后面的一切：**怎样算一个词，就是一个决定**，读您论文的人应当看得到这些决定。
#
# **第2题。** 合并之后，“热线”这个词计多少次？

# %% tags=["solution"]
q2 = int(segment(sections, decisions.segmenter()).frequencies["热线"])
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 3 A name sticks to its topic, not to its number
#
# Name the topic of 条例, 施行, 法规; then change k.
# %% [markdown] tags=["zh"]
# ## 3 名字跟着主题走，不跟着编号走
#
# 给“条例、施行、法规”那个主题起个名字，再改变主题数。

# %%
named = decisions.add(
    {"do": "label", "label": "地方立法", "terms": ["条例", "施行", "法规", "立法"]}
)
for k in (5, 6):
    named = named.add({"do": "topics", "k": k, "seed": 0, "method": "nmf"})
    print(k, apply_decisions(corpus, named).names)

# %% [markdown] tags=["en"]
# **Question 3.** Which number has the topic 地方立法 when k is 6?
# %% [markdown] tags=["zh"]
# **第3题。** k 为6时，“地方立法”是几号主题？

# %% tags=["solution"]
labels = apply_decisions(corpus, named).labels
q3 = next(number for number, label in labels.items() if label == "地方立法")
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# A label that no topic is like is not given to the nearest one all the same; you are told:
# %% [markdown] tags=["zh"]
# 如果没有哪个主题与某个名字相符，名字不会硬塞给最近的一个，而是告诉您：

# %%
lost = Decisions().add({"do": "label", "label": "养老", "terms": ["养老", "老人", "照料"]})
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    apply_decisions(corpus, lost)
print(told[0].message)

# %% [markdown] tags=["en"]
# ### Mistakes made on purpose
#
# Three decisions that make no sense. All are told together:
# %% [markdown] tags=["zh"]
# ### 故意犯错
#
# 三个讲不通的决定，会一次全部告诉您：

# %%
try:
    Decisions(
        (
            {"do": "split", "term": "数字化", "parts": ["数", "字"]},
            {"do": "topics", "k": 1, "seed": 0, "method": "nmf"},
            {"do": "merge", "term": "热线", "into": "热线"},
        )
    )
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# ## 4 Save and replay
#
# In the explorer: *Save*. The file is text, a line for each decision; it can be read, edited and
# put into an appendix.
# %% [markdown] tags=["zh"]
# ## 4 保存与重放
#
# 在探索界面里点“保存”即可。文件是纯文本，一行一个决定，可以读、可以改，也可以放进论文附录。

# %%
path = named.save("decisions.yaml")
print(path.read_text(encoding="utf-8"))

# %% [markdown] tags=["en"]
# **Question 4.** Two decisions on topics were added, first 5 and then 6. How many decisions are in
# the log altogether?
# %% [markdown] tags=["zh"]
# **第4题。** 关于主题数先后加过两次决定，先是5，后是6。日志里一共有几条决定？

# %% tags=["solution"]
q4 = len(named.log)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# A colleague opens it with `explore(corpus, decisions="decisions.yaml")` and sees what you saw, or
# replays it without any widget. Are these the same topics?
# %% [markdown] tags=["zh"]
# 同事用 `explore(corpus, decisions="decisions.yaml")` 打开，看到的与您看到的一样；
# 不用控件也能重放。得到的是同样的主题吗？

# %%
again = explore(corpus, decisions="decisions.yaml", lang=LANG)
replayed = apply_decisions(corpus, "decisions.yaml")
print(again.topics.fingerprint == replayed.fingerprint)

# %% [markdown] tags=["en"]
# `True`. And **Copy as code**, below every view of the explorer, gives the Python of what is seen:
# %% [markdown] tags=["zh"]
# `True`。探索界面每个视图下方的“复制为代码”，会给出眼前所见对应的 Python：

# %%
print(replayed.to_code())

# %% [markdown] tags=["en"]
# ## 5 A page for those who have no Python
#
# One file, a [topic page](../../docs/glossary.md#topic-page): a map, the words, passages with the words highlighted, shares by city and year, the data
# and the code. It needs no network and no Chinese font; it can be sent, printed, put into an
# archive.
# %% [markdown] tags=["zh"]
# ## 5 做成网页，给不用 Python 的人看
#
# 这就是[主题页](../../docs/glossary.md#topic-page)：一个文件里有地图、词、标出关键词的片段、各市各年的占比、数据和代码。不用联网，
# 也不要求对方有中文字体；可以发送、打印、存档。

# %%
page = topic_page(replayed, "topics.html", lang=LANG)
print(round(Path(page).stat().st_size / 1000), "kB")
FileLink(page)

# %% [markdown] tags=["en"]
# Open it with a click. The page says that stability was not measured: give it
# `card=report_card(topics)`, a [report card](../../docs/glossary.md#report-card), to add how sure the topics are (some seconds to minutes).
#
# The slider λ of the page ([relevance](../../docs/glossary.md#relevance)) ranks words between *heavy* (λ = 1: frequent in the topic, perhaps
# everywhere) and *its own* (λ = 0: rare elsewhere, perhaps rare altogether):
# %% [markdown] tags=["zh"]
# 点一下就能打开。页面上写着稳定性没有测过：传入 `card=report_card(topics)`
# 就会附上[报告卡](../../docs/glossary.md#report-card)，写明每个主题有多可靠（要算几秒到几分钟）。
#
# 页面上的滑块 λ（[相关度](../../docs/glossary.md#relevance)）决定词怎么排：λ = 1 按**权重**，在主题里重要，也许到处都重要；λ = 0 按**独有**，
# 别处少见，也许哪里都少见：

# %%
for relevance in (1.0, 0.0):
    words = relevant_terms(replayed, relevance=relevance, n=4)
    print(relevance, words[words["topic"] == 4]["term"].tolist())

# %% [markdown] tags=["en"]
# At 0 names come up that one text uses (禅城, a district; 敲门, knocking at doors): vivid, and no
# theme of the corpus. Around 0.6 is a good place to read.
#
# **Question 5.** Take λ = 0.6 and topic 3. Which word is first?
# %% [markdown] tags=["zh"]
# λ 为0时，冒出来的是个别文本才用的词（“禅城”是一个区，“敲门”是一种做法）：很生动，
# 但不是整个语料的主题。读的时候，0.6左右比较合适。
#
# **第5题。** 取 λ = 0.6，看主题3，排在第一的是哪个词？

# %% tags=["solution"]
terms = relevant_terms(replayed, relevance=0.6, n=4)
q5 = terms[terms["topic"] == 3]["term"].iloc[0]
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# ## 6 What exploring is worth
#
# You have looked at dozens of words, two numbers of topics, several cities. Something striking was
# bound to turn up. A finding from exploring is a **question**: test it on texts that you did not
# look at, or say plainly that you found it by looking around. The log of decisions is what makes
# this honest: it shows which paths were taken.
#
# What not to conclude:
#
# - from a pattern that you saw after the tenth filter: that you would have predicted it;
# - from two circles that are near: that the topics are related;
# - from a page that looks finished: that the topics were validated.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. In the explorer, stop ten words that you find empty. How do the topics change? Save the log,
#    give it to a fellow student, and compare your ten words.
# 2. Take `"method": "codebook"` in the decision on topics. What are the topics called now, and why?
# 3. Make the page with a report card. Which topic would you leave out of a talk?
# 4. Write three sentences for a methods section about what you decided, using only the log.
#
# ## Further reading
#
# - Gelman, A., & Loken, E. (2014). The statistical crisis in science. *American Scientist*, 102(6),
#   460–465. https://doi.org/10.1511/2014.111.460
# - Sievert, C., & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting topics.
#   *Proceedings of the Workshop on Interactive Language Learning, Visualization, and Interfaces*,
#   63–70. https://doi.org/10.3115/v1/W14-3110
# - Shneiderman, B. (1996). The eyes have it: A task by data type taxonomy for information
#   visualizations. *Proceedings 1996 IEEE Symposium on Visual Languages*, 336–343.
#   https://doi.org/10.1109/VL.1996.545307
# - Tukey, J. W. (1977). *Exploratory data analysis*. Addison-Wesley.
#
# All of the explorer: [docs/explore.md](../../docs/explore.md). The whole way from a question to
# its limits: next, [the study](study.ipynb).
# %% [markdown] tags=["zh"]
# ## 6 探索有什么价值
#
# 您已经看过几十个词、两种主题数、好几座城市，总会碰上点醒目的东西。探索得来的发现是一个**问题**：
# 请拿没有看过的文本去检验，或者直说这是四处看看时发现的。有了决定日志，这样说才诚实：走过哪些路，
# 一看便知。
#
# 不能这样下结论：
#
# - 因为换到第十个筛选条件时看到了某种规律，就说自己早料到；
# - 因为两个圆挨得近，就说两个主题有关系；
# - 因为网页看上去很完整，就以为主题经过了检验。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 在探索界面里停用十个您认为空洞的词。主题怎么变？保存日志，交给一位同学，比较两人各自的十个词。
# 2. 把关于主题的决定改成 `"method": "codebook"`。主题现在叫什么？为什么？
# 3. 做一个带报告卡的网页。如果要作报告，您会略去哪个主题？
# 4. 只依据日志，为论文的方法部分写三句话，说明您作了哪些决定。
#
# ## 延伸阅读
#
# - Gelman, A., & Loken, E. (2014). The statistical crisis in science. *American Scientist*, 102(6),
#   460–465. https://doi.org/10.1511/2014.111.460
# - Sievert, C., & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting topics.
#   *Proceedings of the Workshop on Interactive Language Learning, Visualization, and Interfaces*,
#   63–70. https://doi.org/10.3115/v1/W14-3110
# - Shneiderman, B. (1996). The eyes have it: A task by data type taxonomy for information
#   visualizations. *Proceedings 1996 IEEE Symposium on Visual Languages*, 336–343.
#   https://doi.org/10.1109/VL.1996.545307
# - Tukey, J. W. (1977). *Exploratory data analysis*. Addison-Wesley.
#
# 探索界面的完整说明见[docs/zh/explore.md](../../docs/zh/explore.md)。从提出问题到认清局限的全过程，
# 见[研究笔记本](study.ipynb)。
