# %% [markdown] tags=["en"]
# # 04 TF-IDF by passage
#
# **What you will do.** Weigh the words of three short sentences with pencil-and-paper arithmetic, see that the toolkit gives the same numbers, and only then weigh the words of an article, part by part.
#
# **What you will learn.** To *compute* tf, df, idf and a normalised weight by hand; to *predict* which word of a passage will weigh most; to *choose* the passages and the texts to compare with; to *say* what a weight means and what it does not.
#
# **What you need.** Tutorials [01](01-corpus.ipynb) to [03](03-words.ipynb). Logarithms are explained as far as they are needed.
#
# **Time.** 45 minutes.
#
# **Data.** Three invented sentences; then the article on governing Beijing (2023) and the 40 texts of the sample corpus.
# %% [markdown] tags=["zh"]
# # 04 按节计算 TF-IDF
#
# **要做什么。** 先用纸笔算术给三个短句里的词算权重，再看工具包算出的数是否一样，最后才给一篇文章的各个部分算权重。
#
# **学会什么。** 手工**计算**词频、文档频率、逆文档频率和归一化后的权重；**预测**一段话里哪个词权重最高；**选择**切分单位和对照文本；**说清**权重意味着什么、不意味着什么。
#
# **需要什么。** 第[01](01-corpus.ipynb)课到第[03](03-words.ipynb)课。用到的对数会讲到够用为止。
#
# **用时。** 45分钟。
#
# **数据。** 三个自编的短句；然后是那篇谈首都城市治理的文章（2023年）和示例语料的40篇文本。

# %%
LANG = "en"

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from toolkit import Corpus, clean, figure_style, segment, term_weights, tfidf
from toolkit.exercises import exercises
from toolkit.figures import plot_term_weights

check = exercises("04-tfidf", lang=LANG)

# %% [markdown] tags=["en"]
# ## 1 Why counting is not enough
#
# Which words tell what an article is about? The obvious answer is: the most frequent ones. Let us look at those of the article on governing Beijing.
# %% [markdown] tags=["zh"]
# ## 1 只数次数为什么不够
#
# 哪些词能说明一篇文章在讲什么？最容易想到的回答是：出现最多的词。先看看那篇谈首都城市治理的文章。

# %%
cleaned, _ = clean(Corpus.sample())
article = cleaned.select(doc_id="beijing-2023")
top = segment(article).frequencies.head(10)
with figure_style():
    figure, ax = plt.subplots(figsize=(4, 2.4))
    ax.barh(top.index[::-1], top[::-1])
    ax.set_xlabel({"en": "Occurrences in the article", "zh": "文章中的出现次数"}[LANG])

# %% [markdown] tags=["en"]
# You should see 城市 (50 times) and 治理 (36 times) far ahead of the rest. That is true and tells nothing: every text of this corpus is about governing cities. What we want are words that are frequent **here** and rare **elsewhere**. TF-IDF puts a number on that. It has two factors:
#
# - **tf**, [term frequency](../../docs/glossary.md#term-frequency): how often the word occurs in this passage;
# - **idf**, [inverse document frequency](../../docs/glossary.md#inverse-document-frequency): how few passages hold it.
#
# ## 2 Three sentences
#
# We take a corpus so small that everything can be checked by hand: one sentence on a hotline, one on a neighbourhood, one on data.
# %% [markdown] tags=["zh"]
# 您应该看到“城市”（50次）和“治理”（36次）遥遥领先。这没有错，但什么也没说明：这个语料里每一篇都在讲城市治理。我们要找的词，应当**在这里**多见，**在别处**少见。TF-IDF 给这个想法一个数值，它由两个因子相乘：
#
# - **tf**（[词频](../../docs/glossary.md#term-frequency)）：这个词在这个片段里出现多少次；
# - **idf**（[逆文档频率](../../docs/glossary.md#inverse-document-frequency)）：有这个词的片段有多少，越少，idf 越大。
#
# ## 2 三个句子
#
# 先用一个小到可以全部手算的语料：一句讲热线，一句讲社区，一句讲数据。

# %%
three = Corpus.from_texts(
    {
        "热线": "居民拨打热线，热线接到诉求，热线派出工单。",
        "社区": "居民走进社区，社区议事，居民提出诉求。",
        "数据": "数据进入平台，平台分析数据，回应诉求。",
    }
)
tokens = segment(three)
for name in three.units.index:
    print(name, tokens[name])

# %% [markdown] tags=["en"]
# Read the three lists before you go on. Which words occur in all three sentences, which in two, which in one only? Take a pencil; it is a matter of one minute.
#
# **Question 1.** Which word occurs in all three sentences? Write it between quotation marks.
# %% [markdown] tags=["zh"]
# 往下看之前，先读这三行词。哪个词三句都有？哪个词两句有？哪些词只在一句里有？拿笔数一数，一分钟就够。
#
# **第1题。** 哪个词三个句子都有？请写在引号里。

# %% tags=["solution"]
q1 = "诉求"
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 3 tf: how often here?
#
# The table of counts has a row for each word and a column for each sentence. It is all that TF-IDF knows of a text: the order of the words is gone. (Such a table is called a [bag of words](../../docs/glossary.md#bag-of-words).)
# %% [markdown] tags=["zh"]
# ## 3 tf：在这里出现几次
#
# 下面的计数表，每行一个词，每列一个句子。TF-IDF 对文本的了解只有这张表：词的先后次序已经丢掉了。（这种表示叫[词袋](../../docs/glossary.md#bag-of-words)模型。）

# %%
counts = pd.DataFrame({name: pd.Series(tokens[name]).value_counts() for name in three.units.index})
counts = counts.fillna(0).astype(int)
counts.loc[["热线", "居民", "社区", "诉求"]]

# %% [markdown] tags=["en"]
# You should see 3 for 热线 in the first column. Does a word that occurs three times tell three times as much as one that occurs once? Hardly: the second mention adds less than the first, the third less than the second. So the count is *dampened* by a logarithm (this is called [**sublinear tf**](../../docs/glossary.md#sublinear-term-frequency)):
#
# $$\mathrm{tf} = 1 + \ln(\text{count})\quad\text{if the count is at least 1, else }0$$
#
# The natural logarithm $\ln$ grows ever more slowly: $\ln 1 = 0$, $\ln 2 = 0.693$, $\ln 3 = 1.099$, $\ln 100 = 4.605$.
# %% [markdown] tags=["zh"]
# 您应该看到第一列“热线”是3。出现三次的词，说明的东西是出现一次的三倍吗？恐怕不是：第二次提到，增加的信息比第一次少；第三次又比第二次少。所以要用对数把次数“压一压”（称为[**次线性词频**](../../docs/glossary.md#sublinear-term-frequency)）：
#
# $$\mathrm{tf} = 1 + \ln(\text{次数})\quad\text{（次数至少为1，否则 tf 为0）}$$
#
# 自然对数 $\ln$ 越往后涨得越慢：$\ln 1 = 0$，$\ln 2 = 0.693$，$\ln 3 = 1.099$，$\ln 100 = 4.605$。

# %%
for count in (1, 2, 3, 100):
    print(count, round(1 + math.log(count), 3))

# %% [markdown] tags=["en"]
# Three mentions of 热线 count as 2.099, a hundred would count as 5.605. In Python `math.log` is the natural logarithm.
#
# ## 4 df and idf: how rare elsewhere?
#
# **df**, [document frequency](../../docs/glossary.md#document-frequency), is the number of sentences that hold the word. We count the cells that are not zero:
# %% [markdown] tags=["zh"]
# “热线”出现三次，按2.099计；就算出现一百次，也只按5.605计。Python 里的 `math.log` 就是自然对数。
#
# ## 4 df 与 idf：在别处有多少见
#
# **df**（[文档频率](../../docs/glossary.md#document-frequency)）是含有该词的句子数。数一数不为零的格子：

# %%
df = (counts > 0).sum(axis=1)
df[["热线", "居民", "社区", "诉求"]]

# %% [markdown] tags=["en"]
# You should see 1, 2, 1, 3. From df comes idf. With $n$ the number of sentences (here 3),
#
# $$\mathrm{idf} = \ln\frac{1+n}{1+\mathrm{df}} + 1$$
#
# The fraction is large if few sentences hold the word. The ones inside it act as if there were one more sentence that holds every word once ([**smoothing**](../../docs/glossary.md#smoothing): no division by zero). The 1 at the end keeps a word that is everywhere from vanishing. We do it for 诉求 (df 3) and 居民 (df 2):
# %% [markdown] tags=["zh"]
# 您应该看到1、2、1、3。由 df 得到 idf。设句子总数为 $n$（这里是3）：
#
# $$\mathrm{idf} = \ln\frac{1+n}{1+\mathrm{df}} + 1$$
#
# 含有该词的句子越少，分数越大。分子、分母里的1，相当于假设多了一个句子，其中每个词各出现一次（称为[**平滑**](../../docs/glossary.md#smoothing)，避免除以零）。末尾的1使处处都有的词不至于变成零。先算“诉求”（df 为3）和“居民”（df 为2）：

# %%
print("诉求", round(math.log((1 + 3) / (1 + 3)) + 1, 3))
print("居民", round(math.log((1 + 3) / (1 + 2)) + 1, 3))

# %% [markdown] tags=["en"]
# You should see 1.0 and 1.288: the word that is everywhere gets the least.
#
# **Question 2.** What is the idf of 热线? Compute it like the two above, and give it with three decimals.
# %% [markdown] tags=["zh"]
# 您应该看到1.0和1.288：处处都有的词，得数最小。
#
# **第2题。** “热线”的 idf 是多少？照上面两行来算，保留三位小数。

# %% tags=["solution"]
q2 = round(math.log((1 + 3) / (1 + 1)) + 1, 3)
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# **A trap.** Textbooks print several formulas and call all of them idf. The plainest, $\ln(n/\mathrm{df})$, gives 诉求 a weight of exactly zero; with base 10 the numbers are different again. Rankings are often alike, numbers never are. So a paper must say which formula was used. Ours is the one of scikit-learn.
# %% [markdown] tags=["zh"]
# **一个陷阱。** 各种教科书里写法不同的公式都叫 idf。最朴素的 $\ln(n/\mathrm{df})$ 会让“诉求”的权重正好为零；如果以10为底，数又不一样。词的排序往往相近，数值却不会相同。所以论文里要写明用的是哪个公式。我们用的与 scikit-learn 一致。

# %%
df_of = df[["热线", "居民", "诉求"]]
formulas = {
    "ln(n/df)": np.log(3 / df_of),
    "log10(n/df)": np.log10(3 / df_of),
    "ours": np.log((1 + 3) / (1 + df_of)) + 1,
}
pd.DataFrame(formulas).round(3)

# %% [markdown] tags=["en"]
# ## 5 The product
#
# The weight of a word in a sentence is tf × idf. For 热线 in the first sentence: $2.099 \times 1.693 = 3.553$. For 居民, which occurs once there: $1 \times 1.288 = 1.288$. For 诉求: $1 \times 1 = 1$. Now the whole table at once, by the same two formulas:
# %% [markdown] tags=["zh"]
# ## 5 相乘
#
# 一个词在一个句子里的权重是 tf × idf。第一句里的“热线”：$2.099 \times 1.693 = 3.553$。“居民”在那里出现一次：$1 \times 1.288 = 1.288$。“诉求”：$1 \times 1 = 1$。下面用同样的两个公式一次算出整张表：

# %%
tf = (1 + np.log(counts.where(counts > 0))).fillna(0)
idf = np.log((1 + 3) / (1 + df)) + 1
product = tf.mul(idf, axis=0)
product.loc[["热线", "居民", "社区", "诉求"]].round(3)

# %% [markdown] tags=["en"]
# You should find the three numbers in the first column.
#
# **Question 3.** 社区 occurs twice in the second sentence and nowhere else. Work out its weight there *with pencil or with `math.log`*, then compare with the table. Give three decimals.
# %% [markdown] tags=["zh"]
# 您应该能在第一列找到上面三个数。
#
# **第3题。** “社区”在第二句出现两次，别处没有。请**用纸笔或 `math.log`** 算出它在那里的权重，再与表对照。保留三位小数。

# %% tags=["solution"]
q3 = round((1 + math.log(2)) * (math.log(4 / 2) + 1), 3)
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# ## 6 The same length for all
#
# Long passages would get larger numbers only because they are long. So each column is divided by its length, as one measures the length of an arrow: the root of the sum of the squares (the [**l2 norm**](../../docs/glossary.md#l2-normalization); see [normalization](../../docs/glossary.md#vector-normalization)).
# %% [markdown] tags=["zh"]
# ## 6 统一长度
#
# 片段越长，数值越大，但那只是因为它长。所以每一列都要除以自己的“长度”，好比量一个向量（箭头）的长度：各数平方之和的平方根（称为 [**l2 范数**](../../docs/glossary.md#l2-normalization)，见[向量归一化](../../docs/glossary.md#vector-normalization)）。

# %%
length = np.sqrt((product**2).sum())
print(length.round(3))
by_hand = product / length
by_hand.loc[["热线", "居民", "社区", "诉求"]].round(3)

# %% [markdown] tags=["en"]
# You should see 5.172 as the length of the first column, and so $3.553 / 5.172 = 0.687$ for 热线. After this step the squares of each column add up to 1, and no weight is larger than 1.
#
# ## 7 And now the toolkit
#
# `tfidf` does all of it in one call. We switch off its two filters, which step 9 explains: in so small a corpus they would leave almost nothing.
# %% [markdown] tags=["zh"]
# 您应该看到第一列的长度是5.172，于是“热线”为 $3.553 / 5.172 = 0.687$。经过这一步，每列各数的平方和都是1，没有大于1的权重。
#
# ## 7 现在轮到工具包
#
# `tfidf` 一次做完上面所有步骤。这里先关掉它的两个过滤条件（第9步再讲）：语料这么小，开着就几乎不剩什么了。

# %%
matrix = tfidf(tokens, min_df=1, max_df=1.0)
toolkit_says = pd.DataFrame(
    matrix.weights.toarray().T, index=matrix.terms, columns=matrix.units.index
)
toolkit_says.loc[["热线", "居民", "社区", "诉求"]].round(3)

# %%
difference = (toolkit_says - by_hand).abs().max().max()
print(difference < 1e-12)

# %% [markdown] tags=["en"]
# You should see the table of step 6 again, and `True`: no number differs from yours by more than one in a million million. There is no magic in `tfidf`. Whatever comes out of it, you could have computed with a pencil and a long afternoon.
#
# The picture of the three sentences: each has a word of its own at the top (in the third 平台 and 数据 are tied: both occur twice there and nowhere else), and 诉求, which all of them share, comes last. The axis says *mean TF-IDF weight*: where a panel stands for several passages, it shows the mean over them. Here each panel is one sentence, so the mean is the weight itself; in step 8 each is one section.
# %% [markdown] tags=["zh"]
# 您应该又看到第6步的那张表，以及 `True`：没有哪个数与您手算的相差超过一万亿分之一。`tfidf` 里没有什么玄机，它给出的每个数，您用一支笔、一个漫长的下午也算得出来。
#
# 把三个句子画成图：各句最上面都是自己独有的词（第三句“平台”与“数据”并列：都在这句出现两次，别处没有），三句共有的“诉求”排在最后。横轴写的是“平均 TF-IDF 权重”：一格里有几个片段，就取它们的平均。这里一格只有一句，平均数就是权重本身；第8步一格是一节，也一样。

# %%
_ = plot_term_weights(matrix, by="doc_id", n=8, lang=LANG)

# %% [markdown] tags=["en"]
# ## 8 One text has no elsewhere
#
# Now the article. We give `tfidf` the whole article as one text, as many people do first:
# %% [markdown] tags=["zh"]
# ## 8 一篇文章没有“别处”
#
# 现在轮到文章。许多人第一次会把整篇文章当作一个文本交给 `tfidf`：

# %%
try:
    tfidf(segment(article))
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# The toolkit refuses, and it is right: with one text every word has df = 1 of 1, all idf are equal, and nothing but the counts of step 1 is left. *One article is not a corpus.* There are two ways out, and they answer different questions.
#
# **Compare the parts of the article with each other.** The article has an introduction and four sections. Which words set a section apart **from the rest of the article**?
# %% [markdown] tags=["zh"]
# 工具包拒绝了，而且拒绝得对：只有一个文本时，每个词的 df 都是1（一共才1个），idf 全都相等，剩下的只有第1步的次数。**一篇文章不是语料库。** 出路有两条，回答的是不同的问题。
#
# **第一条：文章的各部分互相比。** 文章有引言和四节。哪些词使某一节**有别于文章的其他部分**？

# %%
parts = segment(article.split("section"))
within = tfidf(parts, min_df=1)
by_section = term_weights(within, by="section", n=5)
by_section.groupby("group", sort=False)["term"].agg("、".join)

# %% [markdown] tags=["en"]
# You should see five rows; the first, without a heading, is the introduction. 数据 and 技术 lead the section on smart governance, 政府 and 渠道 the one on participation, 法治 and 制度 the one on law. Nobody told the formula about the headings.
#
# **Compare the article with other texts.** All 222 sections of the 41 texts become the elsewhere. We weigh all of them, and then look at the five of the article.
# %% [markdown] tags=["zh"]
# 您应该看到五行，第一行没有小标题，是引言。“数据”“技术”领起讲智能化的一节，“政府”“渠道”领起讲多元参与的一节，“法治”“制度”领起讲法治的一节。小标题写了什么，公式并不知道。
#
# **第二条：文章与别的文本比。** 把41篇的全部222节当作“别处”。先给所有各节算权重，再看文章的五节。

# %%
sections = cleaned.split("section")
everything = tfidf(segment(sections))
everything

# %%
of_article = everything.select(doc_id="beijing-2023")
_ = plot_term_weights(of_article, by="section", n=6, lang=LANG)

# %% [markdown] tags=["en"]
# You should see a panel for each part of the article; the one headed — is the introduction. Compare with the list above: 法治 still leads the last section, but 数据 no longer leads the third. Why? Because 数据 is common in the *other forty texts*: once they are the elsewhere, it is no longer rare. The article did not change, the comparison did.
#
# **What not to conclude.** A weight is not a property of a text, it is a property of a text **among others**. "The article emphasises 首都" means: more than forty texts that we wrote. Whether it is so among documents of Beijing, only documents of Beijing can tell.
# %% [markdown] tags=["zh"]
# 您应该看到文章各部分各占一格，标着“—”的是引言。与上面的列表对照：“法治”仍然领起最后一节，“数据”却不再领起第三节。为什么？因为“数据”在**另外40篇**里也很常见：以它们为“别处”，它就不稀罕了。文章没有变，变的是对照。
#
# **不能得出什么结论。** 权重不是一个文本自身的性质，而是它**在一群文本之中**的性质。“文章突出首都”的意思是：比我们写的40篇文本更突出。在北京的文件当中是否如此，只有北京的文件能回答。

# %% [markdown] tags=["en"]
# ## 9 The two filters
#
# `tfidf` leaves out words in fewer than `min_df=2` passages (slips, rare names) and in more than `max_df=0.5`, half of them (words that are everywhere). `document_frequency` tells df for every word that was kept:
# %% [markdown] tags=["zh"]
# ## 9 两个过滤条件
#
# `tfidf` 会去掉两类词：出现在不足 `min_df=2` 个片段里的（错字、生僻的名字），以及出现在超过 `max_df=0.5`、即半数以上片段里的（到处都有的词）。`document_frequency` 给出留下来的每个词的 df：

# %%
everything.document_frequency.sort_values(ascending=False).head(6)

# %% [markdown] tags=["en"]
# **Question 4.** In what share of the 222 sections does 城市 occur? Give it with two decimals. Is it above the limit of 0.5?
# %% [markdown] tags=["zh"]
# **第4题。** “城市”出现在222节中多大比例的节里？保留两位小数。它超过0.5的上限了吗？

# %% tags=["solution"]
q4 = round(everything.document_frequency["城市"] / len(sections), 2)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# Now the same with **whole texts** as units instead of sections. Look for 城市 in the result:
# %% [markdown] tags=["zh"]
# 现在把单位从“节”换成**整篇文本**，再找一找“城市”：

# %%
whole = tfidf(segment(cleaned))
print("城市" in whole.terms, "城市" in everything.terms)

# %%
unfiltered = tfidf(segment(cleaned), max_df=1.0)
unfiltered.document_frequency["城市"] / len(cleaned)

# %% [markdown] tags=["en"]
# You should see `False True`, and then 0.878: 城市 is in 36 of 41 texts, but in fewer than half of the sections. The same word is filtered out or kept by the choice of the **unit**. Neither is wrong; a paper must say which it was. Sections suit us because a section has one subject, a whole text has several.
#
# ## 10 What weights are good for: likeness
#
# Since each column has length 1, the sum of the products of two columns tells how alike two passages are (the [cosine similarity](../../docs/glossary.md#cosine-similarity)): 0 if they share no word, 1 if they use the same words in the same proportions.
# %% [markdown] tags=["zh"]
# 您应该看到 `False True`，接着是0.878：“城市”出现在41篇中的36篇里，却出现在不到一半的节里。同一个词，去还是留，取决于**单位**的选择。两种选择都不算错，但论文里要写明是哪一种。我们用“节”，因为一节讲一件事，一整篇讲好几件。
#
# ## 10 权重有什么用：看相似
#
# 每列长度都是1，所以两列对应的数相乘再相加，就得到两段话的相似程度（[余弦相似度](../../docs/glossary.md#cosine-similarity)）：没有共同的词为0，用词及比例完全相同为1。

# %%
(by_hand.T @ by_hand).round(3)

# %% [markdown] tags=["en"]
# You should see 1 on the diagonal: each sentence is like itself. The hotline and the neighbourhood have 0.155, since they share 居民 and 诉求; the others only 诉求 and so less. Topics ([05](05-topics.ipynb)) and comparisons of cities ([06](06-comparing.ipynb)) are built on this table.
#
# **Question 5.** Which word weighs most in the section on law-based governance **when the article is compared with all texts**? Read it from the picture of step 8, or compute it.
# %% [markdown] tags=["zh"]
# 您应该看到对角线上都是1：每句与自己完全相同。“热线”句与“社区”句为0.155，因为都有“居民”和“诉求”；其余各对只共有“诉求”，所以更小。主题（[05](05-topics.ipynb)）和城市比较（[06](06-comparing.ipynb)）都建立在这样的表上。
#
# **第5题。** **拿文章与全部文本比**时，讲法治的那一节里权重最高的是哪个词？可以从第8步的图上读，也可以计算。

# %% tags=["solution"]
q5 = term_weights(of_article, by="section", n=1)["term"].iloc[-1]
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# ## 11 What to write, and what to keep in mind
#
# The recipe of the matrix has everything that a methods section needs:
# %% [markdown] tags=["zh"]
# ## 11 怎么写，还要记住什么
#
# 矩阵的处理记录里有方法部分所需的一切：

# %%
print(everything.to_code())

# %% [markdown] tags=["en"]
# In words: *We split 41 texts into 222 sections, segmented them with jieba and a governance lexicon of 415 terms, left out stop words and words in fewer than two or more than half of the sections, and weighed the words by TF-IDF (1 + ln count; smoothed idf; l2 norm).*
#
# Keep in mind:
#
# - **A high weight is a hint, not a finding.** Go back to the sentences before you write about a word.
# - **Rare is not important.** A misread word or a proper name is rare and gets a high idf.
# - **Absent is not unimportant.** What a text takes for granted it does not repeat.
# - **Weights of different corpora cannot be compared**: another elsewhere gives other numbers.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Add a fourth sentence to the three, for instance on 条例, and predict how the weight of 热线 changes before you run it. (Which of the four numbers tf, df, n, length changes?)
# 2. Weigh the article by paragraphs or sentences instead of sections. Which words come up, and are they better or worse as a description?
# 3. Set `sublinear=False`. In which sections does the first word change?
# 4. Let `everything` hold only texts of `kind="theory"`. Which words of the article now stand out? Is that a fairer comparison?
#
# ## Further reading
#
# - Spärck Jones, K. (1972). A statistical interpretation of term specificity and its application in retrieval. *Journal of Documentation*, 28(1), 11–21. https://doi.org/10.1108/eb026526
# - Salton, G., & Buckley, C. (1988). Term-weighting approaches in automatic text retrieval. *Information Processing & Management*, 24(5), 513–523. https://doi.org/10.1016/0306-4573(88)90021-0
# - Manning, C. D., Raghavan, P., & Schütze, H. (2008). *Introduction to Information Retrieval*, chapter 6. Cambridge University Press.
# - Robertson, S. (2004). Understanding inverse document frequency: On theoretical arguments for IDF. *Journal of Documentation*, 60(5), 503–520. https://doi.org/10.1108/00220410410560582
#
# Words used here: [glossary](../../docs/glossary.md). Next: [05 Topics](05-topics.ipynb)
# %% [markdown] tags=["zh"]
# 写成文字：**将41篇文本切分为222节，用 jieba 和含415个术语的治理词库分词，去除停用词以及出现在不足两节或超过半数节中的词，按 TF-IDF 加权（词频取 1 + ln 次数，idf 经平滑，l2 归一化）。**
#
# 请记住：
#
# - **权重高是线索，不是结论。** 下笔谈一个词之前，先回到句子里去看。
# - **罕见不等于重要。** 切错的词、专名都很罕见，idf 都很高。
# - **没出现不等于不重要。** 文章视为当然的东西，往往不会反复说。
# - **不同语料的权重不能互相比较**：“别处”不同，数就不同。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 在三句之外加第四句，比如讲“条例”的，先预测“热线”的权重怎么变，再运行。（tf、df、n、长度，这四个数里哪个变了？）
# 2. 把文章改按自然段或句子计算。上来的是哪些词？用来概括内容，是更好还是更差？
# 3. 设 `sublinear=False`。哪几节的第一个词变了？
# 4. 让 `everything` 只含 `kind="theory"` 的文本。文章里突出的变成了哪些词？这样对照更公平吗？
#
# ## 延伸阅读
#
# - Spärck Jones, K. (1972). A statistical interpretation of term specificity and its application in retrieval. *Journal of Documentation*, 28(1), 11–21. https://doi.org/10.1108/eb026526
# - Salton, G., & Buckley, C. (1988). Term-weighting approaches in automatic text retrieval. *Information Processing & Management*, 24(5), 513–523. https://doi.org/10.1016/0306-4573(88)90021-0
# - Manning, C. D., Raghavan, P., & Schütze, H. (2008). *Introduction to Information Retrieval*, chapter 6. Cambridge University Press.
# - Robertson, S. (2004). Understanding inverse document frequency: On theoretical arguments for IDF. *Journal of Documentation*, 60(5), 503–520. https://doi.org/10.1108/00220410410560582
#
# 术语对照见[术语表](../../docs/glossary.md)。下一课：[05 主题](05-topics.ipynb)
