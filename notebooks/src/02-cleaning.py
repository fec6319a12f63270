# %% [markdown] tags=["en"]
# # 02 Cleaning: what is not text goes, and nothing is lost
#
# **What you will do.** Look at an article exactly as it was copied from its page, see what the rest of the page does to the numbers, clean it in four steps, and check what was taken away.
#
# **What you will learn.** To *see* characters that do not show; to *tell* text from the residue of its page; to *read* and *question* the report of a cleaning; to *avoid* cleaning too much; to *say* in a paper what was done.
#
# **What you need.** Tutorial [01](01-corpus.ipynb).
#
# **Time.** 35 minutes.
#
# **Data.** The article on governing Beijing (2023) as it was found, seven pages made for this tutorial, and the sample corpus.
# %% [markdown] tags=["zh"]
# # 02 清洗：去掉不是正文的东西，一样也不弄丢
#
# **要做什么。** 看一篇文章从网页复制下来的原样，看网页残留怎样影响统计，分四步把它洗干净，再核对删掉了什么。
#
# **学会什么。** **看见**不显示的字符；**分清**正文与网页残留；**读懂**清洗报告，并对它**提出质疑**；**避免**洗过头；在论文里**写清**做了什么。
#
# **需要什么。** 第[01](01-corpus.ipynb)课。
#
# **用时。** 35分钟。
#
# **数据。** 那篇谈首都城市治理的文章（2023年）的原样，为本课做的七个网页，以及示例语料。

# %%
LANG = "en"

import re

import matplotlib.pyplot as plt
import pandas as pd

from toolkit import Corpus, clean, figure_style, segment, tfidf
from toolkit.cleaning import (
    normalize_punctuation,
    normalize_unicode,
    normalize_whitespace,
    remove_residue,
)
from toolkit.exercises import exercises
from toolkit.figures import plot_term_weights

pd.set_option("display.max_colwidth", None)
check = exercises("02-cleaning", lang=LANG)

# %% [markdown] tags=["en"]
# ## 1 As it was found
#
# The sample corpus keeps the article as it was copied. Read its beginning and its end. What would you not count as text of the author?
# %% [markdown] tags=["zh"]
# ## 1 复制下来的原样
#
# 示例语料保留了这篇文章复制下来时的样子。请读开头和结尾：哪些不能算作者写的正文？

# %%
raw = Corpus.sample()
page = raw["beijing-2023"]
print(page[:150])
print("…")
print(page[-110:])

# %% [markdown] tags=["en"]
# You should see, before the article: where it stood on the site (a *breadcrumb*), a button 分享, and a line with the date and the source. And behind it: the author's school, the editors, and twice the request to scan a code. All of this is called [**residue**](../../docs/glossary.md#page-residue) here: it belongs to the page, not to the text.
#
# ## 2 Does it matter?
#
# A few lines among 2,500 characters seem harmless. But a corpus holds many pages *of the same site*, each with the same lines. We make seven such pages: a paragraph each from seven sample texts, and around it the frame of an invented site. (You need not follow each line of the cell; `head` and `foot` are what matters.)
# %% [markdown] tags=["zh"]
# 正文之前，您应该看到网站的路径（**面包屑**）、“分享”按钮、一行日期和来源；正文之后，有作者单位、责任编辑，还有两遍扫码提示。这些在本课里统称[**残留**](../../docs/glossary.md#page-residue)：它们属于网页，不属于文章。
#
# ## 2 要紧吗
#
# 两千五百字里混进几行，好像无伤大雅。可是语料里往往有**同一网站**的许多网页，每页都带着同样几行。我们做七个这样的网页：从七篇示例文本里各取一段，外面套上同一个虚构网站的框架。（这一格不必逐行弄懂，看清 `head` 和 `foot` 即可。）

# %%
chosen = raw.select(
    city=["上海", "广州", "成都", "杭州", "深圳", "重庆"], kind=["theory", "review"]
)
paragraphs = chosen.split("paragraph").units.query("position == 2").set_index("doc_id")["text"]
head = "首页>>城市观察\n分享\n2023年05月10日10:33　来源:城市观察网\n"
foot = "\n(责编:张明、李华)\n微信“扫一扫”添加“城市观察”\n微信“扫一扫”添加“城市观察”"
pages = Corpus.from_texts({name: head + text + foot for name, text in paragraphs.items()})
pages

# %% [markdown] tags=["en"]
# Which words weigh most in the seven pages, as they are and cleaned? (What a weight is, tutorial 04 explains; here it is enough that a long bar means a word that stands out.)
# %% [markdown] tags=["zh"]
# 洗之前和洗之后，七个网页里权重最高的各是哪些词？（权重是什么，第04课再讲；现在只要知道条越长，词越突出。）

# %%
before = tfidf(segment(pages), min_df=1, max_df=1.0)
after = tfidf(segment(clean(pages).corpus), min_df=1, max_df=1.0)
with figure_style():
    figure, axes = plt.subplots(1, 2, figsize=(6, 2.4), sharex=True)
    plot_term_weights(before, n=9, lang=LANG, ax=axes[0])
    plot_term_weights(after, n=9, lang=LANG, ax=axes[1])
    axes[0].set_title({"en": "As found", "zh": "清洗前"}[LANG])
    axes[1].set_title({"en": "Cleaned", "zh": "清洗后"}[LANG])

# %% [markdown] tags=["en"]
# You should see 微信, 扫一扫, 添加 and even the editors 张明 and 李华 on the left; on the right 统一, 问题, 热线, 规划. A study of the left picture would have found that Chinese cities are governed by WeChat.
#
# The pages also look alike that are not. The mean likeness of two pages (0: no word in common, 1: the same):
# %% [markdown] tags=["zh"]
# 左图里您应该看到“微信”“扫一扫”“添加”，连责编“张明”“李华”也在；右图是“统一”“问题”“热线”“规划”。照左图做研究，会得出中国城市靠微信治理的结论。
#
# 本来不像的网页也变得相像了。看两两之间的平均相似度（0：没有一个共同的词；1：完全相同）：

# %%
for name, matrix in (("before", before), ("after", after)):
    likeness = (matrix.weights @ matrix.weights.T).toarray()
    print(name, round((likeness.sum() - 7) / (7 * 7 - 7), 3))

# %% [markdown] tags=["en"]
# You should see 0.093 before and 0.012 after. Nearly all of the likeness was that of the frame.
#
# ## 3 Characters that do not show
#
# Two strings can look the same and be different. Compare these two:
# %% [markdown] tags=["zh"]
# 您应该看到清洗前0.093，清洗后0.012：相似度几乎全部来自网页框架。
#
# ## 3 看不见的字符
#
# 两个字符串可能看上去一样，其实不同。比较这两个：

# %%
typed, copied = "城市治理", "城市\u200b治理"
print(typed, copied, typed == copied, len(typed), len(copied))

# %% [markdown] tags=["en"]
# You should see `False`, and the lengths 4 and 5. Between 市 and 治 of the second hides a [**zero-width space**](../../docs/glossary.md#zero-width-space), as web pages use it. Whoever searches for 城市治理 does not find it. `repr` shows what is hidden:
# %% [markdown] tags=["zh"]
# 您应该看到 `False`，长度分别是4和5。第二个的“市”和“治”之间藏着一个网页常用的[**零宽空格**](../../docs/glossary.md#zero-width-space)，搜索“城市治理”就搜不到它。`repr` 能让它现形：

# %%
print(repr(copied))
print(repr(page[:60]))

# %% [markdown] tags=["en"]
# In the title of the article you should see `\xa0`, a *no-break space*; `\n` is a line end. `normalize_unicode` writes the same character always in the same way ([normalization](../../docs/glossary.md#unicode-normalization)), full-width digits and signs included:
# %% [markdown] tags=["zh"]
# 在文章标题里您应该看到 `\xa0`，这是**不换行空格**；`\n` 是换行。`normalize_unicode` 把同一个字符统一写成一种样子（[规范化](../../docs/glossary.md#unicode-normalization)），全角数字和符号也在内：

# %%
print(normalize_unicode(copied) == typed)
print(normalize_unicode("２０２３年，“互联网＋”增长６．６％"))

# %% [markdown] tags=["en"]
# ## 4 Marks and spaces
#
# The article has half-width commas in Chinese sentences. They become full-width, but not those of numbers, times and addresses:
# %% [markdown] tags=["zh"]
# ## 4 标点与空格
#
# 文章的中文句子里用的是半角逗号，要统一成全角；但数字、时间、网址里的不能动：

# %%
print(normalize_punctuation("截至10:33,受理1,000件(含App报送);详见https://a.cn/?id=1,2"))

# %% [markdown] tags=["en"]
# You should see `，` after 10:33, but `1,000` and the address as they were.
#
# Spaces within Chinese words are slips; spaces in a title or between Latin words are meant. Blank lines and indentation say nothing:
# %% [markdown] tags=["zh"]
# 您应该看到10:33后面成了“，”，而 `1,000` 和网址没有变。
#
# 中文词中间的空格是误入的；标题里、外文单词之间的空格是有意的；空行和缩进没有信息：

# %%
print(normalize_whitespace("精治共治 法治为先\n\n\n　　推进精 治、 共治。发布City  Brain 2.0。"))

# %% [markdown] tags=["en"]
# ## 5 Residue
#
# `remove_residue` removes whole lines, and only if *all* of the line is residue. Most of its rules hold only at the ends of a page, before the first and after the last line of running text.
# %% [markdown] tags=["zh"]
# ## 5 残留
#
# `remove_residue` 按整行删除，而且**整行**都是残留才删。它的规则大多只在页面两头起作用，即第一行正文之前、最后一行正文之后。

# %%
print(remove_residue("首页>>理论\n题目\n2023-05-10 来源：甲网\n经费来源于财政。\n分享到："))

# %% [markdown] tags=["en"]
# You should see two lines: 题目 and 经费来源于财政。 The sentence stays, although 来源 occurs in it too.
#
# ## 6 A mistake on purpose: the quick filter
#
# Many scripts drop every line that holds a word like 来源 or 时间. Let us see what that would have done to our corpus, in which the texts other than the article are clean already.
# %% [markdown] tags=["zh"]
# 您应该看到两行：“题目”和“经费来源于财政。”后一句虽然也有“来源”二字，但保留下来了。
#
# ## 6 故意犯个错：图省事的过滤
#
# 不少脚本见到“来源”“时间”这样的字就把整行删掉。看看这么做会把我们的语料弄成什么样——除那篇文章外，其余文本本来就是干净的。

# %%
lines = [(name, line) for name, text in raw.units["text"].items() for line in text.split("\n")]
dropped = pd.DataFrame(
    [(name, len(line)) for name, line in lines if "来源" in line or "时间" in line],
    columns=["text", "n_chars"],
)
print(dropped["text"].nunique(), "texts,", len(dropped), "lines,", dropped["n_chars"].sum())

# %% [markdown] tags=["en"]
# The three numbers are texts that lose something, lines, and characters. One of the lines is residue. All others are whole paragraphs of body text, gone without a trace.
#
# **Question 1.** How many texts would have lost something?
# %% [markdown] tags=["zh"]
# 三个数依次是受损的文本数、行数、字符数。其中只有一行是残留，其余都是整段的正文，就这样不留痕迹地没了。
#
# **第1题。** 有多少篇文本会丢东西？

# %% tags=["solution"]
q1 = dropped["text"].nunique()
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# ## 7 All steps at once, with a report
#
# `clean` takes a corpus through the four steps, joins lines that a copy broke inside a sentence (there are none here), and returns two things: the cleaned corpus and a report. The old corpus stays as it was.
# %% [markdown] tags=["zh"]
# ## 7 四步一起做，并附报告
#
# `clean` 让语料走完四个步骤，并把复制时在句中断开的行重新接上（这里没有），返回两样东西：洗好的语料和一份报告。原来的语料保持不变。

# %%
cleaned, report = clean(raw)
print(cleaned["beijing-2023"][:60])
report[["step", "rule", "n_chars", "removed"]]

# %% [markdown] tags=["en"]
# You should see the title first and then 党的二十大报告. The report has 16 rows. Read it line by line, that is what it is for:
#
# - `step` and `rule`: which rule did it;
# - `n_chars`: how many characters were changed or removed;
# - `removed`: of residue the whole line; of other steps an example, *before → after*.
#
# **Question 2.** How many lines of *residue* were removed? (Rows whose `step` is `"residue"`.)
# %% [markdown] tags=["zh"]
# 您应该先看到标题，再看到“党的二十大报告”。报告有16行，请逐行读，它就是给人读的：
#
# - `step`、`rule`：是哪一步、哪条规则；
# - `n_chars`：改动或删除了多少字符；
# - `removed`：残留给出整行，其他步骤给出一个例子，写成“改前 → 改后”。
#
# **第2题。** 一共删了多少行**残留**？（数 `step` 为 `"residue"` 的行。）

# %% tags=["solution"]
q2 = (report["step"] == "residue").sum()
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# **Question 3.** To how many of the 41 texts did cleaning do anything at all? (`report["unit_id"]` names the text of each row.)
# %% [markdown] tags=["zh"]
# **第3题。** 41篇文本里，有几篇被清洗改动过？（`report["unit_id"]` 是每一行所属的文本。）

# %% tags=["solution"]
q3 = report["unit_id"].nunique()
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# ## 8 What the residue tells
#
# Residue is not rubbish: it holds the date, the source, the editors. `clean` puts them into the metadata, where they can be used.
# %% [markdown] tags=["zh"]
# ## 8 残留里有信息
#
# 残留不是垃圾：里面有日期、来源、责任编辑。`clean` 把它们放进元数据，后面用得上。

# %%
cleaned.units.loc[["beijing-2023"], ["author", "author_note", "source", "editor", "date"]].T

# %%
report.loc[report["step"] == "metadata", ["rule", "removed"]]

# %% [markdown] tags=["en"]
# Look at the row `date`: the page says 2023-05-10 10:33, the metadata said 2023-05-10 already. The toolkit does not overwrite what a person entered; it tells you and leaves the decision to you.
#
# **Question 4.** Which source did the page name? Copy it as text between quotation marks.
# %% [markdown] tags=["zh"]
# 请看 `date` 那一行：网页上写的是2023-05-10 10:33，而元数据里原来就有2023-05-10。工具包不会覆盖人填的内容，只是告诉您，由您决定。
#
# **第4题。** 网页写明的来源是什么？请抄在引号里。

# %% tags=["solution"]
q4 = cleaned.units.loc["beijing-2023", "source"]
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# ## 9 Once is enough
#
# A good cleaning is done when it is done: a second run finds nothing more (it is [idempotent](../../docs/glossary.md#idempotent)). The report should be empty.
# %% [markdown] tags=["zh"]
# ## 9 洗一遍就够
#
# 好的清洗做完就是做完：再洗一遍，不会再有改动（称为[幂等](../../docs/glossary.md#idempotent)）。报告应该是空的。

# %%
again, nothing = clean(cleaned)
len(nothing)

# %% [markdown] tags=["en"]
# ## 10 Two more mistakes: too late, and too much
#
# **Too late.** Cleaning looks at the ends of whole pages. After splitting there are no pages any more, so the toolkit refuses:
# %% [markdown] tags=["zh"]
# ## 10 再犯两个错：洗晚了，洗过了
#
# **洗晚了。** 清洗要看整页的两头。切分之后已经没有整页，所以工具包拒绝：

# %%
try:
    clean(raw.split("section"))
except ValueError as error:
    print(error)

# %% [markdown] tags=["en"]
# **Too much.** A habit from English texts: delete all punctuation and all digits before anything else. See what becomes of a sentence:
# %% [markdown] tags=["zh"]
# **洗过了。** 有一种从英文处理学来的习惯：不管三七二十一，先把标点和数字全删掉。看看一个句子会变成什么样：

# %%
sentence = "截至2022年底，12345热线累计受理超过1亿件。"
print(re.sub(r"[0-9]", "", sentence))

# %%
article = cleaned.select(doc_id="beijing-2023")
bare = Corpus.from_texts({"bare": re.sub(r"[^\w\n]", "", article["beijing-2023"])})
print(len(article.split("sentence")), len(bare.split("sentence")))

# %% [markdown] tags=["en"]
# You should see 截至年底，热线累计受理超过亿件。, which says nothing, and then 29 and 5: without marks there are no sentences, and nothing can be traced back to them. So `clean` keeps marks and numbers; the segmenter (tutorial 03) leaves them out *when words are counted*, and the text stays whole.
#
# ## 11 What to write
#
# *The texts were cleaned with the City Governance Text Toolkit (version …): characters, marks and spaces were written uniformly, and lines that belong to the web page were removed (7 lines of one text; listed in the appendix).* The report is the appendix:
#
# ```python
# report.to_csv("removed.csv", index=False, encoding="utf-8-sig")   # -sig: for Excel
# ```
#
# **Pitfalls.**
#
# - Cleaning is a decision, not a neutral act: speeches lose their salutations, laws their article numbers, if a rule is too eager. *Read the report.*
# - The rules were made for news sites and government portals. For other sources expect lines they do not know.
# - The sample texts are clean since we wrote them. Yours will not be: 1 of 41 is not a rate to expect.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Copy an article from a site of your own city into `Corpus.from_texts({"mine": """…"""})` and clean it. Which residue was found, which was overlooked?
# 2. `clean(raw, steps=["residue"])` does one step only. Compare its report with ours: what is still in the text?
# 3. Put the line 分享 into the middle of a text, between two paragraphs. Is it removed? Why is that right, or wrong?
# 4. Which of the seven pages of step 2 has most of its characters in the frame? Work out the share.
#
# ## Further reading
#
# - Kohlschütter, C., Fankhauser, P., & Nejdl, W. (2010). Boilerplate detection using shallow text features. *Proceedings of WSDM 2010*, 441–450. https://doi.org/10.1145/1718487.1718542
# - Denny, M. J., & Spirling, A. (2018). Text preprocessing for unsupervised learning: Why it matters, when it misleads, and what to do about it. *Political Analysis*, 26(2), 168–189. https://doi.org/10.1017/pan.2017.44
# - Unicode Standard Annex #15: *Unicode Normalization Forms*. https://www.unicode.org/reports/tr15/
#
# Words used here: [glossary](../../docs/glossary.md). Next: [03 Words](03-words.ipynb)
# %% [markdown] tags=["zh"]
# 您应该看到“截至年底，热线累计受理超过亿件。”这话等于没说。接着是29和5：没有标点就没有句子，结果也就没法追溯到句子。所以 `clean` 保留标点和数字；分词器（第03课）在**统计词的时候**才略过它们，文本本身保持完整。
#
# ## 11 怎么写
#
# **文本用城市治理文本工具包（版本……）清洗：统一字符、标点和空格的写法，删除属于网页的行（1篇文本，共7行，见附录）。** 报告就是附录：
#
# ```python
# report.to_csv("removed.csv", index=False, encoding="utf-8-sig")   # -sig：供 Excel 打开
# ```
#
# **容易出的问题。**
#
# - 清洗是一种选择，并不中立：规则太狠，讲话会丢掉称谓，法规会丢掉条号。**请读报告。**
# - 这些规则针对新闻网站和政府门户。别的来源会有它们不认识的行。
# - 示例文本很干净，因为是我们自己写的。您的语料不会这样：41篇里只有1篇要洗，这个比例不能当真。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 从自己所在城市的网站复制一篇文章，放进 `Corpus.from_texts({"mine": """……"""})`，清洗。找出了哪些残留？漏了哪些？
# 2. `clean(raw, steps=["residue"])` 只做一步。把它的报告与上面的对照：文本里还剩下什么？
# 3. 把“分享”单独一行放在文章中间、两段之间。它会被删吗？这样对不对，为什么？
# 4. 第2步的七个网页里，哪一个的框架所占字符比例最大？算出这个比例。
#
# ## 延伸阅读
#
# - Kohlschütter, C., Fankhauser, P., & Nejdl, W. (2010). Boilerplate detection using shallow text features. *Proceedings of WSDM 2010*, 441–450. https://doi.org/10.1145/1718487.1718542
# - Denny, M. J., & Spirling, A. (2018). Text preprocessing for unsupervised learning: Why it matters, when it misleads, and what to do about it. *Political Analysis*, 26(2), 168–189. https://doi.org/10.1017/pan.2017.44
# - Unicode Standard Annex #15: *Unicode Normalization Forms*. https://www.unicode.org/reports/tr15/
#
# 术语对照见[术语表](../../docs/glossary.md)。下一课：[03 词](03-words.ipynb)
