# %% [markdown] tags=["en"]
# # Refined, smart, shared, law-based: how one article and forty texts speak of city governance
#
# A reproducible study with the City Governance Text Toolkit. Every number in the text below
# is computed by the cell above it and kept in `results.json`; `toolkit reproduce --check`
# runs everything again and compares.
#
# ## 1 Question
#
# In May 2023 人民网 published an article on governing the capital (俎涛, *深入推进精治共治法治
# 不断提升首都城市治理现代化水平*). Its four parts are on **refined** (精细化), **smart**
# (智能化), **participatory** (共治, 科学化) and **law-based** (法治化) governance.
#
# 1. Which words carry each part?
# 2. If a topic model reads the article without its headings, does it find the same four parts?
# 3. Do the four dimensions appear in texts about other cities, and where do they differ?
#
# The forty texts for comparison were written for this toolkit from cited facts. They show
# whether the method finds what is known to be there. They are **not evidence about cities**.
# %% [markdown] tags=["zh"]
# # 精治、智治、共治、法治：一篇文章和四十篇文本怎样谈城市治理
#
# 用城市治理文本工具包完成的一项可重复研究。正文里的每个数字都由上一个单元格算出，并存入
# `results.json`；`toolkit reproduce --check` 会从头重算，逐一核对。
#
# ## 1 问题
#
# 2023年5月，人民网刊出一篇谈首都治理的文章（俎涛《深入推进精治共治法治 不断提升首都城市治理现代化水平》）。
# 文章分四个部分，依次谈**精细化**、**智能化**、**多元参与**（共治，标题里叫科学化）和**法治化**。
#
# 1. 各部分的内容由哪些词承载？
# 2. 如果主题模型看不到小标题，只读正文，能不能找回这四个部分？
# 3. 写其他城市的文本里，有没有这四个维度？差别在哪里？
#
# 用来对照的四十篇文本，是依据注明出处的事实专为本工具包撰写的，只用来检验方法能否找到已知存在的东西，
# **不能当作关于这些城市的证据**。

# %%
# %config InlineBackend.print_figure_kwargs = {"dpi": 150}
import pandas as pd

from toolkit import (
    Codebook,
    Corpus,
    Segmenter,
    agreement,
    choose_k,
    clean,
    concordance,
    fit_topics,
    keyness,
    load_lexicon,
    report_card,
    score_framework,
    seeded_topics,
    segment,
    term_weights,
    tfidf,
    track_phrase,
    validate_framework,
)
from toolkit.explore import topic_page
from toolkit.figures import (
    plot_dimensions,
    plot_dispersion,
    plot_k_selection,
    plot_keyness,
    plot_report_card,
    plot_similarity,
    plot_term_weights,
    plot_topic_share,
    plot_topic_terms,
    plot_trend,
)
from toolkit.study import Study

pd.set_option("display.max_colwidth", None)
LANG = "en"
study = Study(lang=LANG)

# %% [markdown] tags=["en"]
# ## 2 Corpus
# %% [markdown] tags=["zh"]
# ## 2 语料

# %%
raw = Corpus.sample()
characters = raw.units["text"].str.len()
study.say(
    {
        "en": "The corpus holds **{n_texts}** texts of {n_places} places, "
        "{first_year}–{last_year}; {n_original} is original, {n_written} were written for the "
        "toolkit. A text has {median_chars} characters in the median ({min_chars} to {max_chars}).",
        "zh": "语料共**{n_texts}**篇，涉及{n_places}个地方，{first_year}—{last_year}年；其中"
        "{n_original}篇为原文，{n_written}篇为本工具包撰写。每篇字数的中位数为{median_chars}，最少"
        "{min_chars}，最多{max_chars}。",
    },
    n_texts=len(raw),
    n_places=raw.units["city"].nunique(),
    first_year=raw.units["year"].min(),
    last_year=raw.units["year"].max(),
    n_original=(raw.units["origin"] == "original").sum(),
    n_written=(raw.units["origin"] == "written").sum(),
    median_chars=int(characters.median()),
    min_chars=characters.min(),
    max_chars=characters.max(),
)
pd.crosstab(raw.units["kind"], raw.units["region"])

# %% [markdown] tags=["en"]
# ## 3 Cleaning
#
# The article stands in the corpus as it was found on its page. This is how it begins and ends:
# %% [markdown] tags=["zh"]
# ## 3 清洗
#
# 语料中的这篇文章保留着网页上的原貌。开头和结尾是这样的：

# %%
print(raw["beijing-2023"][:150])
print("…")
print(raw["beijing-2023"][-110:])

# %%
corpus, removed = clean(raw)
print(corpus["beijing-2023"][:120])
print("…")
print(corpus["beijing-2023"][-60:])

# %% [markdown] tags=["en"]
# Nothing vanishes silently: the report lists what was taken away, and what the residue told
# went into the metadata.
# %% [markdown] tags=["zh"]
# 凡是删去的，报告里都有记录；残留行里透露的作者、来源、日期，已存入元数据。

# %%
removed[removed["unit_id"] == "beijing-2023"]

# %%
corpus.units.loc["beijing-2023", ["author", "source", "date", "editor"]].to_frame().T

# %% [markdown] tags=["en"]
# ## 4 Words
#
# jieba does not know the terms of city governance. The table compares how often each term
# of the lexicon that occurs in the corpus comes out as one word, without the lexicon and
# with it. A longer term may rightly hold a shorter one (人民城市 in 人民城市人民建).
# %% [markdown] tags=["zh"]
# ## 4 分词
#
# jieba 不认识城市治理的术语。下表统计的是领域词典中在语料里出现过的术语：不加词典和加上词典，
# 各有多少次被切成完整的一个词。较长的术语可以包含较短的，例如“人民城市人民建”里就有“人民城市”，这不算错。

# %%
plain = Segmenter(lexicon=None, stopwords=None, min_length=1)
governed = Segmenter(stopwords=None, min_length=1)
sentence = "坚持精治共治法治，深化接诉即办改革，突出主动治理、未诉先办，破解“大城市病”。"
pd.DataFrame(
    {
        "jieba": " / ".join(word for word, _, _ in plain.cut(sentence)),
        "jieba + lexicon": " / ".join(word for word, _, _ in governed.cut(sentence)),
    },
    index=[sentence],
).T

# %%
sections = corpus.split("section")
without, tokens = segment(sections, Segmenter(lexicon=None)), segment(sections)
lexicon = load_lexicon()
frequency = pd.DataFrame(
    {
        "jieba": without.frequencies.reindex(lexicon["term"]).fillna(0),
        "jieba + lexicon": tokens.frequencies.reindex(lexicon["term"]).fillna(0),
    }
).astype(int)
frequency = frequency[frequency["jieba + lexicon"] > 0]
study.say(
    {
        "en": "Of {n_terms_found} lexicon terms found in the corpus, jieba alone gives "
        "{n_terms_lost} never as one word, and they stand {n_uses_lost} times in the texts: "
        "**{lost_share:.0%}** of all uses of lexicon terms. These are the most frequent of them:",
        "zh": "语料中出现了{n_terms_found}个词典术语。只用 jieba，其中{n_terms_lost}个一次也没有切"
        "成完整的词，而它们在文本里共出现{n_uses_lost}次，占全部术语用例的**{lost_share:.0%}**。其"
        "中最常见的是：",
    },
    n_terms_found=len(frequency),
    n_terms_lost=int((frequency["jieba"] == 0).sum()),
    n_uses_lost=int(frequency.loc[frequency["jieba"] == 0, "jieba + lexicon"].sum()),
    lost_share=frequency.loc[frequency["jieba"] == 0, "jieba + lexicon"].sum()
    / frequency["jieba + lexicon"].sum(),
)
frequency[frequency["jieba"] == 0].sort_values("jieba + lexicon", ascending=False).head(10)

# %% [markdown] tags=["en"]
# ## 5 What each part of the article is about
#
# [TF-IDF](../../docs/glossary.md#tf-idf) needs more than one document to tell a common word from
# a telling one. The units here are the sections of all 41 texts, so a word weighs much in a part of the article if it
# is frequent there and rare in the sections of the corpus.
# %% [markdown] tags=["zh"]
# ## 5 文章的各部分谈的是什么
#
# 只有一篇文档，[TF-IDF](../../docs/glossary.md#tf-idf) 分不出哪些词人人都用，哪些词是这里特有的。因此以全部41篇文本的小节为单位：
# 一个词在文章的某一部分里常见，而在语料的其他小节里少见，权重才高。

# %%
matrix = tfidf(tokens)
study.say(
    {
        "en": "The sections hold {n_tokens:,} words after stop words, {n_vocabulary:,} different "
        "ones; {n_matrix_terms:,} of them occur in at least two sections and in at most half of "
        "them.",
        "zh": "去掉停用词后，各小节共有{n_tokens:,}个形符、{n_vocabulary:,}个类符；其中"
        "{n_matrix_terms:,}个至少出现在两个小节里，又不超过半数小节。",
    },
    n_tokens=len(tokens.codes),
    n_vocabulary=len(tokens.vocabulary),
    n_matrix_terms=len(matrix.terms),
)
article = matrix.select(doc_id="beijing-2023")
axes = plot_term_weights(article, by="dimension", n=8, lang=LANG)
study.figure(axes, "article-terms")

# %%
top = term_weights(article, by="dimension", n=3).groupby("group", sort=False)["term"].agg("、".join)
study.say(
    {
        "en": "Three words weigh most in each part: refined **{refined}**; smart **{smart}**; "
        "participatory **{participatory}**; law-based **{legal}**.",
        "zh": "各部分权重最高的三个词：精细化为**{refined}**；智能化为**{smart}**；多元参与为**"
        "{participatory}**；法治化为**{legal}**。",
    },
    **{name: top[name] for name in ("refined", "smart", "participatory", "legal")},
)

# %% [markdown] tags=["en"]
# ## 6 Does a topic model find the four parts?
#
# The model reads the sentences of the four parts without headings and sorts them into four
# topics. Agreement with the parts is measured twice:
# [adjusted Rand index](../../docs/glossary.md#adjusted-rand-index) (ARI; 0 by chance, 1 for the same
# partition) and
# [normalised mutual information](../../docs/glossary.md#normalized-mutual-information) (NMI; 0
# to 1, but *above* 0 by chance when there are few passages). So each is compared with what 1,000
# shufflings of the labels give.
# %% [markdown] tags=["zh"]
# ## 6 主题模型能不能找回四个部分
#
# 模型只读四个部分的句子，看不到小标题，把句子归入四个主题。主题与原有部分是否一致，用两个指标衡量：
# [调整兰德指数](../../docs/glossary.md#adjusted-rand-index)（ARI，0为偶然水平，1为完全相同）和
# [标准化互信息](../../docs/glossary.md#normalized-mutual-information)（NMI，取0到1，但片段少时，
# 单凭偶然也会**高于**0）。所以每个数都要与打乱标签1000次的结果对照。

# %%
parts = corpus.select(doc_id="beijing-2023")
rows = []
for min_chars in (1, 30, 60):
    passages = parts.split("sentence", min_chars=min_chars)
    topics = fit_topics(tfidf(segment(passages)), k=4)
    rows.append({"min_chars": min_chars, **agreement(topics, labels="dimension", ignore="general")})
recovered = pd.DataFrame(rows).set_index("min_chars")
recovered[["n", "ari", "nmi", "nmi_chance"]].round(3)

# %%
fine, coarse = recovered.loc[1], recovered.loc[60]
study.say(
    {
        "en": "With single sentences (n = {n_fine} that hold a term of the matrix) the agreement "
        "is weak: ARI {ari_fine:.2f}, NMI {nmi_fine:.2f} where shuffled labels give "
        "{null_fine:.2f}. With passages of at least {chars_coarse} characters (n = {n_coarse}) it "
        "is ARI {ari_coarse:.2f}, NMI {nmi_coarse:.2f} against {null_coarse:.2f}. **The answer "
        "depends on the unit, and n is small: one article is not a corpus.** No p is given: "
        "neighbouring sentences are alike whatever part they are in, and with one text there are "
        "no others to compare it with. The four parts leave a trace in the words, but four topics "
        "are **not** the four parts.",
        "zh": "以单句为单位（至少含矩阵中一个词的句子，n = {n_fine}），一致程度很弱：ARI 为"
        "{ari_fine:.2f}；NMI 为{nmi_fine:.2f}，打乱标签也有{null_fine:.2f}。以不少于"
        "{chars_coarse}字的片段为单位（n = {n_coarse}），ARI 为{ari_coarse:.2f}；NMI 为"
        "{nmi_coarse:.2f}，打乱标签为{null_coarse:.2f}。**结论随切分单位而变，n 又小：一篇文章不是"
        "语料库。** 这里不给 p 值：相邻的句子不论属于哪一部分都比较像，而只有一篇文本，也就没有别的"
        "文本可作对照。四个部分在用词上留下了痕迹，但四个主题**不是**这四个部分。",
    },
    n_fine=int(fine["n"]),
    ari_fine=fine["ari"],
    nmi_fine=fine["nmi"],
    null_fine=fine["nmi_chance"],
    chars_coarse=60,
    n_coarse=int(coarse["n"]),
    ari_coarse=coarse["ari"],
    nmi_coarse=coarse["nmi"],
    null_coarse=coarse["nmi_chance"],
)

# %% [markdown] tags=["en"]
# ## 7 Topics of all texts
#
# Now the sections of all 41 texts. How many topics? Each number is fitted again to random parts
# of the texts, and the same is done with text whose words are shuffled, where there is nothing
# to find. A number of topics can be defended if its topics come back, or foretell what the texts
# left out hold, more than chance has it.
# Here are 4 to 7; [topics one can defend](defending-topics.ipynb) looks at
# more of them, at other models, at what hangs on how the texts were read, and at what people say.
# %% [markdown] tags=["zh"]
# ## 7 全部文本的主题
#
# 现在以41篇文本的全部小节为单位。分几个主题合适？对每个主题数，随机抽取一部分文本重新拟合，
# 再对打乱了词语的文本照做一遍，那里本来就没有主题可找。主题重现的程度、或推知所抽去文本的程度要超过偶然，
# 这个主题数才站得住。
# 这里试4到7；更多的主题数、其他的模型、文本处理方式的影响、别人怎样看，见
# [经得起追问的主题](defending-topics.ipynb)。

# %%
selection = choose_k(matrix, k_range=range(4, 8), runs=20)
study.figure(plot_k_selection(selection, lang=LANG), "k-selection")

# %%
k6 = selection.table.set_index("k").loc[6]
commas = {"en": ", ", "zh": "、"}
study.say(
    {
        "en": "Numbers of topics above chance, the coarsest stable cut and those that tell most "
        "to nearly all of what topics can: {ks}. So the data do not name one number. "
        "We take **k = {k}**, which is {k_among} them: fitted "
        "again, its topics agree by {k_agreement:.2f}, those of shuffled text by {k_null:.2f}. "
        "What each of the numbers would mean stands in `selection.topics`, and in short here:",
        "zh": "高于偶然水平的主题数，即最粗的稳定划分，以及能说明大部分乃至几乎全部内容的划分，"
        "有：{ks}。可见数据并不指向唯一的主题数。"
        "本研究取 **k = {k}**，它{k_among}：重新拟合时，主题的一致程度为{k_agreement:.2f}，打乱文"
        "本为{k_null:.2f}。各个主题数分别意味着什么，见 `selection.topics`；简言之：",
    },
    ks={lang: mark.join(map(str, sorted(selection.suggested))) for lang, mark in commas.items()},
    k=6,
    k_among={"en": "among", "zh": "在这几个数之中"}
    if 6 in selection.suggested
    else {"en": "not among", "zh": "不在这几个数之中"},
    k_agreement=k6["agreement"],
    k_null=k6["null"],
)
print(selection.sentence(lang=LANG))

# %%
topics = fit_topics(matrix, k=6)
study.figure(plot_topic_terms(topics, lang=LANG), "topic-terms")

# %%
found = agreement(topics, labels="dimension", ignore="general")
study.say(
    {
        "en": "Six topics leave {error:.0%} of the TF-IDF weights unexplained, which is usual for "
        "short passages. Against the dimensions of {n_labelled} labelled sections: NMI "
        "**{nmi_all:.2f}** (leaving out one text after the other: {nmi_all_low:.2f} to "
        "{nmi_all_high:.2f}; shuffled labels: {null_all:.2f}), ARI **{ari_all:.2f}** (p = "
        "{p_all:.3f}). The topics are about what the writers meant, but they are not the four "
        "dimensions.",
        "zh": "六个主题留下{error:.0%}的 TF-IDF 权重未能解释，片段短时通常如此。与{n_labelled}个有"
        "标签小节的维度相比：NMI 为**{nmi_all:.2f}**（逐一抽去一篇文本，为{nmi_all_low:.2f}到"
        "{nmi_all_high:.2f}；打乱标签为{null_all:.2f}），ARI 为**{ari_all:.2f}**（p = "
        "{p_all:.3f}）。主题与撰写者的意图相关，但并不就是那四个维度。",
    },
    error=topics.error,
    n_labelled=int(found["n"]),
    nmi_all=found["nmi"],
    nmi_all_low=found["nmi_low"],
    nmi_all_high=found["nmi_high"],
    null_all=found["nmi_chance"],
    ari_all=found["ari"],
    p_all=found["p"],
)
pd.crosstab(
    pd.Series(topics.doc_topic.argmax(axis=1) + 1, index=topics.units.index, name="topic"),
    topics.units["dimension"],
)

# %% [markdown] tags=["en"]
# Does it help to say what is looked for? Four topics that are told nothing, and four that are
# told the codebook of the dimensions:
# %% [markdown] tags=["zh"]
# 事先说明要找什么，会不会好一些？下面比较两个四主题的模型：一个什么都不知道，一个事先知道各维度的编码本。

# %%
models = {"NMF": fit_topics(matrix, k=4), "NMF + codebook": seeded_topics(matrix)}
judged = pd.DataFrame(
    {name: agreement(m, labels="dimension", ignore="general") for name, m in models.items()}
).T
study.say(
    {
        "en": "Left to themselves, four topics come no nearer to the four dimensions than NMI "
        "{nmi_unguided:.2f}; told the codebook they reach {nmi_guided:.2f} ({nmi_guided_low:.2f} "
        "to {nmi_guided_high:.2f}). **The four dimensions can be found by one who looks for them; "
        "the words alone do not fall into these four.**",
        "zh": "不给提示，四个主题与四个维度的 NMI 只到{nmi_unguided:.2f}；事先知道编码本，则达到"
        "{nmi_guided:.2f}（{nmi_guided_low:.2f}到{nmi_guided_high:.2f}）。**有意去找，四个维度找得"
        "到；光凭用词，文本并不会自己分成这四类。**",
    },
    nmi_unguided=judged["nmi"].iloc[0],
    nmi_guided=judged["nmi"].iloc[1],
    nmi_guided_low=judged["nmi_low"].iloc[1],
    nmi_guided_high=judged["nmi_high"].iloc[1],
)
judged[["nmi", "nmi_low", "nmi_high", "nmi_chance", "ari"]].round(2)

# %% [markdown] tags=["en"]
# The [report card](../../docs/glossary.md#report-card) puts together what can be said for
# these topics: how often each comes back (grey: as often as in shuffled text), whether its words go together, whether they are its own.
# %% [markdown] tags=["zh"]
# [报告卡](../../docs/glossary.md#report-card)把能为这些主题说的话放在一处：每个主题重现的程度（灰色是打乱文本中的水平）、
# 主题词是否常一起出现、是否为该主题所专有。

# %%
card = report_card(
    topics, selection=selection, labels="dimension", ignore=["general"], lang=LANG, runs=20
)
study.figure(plot_report_card(card, lang=LANG), "report-card")
card.summary.to_frame()

# %%
weak = card.topics[~card.topics["above"].astype(bool)]
study.say(
    {
        "en": "{n_above} of {n_topics} topics come back more than chance has it. Not to be relied "
        "on: {weak_topics}.",
        "zh": "{n_topics}个主题中，有{n_above}个重现的程度高于偶然。不宜倚重的是：{weak_topics}。",
    },
    n_above=int(card.topics["above"].sum()),
    n_topics=topics.k,
    weak_topics={
        lang: mark.join(topics.names[t - 1] for t in weak["topic"])
        or {"en": "none", "zh": "无"}[lang]
        for lang, mark in commas.items()
    },
)

# %% [markdown] tags=["en"]
# From a topic back to the text: the passage each topic is strongest in, and the sentence in it
# that speaks most for the topic. The
# [topic page](../../docs/glossary.md#topic-page) `topics.html`, written beside the
# report when the study is reproduced, shows more of them, with a map and the terms by
# [relevance](../../docs/glossary.md#relevance).
# %% [markdown] tags=["zh"]
# 从主题回到原文：每个主题权重最高的片段，以及其中最能代表这个主题的一句。重做研究时，报告旁边还会写出一张
# [主题页](../../docs/glossary.md#topic-page) `topics.html`，里面有更多片段、一张主题图，以及按[相关度](../../docs/glossary.md#relevance)排列的主题词。

# %%
topic_page(topics, study.folder / "topics.html", card=card, lang=LANG)
topics.top_passages(1)[["topic", "doc_id", "section", "words", "sentence"]]

# %% [markdown] tags=["en"]
# ## 8 Comparisons
#
# ### 8.1 What regulations say that other texts do not
#
# [Keyness](../../docs/glossary.md#keyness) tells them; a bar is a
# [log ratio](../../docs/glossary.md#log-ratio).
# %% [markdown] tags=["zh"]
# ## 8 比较
#
# ### 8.1 谈法规的文本，哪些词用得比别的多
#
# 用[关键性](../../docs/glossary.md#keyness)来看；条的长度是[对数比](../../docs/glossary.md#log-ratio)。

# %%
names = {"en": ("regulation", "the others"), "zh": ("法规解读", "其余")}[LANG]
axes = plot_keyness(tokens, {"kind": "regulation"}, names=names, n=10, lang=LANG)
study.figure(axes, "keyness-regulation")

# %%
words = keyness(tokens, {"kind": "regulation"})
key = words.iloc[0]
study.say(
    {
        "en": "Texts on regulations ({n_regulation} of them) use {key_term} {key_times:.1f} times "
        "as often as the others (log ratio {key_ratio:.2f}, 95% interval over documents "
        "{key_low:.2f} to {key_high:.2f}; in {key_docs} of the {n_regulation}). Of {n_tested:,} "
        "words {n_found} have q < .05 when whole texts are dealt to the two groups at random. A "
        "hollow bar is a word of which one text holds over half, or that the others never use.",
        "zh": "谈法规的{n_regulation}篇文本里，“{key_term}”的使用频率是其他文本的{key_times:.1f}倍"
        "（对数比{key_ratio:.2f}，以整篇文本为单位的95%置信区间为{key_low:.2f}到{key_high:.2f}；"
        "{n_regulation}篇中有{key_docs}篇用到）。检验的{n_tested:,}个词中，与把整篇文本随机分成两组"
        "的结果相比，有{n_found}个 q < .05。空心条表示：这个词一半以上出自同一篇文本，或者其"
        "他文本从未用过。",
    },
    n_regulation=int((raw.units["kind"] == "regulation").sum()),
    key_term=key["term"],
    key_times=2 ** key["log_ratio"],
    key_ratio=key["log_ratio"],
    key_low=key["low"],
    key_high=key["high"],
    key_docs=int(key["docs_target"]),
    n_tested=int(words["q"].notna().sum()),
    n_found=int((words["q"] < 0.05).sum()),
)
# Of the tokens that were counted: a corpus is searched by characters, titles and headings too.
lines = concordance(segment(sections.select(kind="regulation")), key["term"], window=8)
lines[["left", "match", "right", "doc_id"]].head(5)

# %% [markdown] tags=["en"]
# ### 8.2 The four dimensions
#
# A [codebook](../../docs/glossary.md#codebook), made from the article's own framework,
# counts for each sentence the terms of each dimension. 1 is the emphasis of the whole corpus; a line is a 95% interval.
# %% [markdown] tags=["zh"]
# ### 8.2 四个维度
#
# [编码本](../../docs/glossary.md#codebook)依据文章自身的框架编成，逐句统计各维度的词语。1表示与整个语料相当，线段是95%置信区间。

# %%
scores = score_framework(sections)
study.figure(plot_dimensions(scores, groups=["北京", "上海"], lang=LANG), "dimensions")

# %%
by_city = scores.emphasis("city").set_index(["city", "dimension"])
beijing, shanghai = by_city.loc["北京", "participatory"], by_city.loc["上海", "participatory"]
terms = scores.codebook.table
given = terms[~terms["note"].str.endswith("common word of the field")]
whole, strict = (
    validate_framework(sections, book).summary.set_index("method")["macro_f1"]
    for book in (scores.codebook, Codebook(given))
)
study.say(
    {
        "en": "In these texts Beijing's emphasis on participation is {emph_bj:.2f} "
        "({emph_bj_low:.2f} to {emph_bj_high:.2f}), Shanghai's {emph_sh:.2f} ({emph_sh_low:.2f} "
        "to {emph_sh_high:.2f}). The intervals rest on sentences, for each city has few texts. "
        "How far can the codebook be trusted? The dimension with most of its terms is that of "
        "the labelled sections with a macro F1 of {f1_codebook:.2f}, but who wrote it had read "
        "their headings. With the terms of the article and the lexicon only it is "
        "{f1_strict:.2f}, and {f1_both:.2f} together with words learnt from the labels of other "
        "texts; these words alone reach {f1_words:.2f}.",
        "zh": "在这些文本里，北京对多元参与的强调为{emph_bj:.2f}（{emph_bj_low:.2f}到"
        "{emph_bj_high:.2f}），上海为{emph_sh:.2f}（{emph_sh_low:.2f}到{emph_sh_high:.2f}）。每个"
        "城市只有几篇文本，区间是按句子算的。编码本可信到什么程度？哪个维度的词最多，就把有标签的"
        "小节判为哪个维度，宏平均 F1 为{f1_codebook:.2f}，不过编写者事先读过小标题。只保留文章和词"
        "典中的术语，为{f1_strict:.2f}；再加上从其他文本的标签学来的词，为{f1_both:.2f}；单用学来的"
        "词，为{f1_words:.2f}。",
    },
    emph_bj=beijing["emphasis"],
    emph_bj_low=beijing["low"],
    emph_bj_high=beijing["high"],
    emph_sh=shanghai["emphasis"],
    emph_sh_low=shanghai["low"],
    emph_sh_high=shanghai["high"],
    f1_codebook=whole["terms"],
    f1_strict=strict["terms"],
    f1_both=strict["terms + logistic regression"],
    f1_words=strict["TF-IDF + logistic regression"],
)
scores.evidence(1)[["dimension", "doc_id", "terms", "sentence"]]

# %% [markdown] tags=["en"]
# ### 8.3 One phrase: 接诉即办
# %% [markdown] tags=["zh"]
# ### 8.3 一个说法：接诉即办

# %%
study.figure(plot_dispersion(tokens, ["接诉即办", "热线"], lang=LANG), "dispersion")

# %%
track = track_phrase(corpus, "接诉即办")
study.say(
    {
        "en": "接诉即办 stands {n_phrase} times in {n_phrase_docs} of {n_texts} texts, "
        "{n_phrase_beijing} times in texts about Beijing. {first}",
        "zh": "“接诉即办”在{n_texts}篇文本的{n_phrase_docs}篇中出现{n_phrase}次，其中"
        "{n_phrase_beijing}次出自写北京的文本。{first}",
    },
    n_phrase=len(track.sentences),
    n_phrase_docs=track.sentences["doc_id"].nunique(),
    n_texts=len(raw),
    n_phrase_beijing=int((track.sentences["doc_id"].str.startswith("beijing")).sum()),
    first={lang: track.first(lang=lang) for lang in ("en", "zh")},
)
track.sentences[["year", "doc_id", "sentence"]].head(4)

# %% [markdown] tags=["en"]
# ### 8.4 Cities on a map of topics
# %% [markdown] tags=["zh"]
# ### 8.4 各城市侧重哪些主题

# %%
study.figure(plot_topic_share(topics, by="city", lang=LANG), "topic-share")

# %%
study.figure(plot_similarity(topics, by="city", lang=LANG), "similarity")

# %%
share = topics.doc_topics(by="city")
hotline = next(t for t, name in enumerate(topics.names, 1) if "热线" in name)
most = share[hotline].sort_values(ascending=False)
study.say(
    {
        "en": "The hotline topic ({topic_name}) has its largest share in {city_most} "
        "({share_most:.0%}); in the mean over places it is {share_mean:.0%}.",
        "zh": "热线主题（{topic_name}）在{city_most}所占份额最大（{share_most:.0%}）；各地平均为"
        "{share_mean:.0%}。",
    },
    topic_name=topics.names[hotline - 1],
    city_most=most.index[0],
    share_most=most.iloc[0],
    share_mean=most.mean(),
)

# %%
study.figure(plot_trend(tokens, terms=["热线", "网格", "更新", "数据", "条例"], lang=LANG), "trend")

# %% [markdown] tags=["en"]
# ## 9 Limits
#
# - **One article is not a corpus.** Its four parts hold a few dozen sentences; with so few, any
#   agreement has a wide margin, and it changes with the unit.
# - **The comparison texts were written for the toolkit.** What differs between cities here is
#   what their writers chose. The method is shown; the cities are not.
# - **Agreement with labels is not validity.** The labels are the writers' own; nobody else coded
#   them.
# - **No single k is the true one.** Several numbers of topics stand above chance. Report what
#   changes between them.
# - **Stability is not validity.** A topic may come back each time and still mean nothing: read
#   its passages.
# - **TF-IDF sees words, not claims.** A passage that criticises 智慧城市 and one that praises it
#   look alike.
#
# The Python that rebuilds the topics from the files:
# %% [markdown] tags=["zh"]
# ## 9 局限
#
# - **一篇文章不是语料库。** 四个部分总共几十句话，样本这么小，一致程度的误差很大，换一种切分单位结果就变。
# - **对照文本是为工具包撰写的。** 这里城市之间的差别，是撰写者的选择。能看的是方法，不是城市。
# - **与标签一致，不等于有效度。** 标签是撰写者自己定的，没有别人独立编码。
# - **没有唯一正确的 k。** 不止一个主题数高于偶然水平。应当写明换一个主题数，什么会变。
# - **稳定不等于有效。** 一个主题可能次次重现，却仍然没有意义：要去读它的片段。
# - **TF-IDF 看的是词，不是主张。** 批评智慧城市的段落和赞扬它的段落，在它看来差不多。
#
# 从文件开始，重建这些主题的 Python 代码：

# %%
print(topics.to_code())

# %% [markdown] tags=["en"]
# ## References
#
# Of the methods used. Terms are explained in the [glossary](../../docs/glossary.md).
#
# - Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
#   *Computational Linguistics*, 19(1), 61–74. https://aclanthology.org/J93-1003/
# - Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability analysis for
#   topic models. In *Machine learning and knowledge discovery in databases: ECML PKDD 2014* (LNCS
#   8724, pp. 498–513). Springer. https://doi.org/10.1007/978-3-662-44848-9_32
# - Hardie, A. (2014). *Log Ratio: An informal introduction*. ESRC Centre for Corpus Approaches to
#   Social Science, Lancaster University.
# - Hubert, L., & Arabie, P. (1985). Comparing partitions. *Journal of Classification*, 2, 193–218.
#   https://doi.org/10.1007/BF01908075
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
# - Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., & Mannila, H. (2016).
#   Significance testing of word frequencies in corpora. *Digital Scholarship in the Humanities*,
#   31(2), 374–397. https://doi.org/10.1093/llc/fqu064
# - Vinh, N. X., Epps, J., & Bailey, J. (2010). Information theoretic measures for clusterings
#   comparison: Variants, properties, normalization and correction for chance. *Journal of Machine
#   Learning Research*, 11, 2837–2854. https://www.jmlr.org/papers/v11/vinh10a.html
# %% [markdown] tags=["zh"]
# ## 参考文献
#
# 所用方法的出处。术语见[术语表](../../docs/glossary.md)。
#
# - Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
#   *Computational Linguistics*, 19(1), 61–74. https://aclanthology.org/J93-1003/
# - Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability analysis for
#   topic models. In *Machine learning and knowledge discovery in databases: ECML PKDD 2014* (LNCS
#   8724, pp. 498–513). Springer. https://doi.org/10.1007/978-3-662-44848-9_32
# - Hardie, A. (2014). *Log Ratio: An informal introduction*. ESRC Centre for Corpus Approaches to
#   Social Science, Lancaster University.
# - Hubert, L., & Arabie, P. (1985). Comparing partitions. *Journal of Classification*, 2, 193–218.
#   https://doi.org/10.1007/BF01908075
# - Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative matrix
#   factorization. *Nature*, 401, 788–791. https://doi.org/10.1038/44565
# - Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., & Mannila, H. (2016).
#   Significance testing of word frequencies in corpora. *Digital Scholarship in the Humanities*,
#   31(2), 374–397. https://doi.org/10.1093/llc/fqu064
# - Vinh, N. X., Epps, J., & Bailey, J. (2010). Information theoretic measures for clusterings
#   comparison: Variants, properties, normalization and correction for chance. *Journal of Machine
#   Learning Research*, 11, 2837–2854. https://www.jmlr.org/papers/v11/vinh10a.html
