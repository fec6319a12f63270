# %% [markdown]
# # Quick start: from a page to topics in ten minutes
#
# **What you will do.** Take an article as it was found on its page, clean it, cut it into words,
# find what each part is about, and go from a topic back to a sentence. Then do the same with
# texts of your own.
#
# **What you need.** This notebook; nothing is downloaded.
#
# Run each cell with Shift+Enter and compare with what the text says you should see.

# %%
from toolkit import Corpus, Segmenter, choose_k, clean, fit_topics, segment, term_weights, tfidf
from toolkit.figures import plot_term_weights, plot_topic_terms, plot_wordcloud

# %% [markdown]
# ## 1 A corpus: texts and what is known about them
#
# The sample corpus comes with the toolkit: one article on governing Beijing and 40 texts that
# were written for learning. Each row is a text with its metadata.

# %%
corpus = Corpus.sample()
corpus.units[["title", "city", "year", "kind"]].head()

# %% [markdown]
# `select` keeps what you ask for. Try another city; a name that is not there tells you which are.

# %%
corpus.select(city="上海").units[["title", "year"]]

# %% [markdown]
# ## 2 Cleaning: what is not text goes, and nothing is lost
#
# The article was copied from its page, so it begins with a breadcrumb and a share button.

# %%
print(corpus["beijing-2023"][:120])

# %%
cleaned, removed = clean(corpus)
print(cleaned["beijing-2023"][:120])

# %% [markdown]
# You should now see the title first. What was removed is listed, so that you can object:

# %%
removed[removed["unit_id"] == "beijing-2023"]

# %% [markdown]
# ## 3 Words
#
# Chinese has no spaces, so words must be found. jieba does it, and a lexicon keeps the terms of
# the field whole. Compare:

# %%
sentence = "深化接诉即办改革，治理大城市病"
print(Segmenter(lexicon=None)(sentence))
print(Segmenter()(sentence))

# %% [markdown]
# Without the lexicon 接诉即办 falls apart. You can add terms of your own:

# %%
Segmenter(lexicon=["governance", "首善标准"])("以首善标准抓好首都城市治理")

# %% [markdown]
# ## 4 Which words tell?
#
# A word tells something about a passage if it is frequent in it and rare elsewhere: that is
# TF-IDF. One text alone has no elsewhere, so we split the texts into sections.

# %%
sections = cleaned.split("section")
tokens = segment(sections)
matrix = tfidf(tokens)
matrix

# %%
_ = plot_term_weights(matrix.select(doc_id="beijing-2023"), by="section", n=6)

# %% [markdown]
# Each panel is a part of the article. The words should fit its heading: 数据, 技术 and 场景 for
# the part on smart governance.

# %%
_ = plot_wordcloud(term_weights(matrix.select(city="北京"), n=60))

# %% [markdown]
# A word cloud is a picture, not an argument: lengths can be compared, sizes of words cannot.
#
# ## 5 Topics
#
# A topic is a group of words that go together. How many should one ask for? `choose_k` fits
# each number again and again, each time without some of the texts, and tells which numbers come
# back more than chance would have it.

# %%
print(choose_k(matrix, k_range=range(4, 9), runs=10).sentence(lang="en"))

# %% [markdown]
# It names several, because the texts do not decide between them. We take six; another number
# from its list could be defended too.

# %%
topics = fit_topics(matrix, k=6)
_ = plot_topic_terms(topics, n=8)

# %% [markdown]
# Never trust a topic that you have not read. These are the passages where each is strongest, and
# the sentence that speaks most for it:

# %%
topics.top_passages(1)[["topic", "doc_id", "section", "words", "sentence"]]

# %% [markdown]
# ## 6 Could someone else do this again?
#
# Every value remembers how it was made:

# %%
print(topics.to_code())

# %% [markdown]
# ## On your own
#
# 1. Fit four topics instead of six. Which two were joined?
# 2. Split into paragraphs instead of sections. Which topics survive?
# 3. Put two texts of your own into `Corpus.from_texts({"first": "…", "second": "…"})` and go
#    through steps 3 and 4. What does the error say if the texts are too short, and why?
#
# The whole way, with figures and limits, is in [the study](study.ipynb).
