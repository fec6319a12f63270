# %% [markdown]
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
study = Study()

# %% [markdown]
# ## 2 Corpus

# %%
raw = Corpus.sample()
characters = raw.units["text"].str.len()
study.say(
    "The corpus holds **{n_texts}** texts of {n_places} places, {first_year}–{last_year}; "
    "{n_original} is original, {n_written} were written for the toolkit. A text has "
    "{median_chars} characters in the median ({min_chars} to {max_chars}).",
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

# %% [markdown]
# ## 3 Cleaning
#
# The article stands in the corpus as it was found on its page. This is how it begins and ends:

# %%
print(raw["beijing-2023"][:150])
print("…")
print(raw["beijing-2023"][-110:])

# %%
corpus, removed = clean(raw)
print(corpus["beijing-2023"][:120])
print("…")
print(corpus["beijing-2023"][-60:])

# %% [markdown]
# Nothing vanishes silently: the report lists what was taken away, and what the residue told
# went into the metadata.

# %%
removed[removed["unit_id"] == "beijing-2023"]

# %%
corpus.units.loc["beijing-2023", ["author", "source", "date", "editor"]].to_frame().T

# %% [markdown]
# ## 4 Words
#
# jieba does not know the terms of city governance. The table compares how often each term
# of the lexicon that occurs in the corpus comes out as one word, without the lexicon and
# with it. A longer term may rightly hold a shorter one (人民城市 in 人民城市人民建).

# %%
plain = Segmenter(lexicon=None, stopwords=None, min_length=1)
governed = Segmenter(stopwords=None, min_length=1)
sentence = "坚持精治共治法治，深化接诉即办改革，突出主动治理、未诉先办，破解“大城市病”。"
pd.DataFrame(
    {
        "jieba": [" / ".join(word for word, _, _ in plain.cut(sentence))],
        "with the lexicon": [" / ".join(word for word, _, _ in governed.cut(sentence))],
    }
).T.rename(columns={0: "the same sentence"})

# %%
sections = corpus.split("section")
without, tokens = segment(sections, Segmenter(lexicon=None)), segment(sections)
lexicon = load_lexicon()
frequency = pd.DataFrame(
    {
        "without": without.frequencies.reindex(lexicon["term"]).fillna(0),
        "with lexicon": tokens.frequencies.reindex(lexicon["term"]).fillna(0),
    }
).astype(int)
frequency = frequency[frequency["with lexicon"] > 0]
study.say(
    "Of {n_terms_found} lexicon terms found in the corpus, jieba alone gives {n_terms_lost} "
    "never as one word, and they stand {n_uses_lost} times in the texts: **{lost_share:.0%}** of "
    "all uses of lexicon terms. These are the most frequent of them:",
    n_terms_found=len(frequency),
    n_terms_lost=int((frequency["without"] == 0).sum()),
    n_uses_lost=int(frequency.loc[frequency["without"] == 0, "with lexicon"].sum()),
    lost_share=frequency.loc[frequency["without"] == 0, "with lexicon"].sum()
    / frequency["with lexicon"].sum(),
)
frequency[frequency["without"] == 0].sort_values("with lexicon", ascending=False).head(10)

# %% [markdown]
# ## 5 What each part of the article is about
#
# TF-IDF needs more than one document to tell a common word from a telling one. The units
# here are the sections of all 41 texts, so a word weighs much in a part of the article if it
# is frequent there and rare in the sections of the corpus.

# %%
matrix = tfidf(tokens)
study.say(
    "The sections hold {n_tokens:,} words after stop words, {n_vocabulary:,} different ones; "
    "{n_matrix_terms:,} of them occur in at least two sections and in at most half of them.",
    n_tokens=len(tokens.codes),
    n_vocabulary=len(tokens.vocabulary),
    n_matrix_terms=len(matrix.terms),
)
article = matrix.select(doc_id="beijing-2023")
axes = plot_term_weights(article, by="dimension", n=8, lang="en")
study.figure(axes, "article-terms")

# %%
top = term_weights(article, by="dimension", n=3).groupby("group", sort=False)["term"].agg("、".join)
study.say(
    "Three words weigh most in each part: refined **{refined}**; smart **{smart}**; "
    "participatory **{participatory}**; law-based **{legal}**.",
    **{name: top[name] for name in ("refined", "smart", "participatory", "legal")},
)

# %% [markdown]
# ## 6 Does a topic model find the four parts?
#
# The model reads the sentences of the four parts without headings and sorts them into four
# topics. Agreement with the parts is measured twice: adjusted Rand index (0 by chance, 1 for
# the same partition) and normalised mutual information (0 to 1, but *above* 0 by chance when
# there are few passages). So each is compared with what 1,000 shufflings of the labels give.

# %%
parts = corpus.select(doc_id="beijing-2023")
rows = []
for min_chars in (1, 30, 60):
    passages = parts.split("sentence", min_chars=min_chars)
    topics = fit_topics(tfidf(segment(passages)), k=4)
    rows.append({"min_chars": min_chars, **agreement(topics, labels="dimension", ignore="general")})
recovered = pd.DataFrame(rows).set_index("min_chars")
recovered[["n", "ari", "p", "nmi", "nmi_chance"]].round(3)

# %%
fine, coarse = recovered.loc[1], recovered.loc[60]
study.say(
    "With single sentences (n = {n_fine} that hold a term of the matrix) the agreement is weak: "
    "ARI {ari_fine:.2f} "
    "(p = {p_fine:.3f}), NMI {nmi_fine:.2f} where shuffled labels give {null_fine:.2f}. "
    "With passages of at least {chars_coarse} characters (n = {n_coarse}) it is "
    "ARI {ari_coarse:.2f} "
    "(p = {p_coarse:.3f}), NMI {nmi_coarse:.2f} against {null_coarse:.2f}. "
    "**The answer depends on the unit, and n is small: one article is not a corpus.** "
    "Neighbouring sentences are alike whatever part they are in, so these p are too small rather "
    "than too large. The four parts leave a trace in the words, but four topics are **not** the "
    "four parts.",
    n_fine=int(fine["n"]),
    ari_fine=fine["ari"],
    p_fine=fine["p"],
    nmi_fine=fine["nmi"],
    null_fine=fine["nmi_chance"],
    chars_coarse=60,
    n_coarse=int(coarse["n"]),
    ari_coarse=coarse["ari"],
    p_coarse=coarse["p"],
    nmi_coarse=coarse["nmi"],
    null_coarse=coarse["nmi_chance"],
)

# %% [markdown]
# ## 7 Topics of all texts
#
# Now the sections of all 41 texts. How many topics? Each number is fitted again to random parts
# of the texts, and the same is done with text whose words are shuffled, where there is nothing
# to find. A number of topics can be defended if its topics come back more than chance has it.
# Here are 4 to 7; the notebook `defending-topics` looks at more of them, at other models, at what
# hangs on how the texts were read, and at what people say.

# %%
selection = choose_k(matrix, k_range=range(4, 8), runs=20)
study.figure(plot_k_selection(selection, lang="en"), "k-selection")

# %%
k6 = selection.table.set_index("k").loc[6]
study.say(
    "Numbers of topics that stand above chance and cannot be told from the best: {ks}. So the "
    "data do not name one number. We take **k = {k}**, which is {k_among} them: fitted again, its "
    "topics agree by {k_agreement:.2f}, those of shuffled text by {k_null:.2f}. What each of the "
    "numbers would mean stands in `selection.topics`, and in short here:",
    ks=", ".join(str(k) for k in sorted(selection.suggested)),
    k=6,
    k_among="among" if 6 in selection.suggested else "not among",
    k_agreement=k6["agreement"],
    k_null=k6["null"],
)
print(selection.sentence(lang="en"))

# %%
topics = fit_topics(matrix, k=6)
study.figure(plot_topic_terms(topics, lang="en"), "topic-terms")

# %%
found = agreement(topics, labels="dimension", ignore="general")
study.say(
    "Six topics leave {error:.0%} of the TF-IDF weights unexplained, which is usual for short "
    "passages. Against the dimensions of {n_labelled} labelled sections: NMI **{nmi_all:.2f}** "
    "(leaving out one text after the other: {nmi_all_low:.2f} to {nmi_all_high:.2f}; shuffled "
    "labels: {null_all:.2f}), ARI **{ari_all:.2f}** (p = {p_all:.3f}). The topics are about what "
    "the writers meant, but they are not the four dimensions.",
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

# %% [markdown]
# Does it help to say what is looked for? Four topics that are told nothing, and four that are
# told the codebook of the dimensions:

# %%
models = {"told nothing": fit_topics(matrix, k=4), "told the codebook": seeded_topics(matrix)}
judged = pd.DataFrame(
    {name: agreement(m, labels="dimension", ignore="general") for name, m in models.items()}
).T
study.say(
    "Left to themselves, four topics come no nearer to the four dimensions than NMI "
    "{nmi_unguided:.2f}; told the codebook they reach {nmi_guided:.2f} ({nmi_guided_low:.2f} "
    "to {nmi_guided_high:.2f}). **The four dimensions can be found by one who looks for them; the "
    "words alone do not fall into these four.**",
    nmi_unguided=judged["nmi"].iloc[0],
    nmi_guided=judged["nmi"].iloc[1],
    nmi_guided_low=judged["nmi_low"].iloc[1],
    nmi_guided_high=judged["nmi_high"].iloc[1],
)
judged[["nmi", "nmi_low", "nmi_high", "nmi_chance", "ari"]].round(2)

# %% [markdown]
# The report card puts together what can be said for these topics: how often each comes back
# (grey: as often as in shuffled text), whether its words go together, whether they are its own.

# %%
card = report_card(
    topics, selection=selection, labels="dimension", ignore=["general"], lang="en", runs=20
)
study.figure(plot_report_card(card, lang="en"), "report-card")
card.summary.to_frame()

# %%
weak = card.topics[~card.topics["above"].astype(bool)]
study.say(
    "{n_above} of {n_topics} topics come back more than chance has it. Not to be relied on: "
    "{weak_topics}.",
    n_above=int(card.topics["above"].sum()),
    n_topics=topics.k,
    weak_topics=", ".join(topics.names[t - 1] for t in weak["topic"]) or "none",
)

# %% [markdown]
# From a topic back to the text: the passage each topic is strongest in, and the sentence in it
# that speaks most for the topic. `topics.html`, written beside the report when the study is
# reproduced, shows more of them, with a map and the terms by relevance.

# %%
topic_page(topics, study.folder / "topics.html", card=card, lang="en")
topics.top_passages(1)[["topic", "doc_id", "section", "words", "sentence"]]

# %% [markdown]
# ## 8 Comparisons
#
# ### 8.1 What regulations say that other texts do not

# %%
study.figure(plot_keyness(tokens, {"kind": "regulation"}, n=10, lang="en"), "keyness-regulation")

# %%
words = keyness(tokens, {"kind": "regulation"})
key = words.iloc[0]
study.say(
    "Texts on regulations ({n_regulation} of them) use {key_term} {key_times:.1f} times as often "
    "as the others (log ratio {key_ratio:.2f}, 95% interval over documents {key_low:.2f} to "
    "{key_high:.2f}; in {key_docs} of the {n_regulation}). A hollow bar is a word of which one "
    "text holds over half, or that the others never use.",
    n_regulation=int((raw.units["kind"] == "regulation").sum()),
    key_term=key["term"],
    key_times=2 ** key["log_ratio"],
    key_ratio=key["log_ratio"],
    key_low=key["low"],
    key_high=key["high"],
    key_docs=int(key["docs_target"]),
)
lines = concordance(corpus.select(kind="regulation"), key["term"])
lines[["left", "match", "right", "doc_id"]].head(5)

# %% [markdown]
# ### 8.2 The four dimensions
#
# A codebook, made from the article's own framework, counts for each sentence the terms of each
# dimension. 1 is the emphasis of the whole corpus; a line is a 95% interval.

# %%
scores = score_framework(sections)
study.figure(plot_dimensions(scores, groups=["北京", "上海"], lang="en"), "dimensions")

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
    "In these texts Beijing's emphasis on participation is {emph_bj:.2f} ({emph_bj_low:.2f} to "
    "{emph_bj_high:.2f}), Shanghai's {emph_sh:.2f} ({emph_sh_low:.2f} to {emph_sh_high:.2f}). The "
    "intervals rest on sentences, for each city has few texts. How far can the codebook be "
    "trusted? On the labelled sections it finds the dimension with a macro F1 of "
    "{f1_codebook:.2f}, but who wrote it had read their headings. With the terms of the article "
    "and the lexicon only it is {f1_strict:.2f}, and {f1_both:.2f} together with words learnt "
    "from the labels of other texts; these words alone reach {f1_words:.2f}.",
    emph_bj=beijing["emphasis"],
    emph_bj_low=beijing["low"],
    emph_bj_high=beijing["high"],
    emph_sh=shanghai["emphasis"],
    emph_sh_low=shanghai["low"],
    emph_sh_high=shanghai["high"],
    f1_codebook=whole["codebook"],
    f1_strict=strict["codebook"],
    f1_both=strict["codebook + logistic regression"],
    f1_words=strict["TF-IDF + logistic regression"],
)
scores.evidence(1)[["dimension", "doc_id", "terms", "sentence"]]

# %% [markdown]
# ### 8.3 One phrase: 接诉即办

# %%
study.figure(plot_dispersion(tokens, ["接诉即办", "热线"], lang="en"), "dispersion")

# %%
track = track_phrase(corpus, "接诉即办")
study.say(
    "接诉即办 stands {n_phrase} times in {n_phrase_docs} of {n_texts} texts, {n_phrase_beijing} "
    "times in texts about Beijing. {first}",
    n_phrase=len(track.sentences),
    n_phrase_docs=track.sentences["doc_id"].nunique(),
    n_texts=len(raw),
    n_phrase_beijing=int((track.sentences["doc_id"].str.startswith("beijing")).sum()),
    first=track.first,
)
track.sentences[["year", "doc_id", "sentence"]].head(4)

# %% [markdown]
# ### 8.4 Cities on a map of topics

# %%
study.figure(plot_topic_share(topics, by="city", lang="en"), "topic-share")

# %%
study.figure(plot_similarity(topics, by="city", lang="en"), "similarity")

# %%
share = topics.doc_topics(by="city")
hotline = next(t for t, name in enumerate(topics.names, 1) if "热线" in name)
most = share[hotline].sort_values(ascending=False)
study.say(
    "The hotline topic ({topic_name}) has its largest share in {city_most} ({share_most:.0%}); "
    "in the mean over places it is {share_mean:.0%}.",
    topic_name=topics.names[hotline - 1],
    city_most=most.index[0],
    share_most=most.iloc[0],
    share_mean=most.mean(),
)

# %%
study.figure(plot_trend(tokens, terms=["热线", "网格", "更新", "数据", "条例"], lang="en"), "trend")

# %% [markdown]
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

# %%
print(topics.to_code())
