# %% [markdown] tags=["en"]
# # A study of your own
#
# **What you will do.** Take in the files of your study, check what was found, see which words tell
# and how many topics the texts bear, and export a first figure.
#
# **What you will learn.** What your files give, and what they do not.
#
# **What you need.** Files in `sources/` of your study (`toolkit new my-study` makes the folder). As
# long as there are none, twelve texts of the sample corpus stand in for them.
#
# **Time.** Some minutes of running; as long as you like for reading.
#
# **Data.** Yours. Look into `corpus/intake.csv` before you believe any of the numbers below.
# %% [markdown] tags=["zh"]
# # 自己的研究
#
# **要做什么。** 收进自己研究的文件，核对认出的信息，看哪些词有分量、文本撑得起几个主题，
# 并导出第一张图。
#
# **学会什么。** 弄清自己的文件能给出什么、给不出什么。
#
# **需要什么。** 研究文件夹 `sources/` 里的文件（`toolkit new 我的研究` 会建好文件夹）。
# 还没有文件时，用示例语料的十二篇代替。
#
# **用时。** 运行只需几分钟；读多久由您。
#
# **数据。** 您自己的。相信下面任何一个数字之前，先看 `corpus/intake.csv`。

# %%
import tempfile
from pathlib import Path

import pandas as pd

from toolkit import Corpus, choose_k, fit_topics, intake, segment, tfidf
from toolkit.figures import export_figure, plot_term_weights

LANG = "en"
pd.set_option("display.max_colwidth", None)

# %% tags=["parameters"]
SOURCES = None
STUDY = None

# %%
study = Path(STUDY or tempfile.mkdtemp())
if SOURCES is None:
    SOURCES = study / "sources"
    SOURCES.mkdir()
    for name, text in Corpus.sample().units["text"].head(12).items():
        (SOURCES / f"{name}.txt").write_text(text, encoding="utf-8")

# %% [markdown] tags=["en"]
# ## 1 Take the files in
#
# Run this again whenever there are new files: it goes on where it was, and what you edited in
# `corpus/metadata.csv` stays. `known.csv` holds what you know of each file.
# %% [markdown] tags=["zh"]
# ## 1 收进文件
#
# 有了新文件就再运行一次：它会接着做，您在 `corpus/metadata.csv` 里改过的内容不会被覆盖。
# `known.csv` 写您对每个文件已知的信息。

# %%
known = study / "known.csv"
table = intake(SOURCES, into=study / "corpus", metadata=known if known.exists() else None)
table[["source", "part", "status", "id", "encoding", "warnings", "reason"]]

# %% [markdown] tags=["en"]
# Where do title, date, city and year come from? And what was taken away as not being text?
# %% [markdown] tags=["zh"]
# 标题、日期、城市、年份从何而来？哪些内容被当作非正文删去？

# %%
evidence = pd.read_csv(study / "corpus" / "evidence.csv", keep_default_na=False)
evidence[["id", "field", "value", "evidence", "used"]].head(20)

# %%
pd.read_csv(study / "corpus" / "removed.csv", keep_default_na=False).head(20)

# %% [markdown] tags=["en"]
# ## 2 Load, and leave doubtful texts out
# %% [markdown] tags=["zh"]
# ## 2 读入，排除存疑的文本

# %%
corpus = Corpus.load(study / "corpus")
if "flaw" in corpus.units:
    corpus = corpus.select(flaw="")
print(corpus)

# %% [markdown] tags=["en"]
# ## 3 Which words tell?
#
# With many passages leave out words that stand in more than half of them: drop `max_df=1.0`.
# %% [markdown] tags=["zh"]
# ## 3 哪些词有分量？
#
# 片段多的时候，删去 `max_df=1.0`，出现在半数以上片段里的词就不再计入。

# %%
matrix = tfidf(segment(corpus.split("paragraph")), max_df=1.0)
ax = plot_term_weights(matrix, intervals=True, lang=LANG)

# %% [markdown] tags=["en"]
# ## 4 How many topics do they bear?
#
# With fewer than ten texts the sentence says so, and no number can be defended.
# %% [markdown] tags=["zh"]
# ## 4 撑得起几个主题？
#
# 不足十篇时，下面的句子会直说：没有哪个主题数站得住脚。

# %%
try:
    selection = choose_k(matrix, k_range=range(2, 7), runs=10)
    print(selection.sentence(lang=LANG))
    if selection.suggested:
        topics = fit_topics(matrix, k=selection.suggested[0])
        print("\n".join(topics.names))
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# ## 5 The figure, with all that belongs to it
# %% [markdown] tags=["zh"]
# ## 5 导出图，以及与它有关的一切

# %%
bundle = export_figure(ax, f"terms-{LANG}", folder=study / "figures")
sorted(path.name for path in bundle.iterdir())
