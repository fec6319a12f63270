# %% [markdown] tags=["en"]
# # 03 Words: jieba, the lexicon, and what goes wrong
#
# **What you will do.** Cut sentences into words, watch four ways in which that goes wrong, mend them, and measure how good the result is.
#
# **What you will learn.** To *explain* how jieba finds words; to *recognise* the errors that matter for governance texts; to *extend* the lexicon and *test* what it changes; to *measure* a segmentation against your own; to *defend* the decisions behind a word count.
#
# **What you need.** Tutorials [01](01-corpus.ipynb) and [02](02-cleaning.ipynb).
#
# **Time.** 45 minutes.
#
# **Data.** Single sentences, and the sample corpus: one article and 40 texts written for learning.
# %% [markdown] tags=["zh"]
# # 03 词：jieba、词库，以及会出什么错
#
# **要做什么。** 把句子切成词，看切分会出的四种错，逐一修补，再衡量结果有多好。
#
# **学会什么。** **解释** jieba 怎样找词；**认出**对治理文本要紧的切分错误；**扩充**词库并**检验**它改变了什么；拿自己的切分**衡量**机器的切分；为词频背后的决定**说出理由**。
#
# **需要什么。** 第[01](01-corpus.ipynb)课和第[02](02-cleaning.ipynb)课。
#
# **用时。** 45分钟。
#
# **数据。** 若干单句，以及示例语料：一篇文章和为教学撰写的40篇文本。

# %%
LANG = "en"

import matplotlib.pyplot as plt
import pandas as pd

from toolkit import (
    Corpus,
    Segmenter,
    candidate_terms,
    clean,
    concordance,
    figure_style,
    load_lexicon,
    load_stopwords,
    segment,
)
from toolkit.exercises import exercises
from toolkit.figures import plot_dispersion

pd.set_option("display.max_colwidth", 60)
check = exercises("03-words", lang=LANG)
corpus = clean(Corpus.sample()).corpus

# %% [markdown] tags=["en"]
# ## 1 There are no spaces
#
# For English, `split()` does most of the work: it cuts at spaces. See what it makes of a Chinese sentence:
# %% [markdown] tags=["zh"]
# ## 1 没有空格
#
# 处理英文，`split()` 就能做完大半：它在空格处切开。看它怎么对付中文句子：

# %%
for sentence in ("residents call the hotline", "居民拨打热线反映问题"):
    print(sentence.split())

# %% [markdown] tags=["en"]
# You should see four words, and then one single piece. In Chinese, where a word ends is not written; it has to be found. **jieba** finds it in three steps:
#
# 1. It looks up every stretch of the sentence in a dictionary of about 350,000 words, each with its frequency.
# 2. Among all ways to lay the words side by side it takes the one that is most probable by those frequencies.
# 3. What is left as single characters it tries to join by a statistical guess (a [hidden Markov model](../../docs/glossary.md#hidden-markov-model), **HMM**).
#
# So jieba reads no meaning. It knows a list and how common its words are. All errors of this tutorial come from there.
#
# `Segmenter` wraps jieba. We first switch off everything that the toolkit adds:
# %% [markdown] tags=["zh"]
# 您应该看到四个英文词，然后是一整块。中文不写出词到哪里为止，要靠自己找。**jieba** 分三步来找：
#
# 1. 拿句子里的每一段去查词典，词典约有35万个词，每个词都有词频。
# 2. 这些词有多种排法，按词频取概率最大的一种。
# 3. 剩下的单字，再用统计模型（[隐马尔可夫模型](../../docs/glossary.md#hidden-markov-model)，**HMM**）猜一猜能不能连成词。
#
# 所以 jieba 不懂意思，它只有一张词表，知道各词有多常用。本课的所有错误都由此而来。
#
# `Segmenter` 是对 jieba 的包装。先把工具包添加的东西全部关掉：

# %%
plain = Segmenter(lexicon=None, stopwords=None, min_length=1)
print(plain("居民拨打热线反映问题"))

# %% [markdown] tags=["en"]
# You should see five words, and nothing to object to.
#
# ## 2 The first error: terms fall apart
#
# General dictionaries do not know the terms of a field. Three from governance:
# %% [markdown] tags=["zh"]
# 您应该看到五个词，挑不出毛病。
#
# ## 2 第一种错：术语被拆散
#
# 通用词典不认得专门领域的术语。看治理领域的三个：

# %%
for sentence in ("深化接诉即办改革", "网格员上门走访", "推进一网通办"):
    print(" / ".join(plain(sentence)))

# %% [markdown] tags=["en"]
# You should see 接诉 / 即 / 办, then 网格 / 员, then 一网通 / 办. Anyone who counts words now finds no 接诉即办 at all: the word that stands for Beijing's reform would have the frequency zero.
#
# The cure is a [**lexicon**](../../docs/glossary.md#lexicon): a list of terms that must stay whole. The toolkit has one for city governance:
# %% [markdown] tags=["zh"]
# 您应该看到“接诉 / 即 / 办”“网格 / 员”“一网通 / 办”。这时去数词，“接诉即办”一个也没有：最能代表北京改革的词，词频竟然是零。
#
# 解决办法是**词库**（[领域词典](../../docs/glossary.md#lexicon)）：一张不许拆开的术语表。工具包自带一份城市治理词库：

# %%
lexicon = load_lexicon()
print(len(lexicon), "terms")
lexicon["category"].value_counts()

# %%
lexicon[lexicon["category"] == "热线诉求"].head(5)

# %% [markdown] tags=["en"]
# `Segmenter()` uses it without being told. The same three sentences:
# %% [markdown] tags=["zh"]
# `Segmenter()` 默认就用这份词库。再切同样的三句：

# %%
governed = Segmenter(stopwords=None, min_length=1)
for sentence in ("深化接诉即办改革", "网格员上门走访", "推进一网通办"):
    print(" / ".join(governed(sentence)))

# %% [markdown] tags=["en"]
# All three terms should be whole.
#
# **Question 1.** Into how many words does `plain` cut 街道吹哨，部门接诉即办，治理大城市病? Do not count the commas. (Write `plain("…")` in a cell of your own and look.)
# %% [markdown] tags=["zh"]
# 三个术语应该都完整了。
#
# **第1题。** `plain` 把“街道吹哨，部门接诉即办，治理大城市病”切成几个词？逗号不算。（在自己加的单元格里写 `plain("……")` 看一看。）

# %% tags=["solution"]
q1 = len([word for word in plain("街道吹哨，部门接诉即办，治理大城市病") if word != "，"])
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 3 Words that say little
#
# Now the whole corpus. Which words are most frequent? On the left all words, on the right what is left by `Segmenter()` as it comes:
# %% [markdown] tags=["zh"]
# ## 3 没什么信息的词
#
# 现在切整个语料。哪些词最多？左图是全部的词，右图是默认的 `Segmenter()` 留下的词：

# %%
all_tokens = segment(corpus, governed)
tokens = segment(corpus)
name = {"en": ("All words", "Without stop words"), "zh": ("全部的词", "去掉停用词")}[LANG]
marks = "，。、：；“”《》（）？\n"
with figure_style():
    figure, axes = plt.subplots(1, 2, figsize=(6, 2.4))
    for ax, counted, title in zip(axes, (all_tokens, tokens), name, strict=True):
        top = counted.frequencies.drop([*marks], errors="ignore").head(10)
        ax.barh(top.index[::-1], top[::-1])
        ax.set_title(title)
        ax.set_xlabel({"en": "Occurrences", "zh": "出现次数"}[LANG])

# %% [markdown] tags=["en"]
# You should see 的, 是, 在 on the left, and 城市, 治理, 条例 on the right. (Mind the axes: 的 occurs more than 2,500 times, 城市 188.) The words on the left build sentences; they would be the same in a corpus on cooking. Three rules leave words out *of the count*, never out of the text:
#
# - the [**stop list**](../../docs/glossary.md#stop-list): 650 [stop words](../../docs/glossary.md#stop-word) (particles, pronouns, prepositions and the like);
# - `min_length=2`: single characters, unless they are terms;
# - numbers, unless `keep_numbers=True`.
# %% [markdown] tags=["zh"]
# 左图您应该看到“的”“是”“在”，右图是“城市”“治理”“条例”。（两图的横轴不同：“的”出现2500多次，“城市”188次。）左边的词用来造句，换一个讲烹饪的语料也是它们。有三条规则把词排除在**统计**之外（文本里一个字也不少）：
#
# - [**停用词表**](../../docs/glossary.md#stop-list)：650个[停用词](../../docs/glossary.md#stop-word)，如助词、代词、介词；
# - `min_length=2`：单字词不计，除非是术语；
# - 数字不计，除非设 `keep_numbers=True`。

# %%
stop = load_stopwords()
print(stop["class"].value_counts().to_dict())
print("of", len(all_tokens.codes), "words and marks", len(tokens.codes), "are counted")

# %% [markdown] tags=["en"]
# You should see that 18,892 of 35,980 remain, about half.
#
# **A stop list is a decision.** Official prose is full of 加强, 推进, 提升. Are these empty words? If you study what texts are *about*, perhaps; if you study *how governments speak*, they are your subject. So the list of the toolkit leaves them in. A longer list is written like this:
# %% [markdown] tags=["zh"]
# 您应该看到35,980个里留下18,892个，约一半。
#
# **停用词表是一种选择。** 公文里满是“加强”“推进”“提升”。它们是空话吗？研究文本**讲什么**，也许算；研究政府**怎么说**，它们正是研究对象。所以工具包的词表没有收它们。需要更长的词表，这样写：

# %%
shorter = Segmenter(stopwords=["default", "加强", "提升"])
print(Segmenter()("加强治理，提升效能"))
print(shorter("加强治理，提升效能"))

# %% [markdown] tags=["en"]
# ## 4 The second error: words that nobody wrote
#
# Where two words overlap, the likelier path can be the wrong one. A famous example, with a consequence for us:
# %% [markdown] tags=["zh"]
# ## 4 第二种错：切出没人写过的词
#
# 两个词有重叠时，概率大的排法可能是错的。有个出名的例子，对我们正好有影响：

# %%
print(" / ".join(plain("请把手机关上")))

# %% [markdown] tags=["en"]
# You should see 把手 and 机关: a *door handle* and a *government office*, in a sentence about a mobile phone. Who counts 机关 in governance texts counts this too. There is no list that prevents such errors. What helps is to look at the places: a [concordance](../../docs/glossary.md#concordance) shows every occurrence in its context.
# %% [markdown] tags=["zh"]
# 您应该看到“把手”和“机关”：一句讲手机的话，切出了**门把手**和**政府机关**。在治理文本里数“机关”，就会把这种也数进去。没有哪张词表能防住这类错误，有用的办法是去看原处：`concordance` 把每次出现连同上下文列成[索引行](../../docs/glossary.md#concordance)。

# %%
concordance(tokens, "机关", window=6).head(5)[["left", "match", "right", "doc_id"]]

# %% [markdown] tags=["en"]
# Read the five lines: all of them are offices. Ten lines read are worth more than a thousand counted.
#
# ## 5 The third error: words that vanish
#
# 报到 (*to report for duty*) is half of Beijing's slogan 街乡吹哨、部门报到. Look what happens to it:
# %% [markdown] tags=["zh"]
# 读一读这五行：说的都是机关。读十行，胜过数一千次。
#
# ## 5 第三种错：词不见了
#
# “报到”是北京“街乡吹哨、部门报到”这句口号的一半。看它怎么样了：

# %%
print(" / ".join(governed("街道吹哨，部门报到")))
print(Segmenter()("街道吹哨，部门报到"))

# %% [markdown] tags=["en"]
# You should see 报 / 到 in the first line: the dictionary finds two common single characters likelier than one rarer word. In the second line it is gone altogether, since single characters are not counted. Nobody is told; the word is just not there.
#
# *Mend it:* add the word. A lexicon may be a list of the toolkit's and your own terms:
# %% [markdown] tags=["zh"]
# 第一行您应该看到“报 / 到”：在词典看来，两个常用的单字比一个较少用的词更可能。第二行里它干脆没有了，因为单字不计。没有任何提示，这个词就是不在了。
#
# **怎么办：** 把它加进去。词库可以由工具包的词库加上自己的词组成：

# %%
mine = Segmenter(lexicon=["governance", "报到", "吹哨"])
print(mine("街道吹哨，部门报到"))

# %% [markdown] tags=["en"]
# You should see four words. A list in a file does the same: `Segmenter(lexicon=["governance", "my-terms.csv"])`, with a column `term`.
#
# **Question 2.** 镇街 (*towns and sub-districts*) is found in some sentences and lost in others, as what stands beside it decides. Add it to the lexicon of the toolkit and cut 楼栋长把镇街的难题报到市里. Which words come out? Give the list.
# %% [markdown] tags=["zh"]
# 您应该看到四个词。写在文件里也一样：`Segmenter(lexicon=["governance", "my-terms.csv"])`，文件里有一列 `term`。
#
# **第2题。** “镇街”（镇和街道）有的句子里切得出来，有的切不出来，要看前后是什么字。在工具包词库之外加上它，再切“楼栋长把镇街的难题报到市里”。得到哪些词？请给出列表。

# %% tags=["solution"]
q2 = Segmenter(lexicon=["governance", "镇街"])("楼栋长把镇街的难题报到市里")
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 6 Which terms does *your* corpus need?
#
# Not by guessing. `candidate_terms` looks for strings that behave like terms: their characters stick together, and what stands before and after them varies. It shows how they are cut today.
# %% [markdown] tags=["zh"]
# ## 6 **您的**语料需要哪些术语
#
# 不能靠猜。`candidate_terms` 在语料里找像术语的字串：内部各字结合紧密，前后搭配的字却多种多样。它还列出现在是怎么切的。

# %%
candidates = candidate_terms(corpus)
candidates[["term", "count", "n_docs", "cut", "line_1"]].head(15)

# %% [markdown] tags=["en"]
# Decide for each: [**term**](../../docs/glossary.md#term) (镇街: yes, townships and sub-districts), **phrase** (有没有人: a bit of a sentence), or **it depends** (城市治理). The column `line_1` shows one occurrence. A person decides, the machine only proposes.
#
# ## 7 The fourth error is a choice: how long is a word?
#
# 城市治理 heads the list. Shall it be one word? Let us try it and see what it does to the others:
# %% [markdown] tags=["zh"]
# 逐个决定：是[**术语**](../../docs/glossary.md#term)（“镇街”是，指镇和街道），是**词组**（“有没有人”只是半句话），还是**要看情况**（“城市治理”）。`line_1` 给出一处原文。机器只提议，决定要由人来做。
#
# ## 7 第四种“错”是选择：一个词该多长
#
# “城市治理”排在第一。该不该算一个词？试一试，看看别的词会怎样：

# %%
longer = segment(corpus, Segmenter(lexicon=["governance", "城市治理"]))
words = ["城市", "治理", "城市治理"]
pd.DataFrame(
    {"two words": tokens.frequencies.reindex(words), "one word": longer.frequencies.reindex(words)}
).fillna(0).astype(int)

# %% [markdown] tags=["en"]
# You should see 188 fall to 142 and 162 to 116: 46 occurrences moved to the new word. No text changed. Whoever reports "城市 occurs 188 times" reports a decision on the length of words along with it.
#
# **Question 3.** By how many occurrences does 治理 fall?
# %% [markdown] tags=["zh"]
# 您应该看到188降到142，162降到116：有46次转到了新词名下。文本一个字没变。报告“城市出现188次”的人，同时也报告了他对词长的决定。
#
# **第3题。** “治理”少了多少次？

# %% tags=["solution"]
q3 = tokens.frequencies["治理"] - longer.frequencies["治理"]
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# **Searching is not counting words.** Searching with Ctrl+F finds strings, also inside longer words. For 共治:
# %% [markdown] tags=["zh"]
# **查找不等于数词。** 用 Ctrl+F 查到的是字串，连长词里面的也算。以“共治”为例：

# %%
print("string:", sum(text.count("共治") for text in corpus.units["text"]))
print("word:  ", tokens.frequencies["共治"])

# %%
concordance(corpus, "共治共享", window=8)[["left", "match", "right", "doc_id"]]

# %% [markdown] tags=["en"]
# You should see 12 and 10. The two that differ stand within 共建共治共享, which the lexicon keeps whole. Which number is right depends on the question; both must be called what they are.
#
# The other way round, a row of a lexicon may say that a string is *not* one word. Variants of one thing can be counted together, with `synonyms`:
# %% [markdown] tags=["zh"]
# 您应该看到12和10。相差的两次在“共建共治共享”里，词库把它算作一个词。哪个数对，要看问的是什么；但报告时必须写明：数的是字串，还是词。
#
# 反过来，也可以规定某个字串**不是**一个词；同一事物的不同说法，可以用 `synonyms` 合并计数：

# %%
print(Segmenter(lexicon=["governance", ("城市", "管理", "者")])("城市管理者的责任"))
print(Segmenter(synonyms={"市民": "居民"})("市民参与，居民议事"))

# %% [markdown] tags=["en"]
# Are 市民 and 居民 the same? For a count of participation perhaps; for a study of how residents are *addressed* the difference is the finding. Merge only what your question treats alike.
#
# ## 8 How good is it? Measure
#
# Cut a sentence yourself, then compare. A word is right if it begins and ends where yours does.
#
# - [**precision**](../../docs/glossary.md#precision): which share of the machine's words is right;
# - [**recall**](../../docs/glossary.md#recall): which share of your words was found.
#
# The cell writes each word as a pair of numbers, where it begins and where it ends, and counts the pairs that both have.
# %% [markdown] tags=["zh"]
# “市民”和“居民”一样吗？统计参与情况，也许可以合并；研究怎样**称呼**居民，这个差别恰恰是发现。只有您的问题不加区分的，才可以合并。
#
# ## 8 切得好不好？量一量
#
# 自己先切一句，再比较。起止位置与您的相同，就算切对一个词。
#
# - [**精确率**](../../docs/glossary.md#precision)：机器切出的词，有多大比例是对的；
# - [**召回率**](../../docs/glossary.md#recall)：您切出的词，有多大比例被找到。
#
# 下面的代码把每个词记成一对数：从哪里开始，到哪里结束；然后数两边共有的对数。

# %%
cut_by_hand = "市民 拨打 热线 反映 老旧小区 加梯 难 街道 吹哨 部门 报到 社区 接诉即办"
by_hand = cut_by_hand.split()
sentence = "".join(by_hand)
ends = pd.Series(by_hand).str.len().cumsum()
right = {(end - len(word), end) for word, end in zip(by_hand, ends, strict=True)}
for name, segmenter in {"plain": plain, "governed": governed, "mine": mine}.items():
    found = {(start, end) for _, start, end in segmenter.cut(sentence)}
    hits = len(found & right)
    print(f"{name:9} precision {hits / len(found):.2f}  recall {hits / len(right):.2f}")

# %% [markdown] tags=["en"]
# Each line is one way to cut the same sentence: jieba alone, with the lexicon, and with 报到 and 吹哨 added. The numbers should rise from line to line.
#
# **Question 4.** What is the recall of `plain`, with two decimals?
# %% [markdown] tags=["zh"]
# 每行是同一句话的一种切法：只用 jieba，加上词库，再加上“报到”“吹哨”。数值应该一行比一行高。
#
# **第4题。** `plain` 的召回率是多少？保留两位小数。

# %% tags=["solution"]
q4 = round(len({(a, b) for _, a, b in plain.cut(sentence)} & right) / len(right), 2)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# **What not to conclude.** One sentence, chosen by us to show errors, measures nothing about your corpus. For a paper: cut 100 sentences drawn at random, two people independently, and report both numbers and how far the people agree.
#
# ## 9 Where words stand
#
# A word count says how often, not where. `plot_dispersion` draws each text as a line from beginning to end, with a mark for each occurrence:
# %% [markdown] tags=["zh"]
# **不能得出什么结论。** 一个句子，还是我们为了展示错误挑的，衡量不了您的语料。写论文时：随机抽100句，两个人各自独立切分，报告这两个数，以及两人的一致程度。
#
# ## 9 词在哪里
#
# 词频只说有多少，不说在哪里。`plot_dispersion` 把每篇文本画成一条从头到尾的线，每次出现画一个记号：

# %%
two_cities = segment(corpus.select(city=["北京", "上海"]))
_ = plot_dispersion(two_cities, ["热线", "数据", "条例"], lang=LANG)

# %% [markdown] tags=["en"]
# You should see one row for each of the six texts. The two texts of 2021 are on regulations, and both have 条例 many times; but in `beijing-2021` it runs from the first line (1%) to the last (98%), in `shanghai-2021` it stands in the middle only, from 32% to 72%: the opening and the end speak of other things. In the article (`beijing-2023`) 数据 stands in one place only, a little before the middle: it belongs to a section, not to the text. That is why tutorial 04 weighs *passages*.
#
# And something is odd: the article has no mark for 热线. But look:
# %% [markdown] tags=["zh"]
# 您应该看到六篇文本各占一行。2021年的两篇讲的都是法规，“条例”都不少；但在 `beijing-2021` 里它从头（1%）贯穿到尾（98%），在 `shanghai-2021` 里只在中间（32%至72%），开头和结尾说的是别的。那篇文章（`beijing-2023`）里，“数据”只集中在中间偏前的一处：它属于某一节，不属于全篇。所以第04课按**片段**（节）加权。
#
# 还有一件怪事：文章那一行没有“热线”的记号。可是请看：

# %%
concordance(corpus.select(doc_id="beijing-2023"), "热线", window=10)[["left", "match", "right"]]

# %% [markdown] tags=["en"]
# The article does speak of the hotline. It is counted under a longer word, which the lexicon keeps whole. This is the price of question 3: *a zero in a table of words may be a decision about words.*
#
# **Question 5.** Which word is it? (`lexicon[lexicon["term"].str.contains("热线")]` lists the candidates.)
# %% [markdown] tags=["zh"]
# 文章确实谈到了热线，只是记在一个更长的词名下，词库把那个词整个保留了。这就是第3题的代价：**词表里的一个零，可能只是关于词长的一个决定。**
#
# **第5题。** 是哪个词？（`lexicon[lexicon["term"].str.contains("热线")]` 会列出候选。）

# %% tags=["solution"]
words = segment(corpus.select(doc_id="beijing-2023")).vocabulary
q5 = next(word for word in words if "热线" in word)
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# ## 10 What to write
#
# *Texts were segmented with jieba 0.42.1 and a governance lexicon of 415 terms, to which we added 报到, 吹哨 (…); 650 stop words, single characters and numbers were not counted.* Put your list into the appendix. The recipe keeps it too:
# %% [markdown] tags=["zh"]
# ## 10 怎么写
#
# **文本用 jieba 0.42.1 和含415个术语的治理词库分词，另加“报到”“吹哨”（……）；650个停用词、单字和数字不计。** 自己加的词列入附录。处理记录里也写着：

# %%
print(segment(corpus, mine).to_code())

# %% [markdown] tags=["en"]
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Take five sentences of an article on your own city, cut them by hand, and measure `Segmenter()`. Which of the four errors did you meet?
# 2. Go through the first 30 candidates of step 6 with a partner, separately. On how many do you agree? What did the others hang on?
# 3. Cut 津治通平台上线 with `Segmenter(lexicon=None)` and with `Segmenter(lexicon=None, hmm=False)`. Which word is lost? When would you want that all the same?
# 4. Look up in `lexicon` which terms of your field are missing, and write them into a file `my-terms.csv` with a column `term`.
#
# ## Further reading
#
# - Sun, J. (2012–). *jieba: Chinese text segmentation* [Software]. https://github.com/fxsjy/jieba
# - Huang, C.-R., & Xue, N. (2012). Words without boundaries: Computational approaches to Chinese word segmentation. *Language and Linguistics Compass*, 6(8), 494–505. https://doi.org/10.1002/lnc3.357
# - 黄昌宁、赵海（2007）：《中文分词十年回顾》，《中文信息学报》第21卷第3期，第8–19页。
# - Sproat, R., & Emerson, T. (2003). The first international Chinese word segmentation bakeoff. *Proceedings of the Second SIGHAN Workshop on Chinese Language Processing*, 133–143. https://doi.org/10.3115/1119250.1119269
#
# Words used here: [glossary](../../docs/glossary.md). Next: [04 TF-IDF by passage](04-tfidf.ipynb)
# %% [markdown] tags=["zh"]
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 取一篇讲自己城市的文章，抽五句手工切分，衡量 `Segmenter()`。四种错里遇到了哪几种？
# 2. 与同伴分别过一遍第6步的前30个候选词。有几个意见一致？不一致的，分歧在哪里？
# 3. 用 `Segmenter(lexicon=None)` 和 `Segmenter(lexicon=None, hmm=False)` 各切一遍“津治通平台上线”。哪个词没有了？什么时候仍然需要这样设？
# 4. 在 `lexicon` 里查一查，您的领域还缺哪些术语，写进一个 `my-terms.csv` 文件，列名为 `term`。
#
# ## 延伸阅读
#
# - Sun, J. (2012–). *jieba: Chinese text segmentation*［软件］. https://github.com/fxsjy/jieba
# - Huang, C.-R., & Xue, N. (2012). Words without boundaries: Computational approaches to Chinese word segmentation. *Language and Linguistics Compass*, 6(8), 494–505. https://doi.org/10.1002/lnc3.357
# - 黄昌宁、赵海（2007）：《中文分词十年回顾》，《中文信息学报》第21卷第3期，第8–19页。
# - Sproat, R., & Emerson, T. (2003). The first international Chinese word segmentation bakeoff. *Proceedings of the Second SIGHAN Workshop on Chinese Language Processing*, 133–143. https://doi.org/10.3115/1119250.1119269
#
# 术语对照见[术语表](../../docs/glossary.md)。下一课：[04 按节计算 TF-IDF](04-tfidf.ipynb)
