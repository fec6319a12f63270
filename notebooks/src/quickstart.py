# %% [markdown] tags=["en"]
# # Quick start: from a page to topics in ten minutes
#
# **What you will do.** Take an article as it was found on its page, clean it, cut it into words,
# find what each part is about, and go from a topic back to a sentence.
#
# **What you will learn.** What the toolkit does, one step at a time; each step has a
# [tutorial](00-setup.ipynb) of its own.
#
# **What you need.** This notebook. Run each cell with Shift+Enter and compare with what the text
# says you should see.
#
# **Time.** 10 minutes.
#
# **Data.** The sample corpus: one article on governing Beijing and 40 texts written for learning.
# Nothing is downloaded. Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 快速上手：十分钟，从网页到主题
#
# **要做什么。** 拿一篇从网页上原样复制下来的文章，清洗、分词，看每一部分讲什么，再从主题回到句子。
#
# **学会什么。** 一步一步了解工具包能做什么；每一步都另有[教程](00-setup.ipynb)。
#
# **需要什么。** 只要这个笔记本。用 Shift+Enter 逐格运行，并与文中说的“您应该看到”对照。
#
# **用时。** 10分钟。
#
# **数据。** 示例语料：一篇关于北京治理的文章，和40篇为教学撰写的文本。不下载任何东西。术语见
# [术语表](../../docs/glossary.md)。

# %%
from toolkit import Corpus, Segmenter, choose_k, clean, fit_topics, segment, term_weights, tfidf
from toolkit.figures import plot_term_weights, plot_topic_terms, plot_wordcloud

LANG = "en"

# %% [markdown] tags=["en"]
# ## 1 A corpus: texts and what is known about them
#
# Each row is a text with its metadata.
# %% [markdown] tags=["zh"]
# ## 1 语料：文本，以及关于文本的信息
#
# 每一行是一篇文本和它的元数据。

# %%
corpus = Corpus.sample()
corpus.units[["title", "city", "year", "kind"]].head()

# %% [markdown] tags=["en"]
# `select` keeps what you ask for. Try another city; a name that is not there tells you which are.
# %% [markdown] tags=["zh"]
# `select` 只留下您要的。换一座城市试试；写了没有的名字，它会告诉您有哪些。

# %%
corpus.select(city="上海").units[["title", "year"]]

# %% [markdown] tags=["en"]
# ## 2 Cleaning: what is not text goes, and nothing is lost
#
# The article was copied from its page, so it begins with a breadcrumb and a share button.
# %% [markdown] tags=["zh"]
# ## 2 清洗：去掉不是正文的，什么也不丢
#
# 文章是从网页上复制的，所以开头是导航路径和“分享”按钮。

# %%
print(corpus["beijing-2023"][:120])

# %%
cleaned, removed = clean(corpus)
print(cleaned["beijing-2023"][:120])

# %% [markdown] tags=["en"]
# You should now see the title first. What was removed is listed, so that you can object:
# %% [markdown] tags=["zh"]
# 现在您应该先看到标题。删去的内容都列了出来，您可以提出异议：

# %%
removed[removed["unit_id"] == "beijing-2023"]

# %% [markdown] tags=["en"]
# ## 3 Words
#
# Chinese has no spaces, so words must be found. jieba does it, and a lexicon keeps the terms of
# the field whole. Compare:
# %% [markdown] tags=["zh"]
# ## 3 词
#
# 中文词与词之间没有空格，要先分词。jieba 负责分词，词库保证领域术语不被拆开。对比一下：

# %%
sentence = "深化接诉即办改革，治理大城市病"
print(Segmenter(lexicon=None)(sentence))
print(Segmenter()(sentence))

# %% [markdown] tags=["en"]
# Without the lexicon 接诉即办 falls apart. You can add terms of your own:
# %% [markdown] tags=["zh"]
# 没有词库，“接诉即办”就散了。您也可以加上自己的词：

# %%
Segmenter(lexicon=["governance", "首善标准"])("以首善标准抓好首都城市治理")

# %% [markdown] tags=["en"]
# ## 4 Which words tell?
#
# A word tells something about a passage if it is frequent in it and rare elsewhere: that is
# TF-IDF. One text alone has no elsewhere, so we split the texts into sections.
# %% [markdown] tags=["zh"]
# ## 4 哪些词有分量？
#
# 一个词在某段里常见、在别处少见，就能说明这一段：这就是 TF-IDF。只有一篇文本就没有“别处”，
# 所以把文本切成节。

# %%
sections = cleaned.split("section")
tokens = segment(sections)
matrix = tfidf(tokens)
matrix

# %%
_ = plot_term_weights(matrix.select(doc_id="beijing-2023"), by="section", n=6, lang=LANG)

# %% [markdown] tags=["en"]
# Each panel is a part of the article. In the last, on law-based governance, you should see 法治,
# 监管 and 执法: they fit its heading. Others, such as 注重 and 推动, are verbs of any official
# text: no stop list holds them all.
# %% [markdown] tags=["zh"]
# 每一格是文章的一个部分。最后一格讲法治化，您应该看到“法治”“监管”“执法”，与小标题相符。另一些词，
# 如“注重”“推动”，是任何官方文本里都有的动词：没有哪张停用词表能收全。

# %%
_ = plot_wordcloud(term_weights(matrix.select(city="北京"), n=60))

# %% [markdown] tags=["en"]
# A word cloud is a picture, not an argument: lengths can be compared, sizes of words cannot.
#
# ## 5 Topics
#
# A topic is a group of words that go together. How many should one ask for? `choose_k` fits
# each number again and again, each time without some of the texts, and tells with which numbers
# the topics come back, or foretell what the left-out texts hold, more than in shuffled text, where
# there is nothing to find.
# %% [markdown] tags=["zh"]
# 词云只宜展示，不能作为论据：条形的长短可以比较，字的大小却很难准确比较。
#
# ## 5 主题
#
# 主题是总在一起出现的一组词。该分几个？`choose_k` 对每个主题数反复拟合，每次抽去一部分文本，
# 告诉您取哪些数时，主题重现的程度、或推知所抽去文本的程度，超过打乱词语的文本（那里本来就没有主题）。

# %%
print(choose_k(matrix, k_range=range(4, 8), runs=20).sentence(lang=LANG))

# %% [markdown] tags=["en"]
# It names several, because the texts do not decide between them. We take six; another number
# from its list could be defended too. (Tutorial 05 tries more numbers; with few texts that, or
# another number of runs, can move the list.)
# %% [markdown] tags=["zh"]
# 结果给出好几个主题数，因为仅凭这些文本难分优劣。这里取六个；取名单里的别的数，也站得住脚。
# （第05课试的主题数更多；文本少时，试的范围或重复次数一变，名单就可能变动。）

# %%
topics = fit_topics(matrix, k=6)
_ = plot_topic_terms(topics, n=8, lang=LANG)

# %% [markdown] tags=["en"]
# Never trust a topic that you have not read. These are the passages where each is strongest, and
# the sentence that speaks most for it:
# %% [markdown] tags=["zh"]
# 没有读过原文的主题不要相信。下面是各主题占比最高的片段，以及最能代表它的句子：

# %%
topics.top_passages(1)[["topic", "doc_id", "section", "words", "sentence"]]

# %% [markdown] tags=["en"]
# ## 6 Could someone else do this again?
#
# Every value remembers how it was made:
# %% [markdown] tags=["zh"]
# ## 6 别人能重做一遍吗？
#
# 每个结果都记得自己是怎么来的：

# %%
print(topics.to_code())

# %% [markdown] tags=["en"]
# ## On your own
#
# 1. Fit four topics instead of six. Which are still there, which went into others?
# 2. Split into paragraphs instead of sections. Which topics survive?
# 3. Put two texts of your own into `Corpus.from_texts({"first": "…", "second": "…"})` and go
#    through steps 3 and 4. What does the error say, and what has it to do with there being two
#    passages only?
#
# ## Further reading
#
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
# - Manning, C. D., Raghavan, P., & Schütze, H. (2008). *Introduction to Information Retrieval*,
#   chapter 6. Cambridge University Press.
#
# Slower, with exercises: [the tutorials](00-setup.ipynb). The whole way, with figures and limits:
# [the study](study.ipynb).
# %% [markdown] tags=["zh"]
# ## 自己动手
#
# 1. 不取六个，取四个主题。哪些主题还在，哪些分散到了别的主题里？
# 2. 不按节，按自然段切分。哪些主题还在？
# 3. 把自己的两篇文本放进 `Corpus.from_texts({"first": "…", "second": "…"})`，走一遍第3、4步。
#    错误信息怎么说？这与总共只有两个片段有什么关系？
#
# ## 延伸阅读
#
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic
#   content analysis methods for political texts. *Political Analysis*, 21(3), 267–297.
#   https://doi.org/10.1093/pan/mps028
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
# - Manning, C. D., Raghavan, P., & Schütze, H. (2008). *Introduction to Information Retrieval*,
#   chapter 6. Cambridge University Press.
#
# 想慢慢学、做练习，看[教程](00-setup.ipynb)；想看完整的过程、图和局限，
# 看[研究笔记本](study.ipynb)。
