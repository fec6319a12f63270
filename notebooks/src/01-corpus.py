# %% [markdown] tags=["en"]
# # 01 A corpus and its metadata
#
# **What you will do.** Open a corpus, count what is in it, read one text, select some, cut texts into passages, and make a small corpus of your own.
#
# **What you will learn.** To *describe* a corpus as a paper does; to *select* texts by what is known about them; to *trace* a passage back to its place; to *notice* when a comparison is not fair; to *mend* a corpus that does not load.
#
# **What you need.** Tutorial [00](00-setup.ipynb).
#
# **Time.** 35 minutes.
#
# **Data.** The sample corpus: one article on governing Beijing (2023) and 40 texts written for learning.
# %% [markdown] tags=["zh"]
# # 01 语料与元数据
#
# **要做什么。** 打开一个语料，数数里面有什么，读一篇，选几篇，把文本切成小段，再做一个自己的小语料。
#
# **学会什么。** 像论文那样**描述**语料；按已知信息**选择**文本；把一段话**追溯**到原处；**察觉**不公平的比较；**修好**读不进来的语料。
#
# **需要什么。** 第[00](00-setup.ipynb)课。
#
# **用时。** 35分钟。
#
# **数据。** 示例语料：一篇谈首都城市治理的文章（2023年），加上为教学撰写的40篇文本。

# %%
LANG = "en"

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from toolkit import Corpus, clean, figure_style
from toolkit.exercises import exercises

check = exercises("01-corpus", lang=LANG)

# %% [markdown] tags=["en"]
# ## 1 What a corpus is
#
# A [**corpus**](../../docs/glossary.md#corpus) is a collection of texts chosen for a question, together with what is known about each of them. What is known is called [**metadata**](../../docs/glossary.md#metadata): city, year, kind, author, source. Texts without metadata can be read, but not compared.
# %% [markdown] tags=["zh"]
# ## 1 什么是语料
#
# [**语料库**](../../docs/glossary.md#corpus)（简称语料）是为回答某个问题而挑选的一批文本，连同关于每篇的已知信息。这些信息叫[**元数据**](../../docs/glossary.md#metadata)：城市、年份、文体、作者、来源。没有元数据的文本可以读，却没法比较。

# %%
corpus = Corpus.sample()
corpus

# %% [markdown] tags=["en"]
# You should see `Corpus: 41 documents, 30 places, 2020–2025`. The table of texts is called `units`: a row for each text, a column for each thing known. Here are five rows and four columns of it:
# %% [markdown] tags=["zh"]
# 您应该看到 `Corpus: 41 documents, 30 places, 2020–2025`（41篇，30个地方，2020至2025年）。文本的表叫 `units`：每行一篇，每列一项信息。先看五行四列：

# %%
corpus.units[["title", "city", "year", "kind"]].head()

# %% [markdown] tags=["en"]
# At the left stands the **id** of each text, such as `beijing-2023`. It never changes, and everything is found again by it. All columns:
# %% [markdown] tags=["zh"]
# 最左边是每篇的**编号**，比如 `beijing-2023`。编号始终不变，什么都靠它找回来。全部的列：

# %%
print(", ".join(corpus.units.columns))

# %% [markdown] tags=["en"]
# `region` and `tier` describe the place, `kind` says what sort of text it is (its [genre](../../docs/glossary.md#genre)), `origin` whether it was found (`original`) or written for the toolkit (`written`), and `rights` what may be done with it.
#
# ## 2 Count before you read
#
# The first table of a study tells what the corpus is made of. `value_counts` counts the values of a column:
# %% [markdown] tags=["zh"]
# `region` 和 `tier` 描述地方，`kind` 是[文体](../../docs/glossary.md#genre)，`origin` 说明是采集来的（`original`）还是为工具包撰写的（`written`），`rights` 说明可以怎样使用。
#
# ## 2 先数再读
#
# 一项研究的第一张表，总要交代语料的构成。`value_counts` 数一列里各个值出现多少次：

# %%
corpus.units["kind"].value_counts()

# %% [markdown] tags=["en"]
# You should see five kinds: essays of theory, case studies, notes, readings of regulations, reviews of a year. One number of the table is picked by its name in square brackets: `corpus.units["kind"].value_counts()["theory"]` is 10. A picture shows at a glance how they lie over the years:
# %% [markdown] tags=["zh"]
# 您应该看到五种：理论（theory）、案例（case）、札记（note）、法规解读（regulation）、年度综述（review）。要取表里的一个数，把名字写进方括号：`corpus.units["kind"].value_counts()["theory"]` 得10。它们在各年怎样分布，画成图一眼就能看清：

# %%
by_year = pd.crosstab(corpus.units["year"], corpus.units["kind"])
if LANG == "zh":
    by_year.columns = ["案例", "札记", "法规解读", "年度综述", "理论"]
with figure_style():
    figure, ax = plt.subplots(figsize=(4.5, 2.4))
    by_year.plot.bar(stacked=True, ax=ax, width=0.7, rot=0)
    ax.set_title({"en": "Texts of each year", "zh": "各年的文本"}[LANG])
    ax.set_xlabel({"en": "Year", "zh": "年份"}[LANG])
    ax.set_ylabel({"en": "Texts", "zh": "篇数"}[LANG])
    ax.set_yticks(range(0, 21, 5))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))

# %% [markdown] tags=["en"]
# You should see one tall bar: 20 of the 41 texts are of 2023, and 2020 and 2024 have one each. So nothing can be said about a development over the years: one text is not a year.
#
# **Question 1.** How many texts are of the kind `"case"`?
# %% [markdown] tags=["zh"]
# 您应该看到一根特别高的柱子：41篇里有20篇属于2023年，2020年和2024年各只有一篇。所以谈不上逐年的变化：一篇文本代表不了一年。
#
# **第1题。** 文体为 `"case"` 的有几篇？

# %% tags=["solution"]
q1 = corpus.units["kind"].value_counts()["case"]
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 3 Read one
#
# Never analyse what you have not read a piece of. A text is taken by its id; `[:200]` shows its first 200 characters.
# %% [markdown] tags=["zh"]
# ## 3 读一篇
#
# 没有读过，就不要分析。用编号取出文本；`[:200]` 显示前200个字符。

# %%
print(corpus["shanghai-2023"][:200])

# %%
length = corpus.units["text"].str.len()
length.describe().round().astype(int)

# %% [markdown] tags=["en"]
# You should see texts of 1,645 to 2,581 characters (`min`, `max`), half of them below 1,817 (`50%`). They are so alike in length because they were made so. In found corpora the longest text is often a hundred times the shortest, and then counts must be related to length.
#
# ## 4 Select
#
# `select` keeps the texts with the values that you name, here the texts on Beijing:
# %% [markdown] tags=["zh"]
# 您应该看到文本长1645到2581个字符（`min`、`max`），有一半不到1817（`50%`）。长度这样接近，是因为写的时候就这样要求。采集来的语料，最长的常常是最短的一百倍，那时词频必须按长度折算。
#
# ## 4 选择
#
# `select` 留下符合条件的文本，比如北京的：

# %%
beijing = corpus.select(city="北京")
beijing.units[["title", "year", "kind"]]

# %%
some = corpus.select(city=["北京", "上海"], year=range(2023, 2026))
some

# %% [markdown] tags=["en"]
# Several values go into square brackets; `range(2023, 2026)` means 2023, 2024 and 2025 (Python leaves the end out). You should see four documents.
#
# **A mistake on purpose.** A year without texts:
# %% [markdown] tags=["zh"]
# 多个值写在方括号里；`range(2023, 2026)` 指2023、2024、2025年（Python 不含末尾那个数）。您应该看到4篇。
#
# **故意犯个错。** 选一个没有文本的年份：

# %%
try:
    corpus.select(city="北京", year=2019)
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# The message lists the years there are. An empty corpus would have been worse: every later step would have "worked" on nothing.
#
# **Question 2.** How many texts on 上海 are of 2023 or later?
# %% [markdown] tags=["zh"]
# 报错列出了有哪些年份。要是悄悄返回一个空语料，反而更糟：后面每一步都会对着空气“成功”。
#
# **第2题。** 2023年及以后，关于上海的有几篇？

# %% tags=["solution"]
q2 = len(corpus.select(city="上海", year=range(2023, 2026)))
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 5 Is the comparison fair?
#
# Suppose you want to compare 上海 with 成都. Which kinds of text does each have?
# %% [markdown] tags=["zh"]
# ## 5 这样比公平吗
#
# 假如想拿上海和成都比，两边各是什么文体？

# %%
two = corpus.select(city=["上海", "成都"])
pd.crosstab(two.units["city"], two.units["kind"])

# %% [markdown] tags=["en"]
# You should see that 上海 has a regulation and two reviews, 成都 a case study and an essay of theory: no kind in common. Readings of regulations speak of articles and duties in any city. If the words differ, is it the city or the kind? From these texts nobody can tell. This is called [**confounding**](../../docs/glossary.md#confounding), and no formula mends it: the corpus must be built so that what you compare differs in one thing.
#
# **What not to conclude.** Three rules for all tutorials:
#
# 1. *One article is not a corpus.* The article on Beijing is one author's view on one day.
# 2. *Three texts are not a city.* Count your texts before you write "Shanghai stresses …".
# 3. *These 40 texts were written by us.* They show whether a method works. About cities they prove nothing. (Glossary: [representativeness](../../docs/glossary.md#representativeness).)
# %% [markdown] tags=["zh"]
# 您应该看到：上海是一篇法规解读、两篇综述，成都是一篇案例、一篇理论，没有一种文体相同。法规解读在哪座城市都会讲条款和职责。要是用词不同，是城市不同，还是文体不同？这些文本回答不了。这叫[**混淆**](../../docs/glossary.md#confounding)，没有公式能补救：语料要设计得让比较的双方只在一点上不同。
#
# **不能得出什么结论。** 三条规矩，各课通用：
#
# 1. **一篇文章不是语料库。** 那篇谈北京的文章，是一位作者在某一天的看法。
# 2. **三篇文本不是一座城市。** 写“上海强调……”之前，先数数有几篇。
# 3. **这40篇是我们写的。** 它们能说明方法管不管用，证明不了城市怎么样。参见术语表：[代表性](../../docs/glossary.md#representativeness)。

# %% [markdown] tags=["en"]
# ## 6 Passages
#
# A text of two pages speaks of several things. For most questions it is cut into [passages](../../docs/glossary.md#passage): [**sections**](../../docs/glossary.md#section) (by its headings), **paragraphs** or **sentences**. We clean first (tutorial 02), so that headings are found as they should be.
# %% [markdown] tags=["zh"]
# ## 6 切成片段
#
# 两页长的文本会讲好几件事。回答多数问题时，要先把它切成小一些的[文本片段](../../docs/glossary.md#passage)：[**节**](../../docs/glossary.md#section)（按小标题）、**段**或**句**。切之前先清洗（第02课），小标题才认得准。

# %%
cleaned, _ = clean(corpus)
for unit in ("section", "paragraph", "sentence"):
    print(cleaned.split(unit))

# %% [markdown] tags=["en"]
# You should see 222 sections, 387 paragraphs, 1,702 sentences. The passages keep all metadata of their text, and get some of their own:
# %% [markdown] tags=["zh"]
# 您应该看到222节、387段、1702句。每个片段都保留所属文本的全部元数据，另加几项自己的：

# %%
sections = cleaned.split("section")
of_article = sections.select(doc_id="beijing-2023")
of_article.units[["section", "position", "start", "dimension"]]

# %% [markdown] tags=["en"]
# The article has five sections. `section` is the heading (the introduction has none), `start` the place in the text where it begins, and `dimension` says which side of governance the section is about: refined, smart, participatory, legal or general. For the sample texts the writers noted it; for yours there is none until somebody reads and codes them.
#
# Every passage can be found again in its text. This is what makes a number of a later tutorial *traceable*:
# %% [markdown] tags=["zh"]
# 文章有五节。`section` 是小标题（引言没有），`start` 是它在全文中的起点，`dimension` 是这一节讲治理的哪个维度：精细化（refined）、智能化（smart）、共治（participatory）、法治（legal）或综合（general）。示例文本的维度由撰写者注明；您自己的文本没有，要等人读过、编码之后才有。
#
# 每个片段都能在原文里找回来，后面各课的数字因此才**可追溯**：

# %%
passage = of_article.units.loc["beijing-2023#s03"]
text = cleaned["beijing-2023"]
found = text[passage["start"] : passage["start"] + len(passage["text"])]
print(found[:40])
print(found == passage["text"])

# %% [markdown] tags=["en"]
# You should see the beginning of the third section, and `True`.
#
# **Question 3.** How many sections of the sample are about the dimension `"legal"`? (`sections.units["dimension"]` is the column.)
# %% [markdown] tags=["zh"]
# 您应该看到第三节的开头，以及 `True`。
#
# **第3题。** 示例语料中有多少节属于法治维度（`"legal"`）？（看 `sections.units["dimension"]` 这一列。）

# %% tags=["solution"]
q3 = sections.units["dimension"].value_counts()["legal"]
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# **Another mistake on purpose.** Passages cannot be split again:
# %% [markdown] tags=["zh"]
# **再故意犯个错。** 切过的不能再切：

# %%
try:
    sections.split("sentence")
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# ## 7 A corpus of your own
#
# For two or three texts, write them down directly; metadata go beside them under the same id.
# %% [markdown] tags=["zh"]
# ## 7 自己的语料
#
# 只有两三篇时，可以直接写出来；元数据另写，编号对应。

# %%
small = Corpus.from_texts(
    {"a": "社区设立议事厅。居民商量加梯方案。", "b": "街道办事处派出工单。部门限期答复。"},
    metadata={"a": {"city": "甲市", "year": 2024}, "b": {"city": "乙市", "year": 2025}},
)
small.units

# %% [markdown] tags=["en"]
# **Question 4.** Split `small` into sentences. What are the ids of the passages? Give them as a list (`[*something.units.index]`).
# %% [markdown] tags=["zh"]
# **第4题。** 把 `small` 切成句子，各个片段的编号是什么？用列表回答（`[*某物.units.index]`）。

# %% tags=["solution"]
q4 = [*small.split("sentence").units.index]
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# Read an id from left to right: `b#p01.2` is the second sentence of the first paragraph of `b`.
#
# Larger corpora live in a folder: a table `metadata.csv` and the texts as files. We save the three texts on Beijing, look into the folder, and load it again:
# %% [markdown] tags=["zh"]
# 编号从左往右读：`b#p01.2` 是 `b` 第一段的第二句。
#
# 大一些的语料放在文件夹里：一张表 `metadata.csv`，文本各存一个文件。下面把北京的三篇存起来，看看文件夹里有什么，再读回来：

# %%
folder = beijing.save(Path(tempfile.mkdtemp()) / "my-corpus")
print(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")))
print(Corpus.load(folder))

# %% [markdown] tags=["en"]
# Now we damage it as it happens in real life: a year with two digits, a text that has another name than its row, and one that nobody entered into the table.
# %% [markdown] tags=["zh"]
# 现在照实际工作中常见的样子把它弄坏：年份只写两位，有一篇的文件名与表里对不上，还有一篇没登记进表。

# %%
table = folder / "metadata.csv"
content = table.read_text(encoding="utf-8")
table.write_text(content.replace(",2021,", ",21,"), encoding="utf-8")
(folder / "texts" / "beijing-2025.txt").rename(folder / "texts" / "beijing2025.txt")
(folder / "texts" / "forgotten.txt").write_text("忘了登记的一篇。", encoding="utf-8")
try:
    Corpus.load(folder)
except ValueError as error:
    print(str(error).replace(str(folder), "my-corpus"))

# %% [markdown] tags=["en"]
# You should see *4 problems*, each with its place and what to do: a text with another name is missing under the one, and unknown under the other. All are told at once, so that you mend the table in one go. Tutorial [08](08-your-own-corpus.ipynb) takes in web pages, Word and PDF files and writes such a folder for you.
#
# ## 8 The same corpus twice
#
# A paper must say exactly which texts it used. The [recipe](../../docs/glossary.md#recipe) says how the corpus was made, and the [fingerprint](../../docs/glossary.md#fingerprint) changes if a single character does:
# %% [markdown] tags=["zh"]
# 您应该看到 *4 problems*，每个都写明在哪里、怎么改：名字对不上的那一篇算两个，按表找不到文件，按文件找不到行。所有问题一次报完，一趟就能改好。第[08](08-your-own-corpus.ipynb)课能把网页、Word、PDF 收进来，自动写成这样的文件夹。
#
# ## 8 语料是不是同一份
#
# 论文要说清用的是哪些文本。[处理记录](../../docs/glossary.md#recipe)写明语料是怎么来的；[**指纹**](../../docs/glossary.md#fingerprint)则只要改动一个字符就会变：

# %%
print(some.to_code())
print(corpus.fingerprint[:12], some.fingerprint[:12])

# %% [markdown] tags=["en"]
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Write the paragraph "Data" of a paper on this corpus in five sentences: how many texts, places, years, kinds, and what may not be concluded.
# 2. Which two places could be compared fairly, with the same kind and the same year? `pd.crosstab(corpus.units["city"], corpus.units["kind"])` helps.
# 3. Make a corpus of three short texts of your own with the columns `city`, `year` and `district`, and select the texts of one district: `mine.select(district="…")`. What does `select` say of a column that is not there?
# 4. `sections.split` refused. How do you get the sentences of the legal sections all the same? (Split the whole texts, and look at the columns of the result.)
#
# ## Further reading
#
# - Biber, D. (1993). Representativeness in corpus design. *Literary and Linguistic Computing*, 8(4), 243–257. https://doi.org/10.1093/llc/8.4.243
# - Barberá, P., Boydstun, A. E., Linn, S., McMahon, R., & Nagler, J. (2021). Automated text classification of news articles: A practical guide. *Political Analysis*, 29(1), 19–42. https://doi.org/10.1017/pan.2020.8
# - Wilkinson, M. D., Dumontier, M., Aalbersberg, I. J., et al. (2016). The FAIR Guiding Principles for scientific data management and stewardship. *Scientific Data*, 3, 160018. https://doi.org/10.1038/sdata.2016.18
#
# Words used here: [glossary](../../docs/glossary.md). Next: [02 Cleaning](02-cleaning.ipynb)
# %% [markdown] tags=["zh"]
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 为这个语料写一段论文里的“数据”部分，五句话：多少篇、多少地方、哪些年份、哪些文体，以及不能得出什么结论。
# 2. 哪两个地方可以公平比较，即文体相同、年份也相同？可以用 `pd.crosstab(corpus.units["city"], corpus.units["kind"])`。
# 3. 用自己的三篇短文做一个语料，元数据有 `city`、`year`、`district`，再选出某一个区的文本：`mine.select(district="……")`。列名写错时，`select` 会怎么说？
# 4. `sections.split` 被拒绝了。那么怎样得到法治各节的句子？（把整篇切成句子，看看结果有哪些列。）
#
# ## 延伸阅读
#
# - Biber, D. (1993). Representativeness in corpus design. *Literary and Linguistic Computing*, 8(4), 243–257. https://doi.org/10.1093/llc/8.4.243
# - Barberá, P., Boydstun, A. E., Linn, S., McMahon, R., & Nagler, J. (2021). Automated text classification of news articles: A practical guide. *Political Analysis*, 29(1), 19–42. https://doi.org/10.1017/pan.2020.8
# - Wilkinson, M. D., Dumontier, M., Aalbersberg, I. J., et al. (2016). The FAIR Guiding Principles for scientific data management and stewardship. *Scientific Data*, 3, 160018. https://doi.org/10.1038/sdata.2016.18
#
# 术语对照见[术语表](../../docs/glossary.md)。下一课：[02 清洗](02-cleaning.ipynb)
