# %% [markdown]
# # Topics one can defend
#
# **What you will do.** Answer what a reviewer asks of a topic model: why these topics, why this
# many, how sure, would another model or another reading of the texts say the same, and do people
# see them too.
#
# **What you will learn.** To tell how stable topics are from what they are worth, and to say
# plainly what the data do not decide.
#
# **What you need.** The [quick start](quickstart.ipynb). Running everything takes some minutes.

# %%
import pandas as pd

from toolkit import (
    Corpus,
    agreement,
    choose_k,
    clean,
    compare_topics,
    consensus_topics,
    fit_topics,
    intrusion_test,
    report_card,
    score_intrusion,
    seeded_topics,
    segment,
    sensitivity,
    tfidf,
    topic_stability,
)
from toolkit.figures import plot_k_selection, plot_report_card

pd.set_option("display.max_colwidth", None)
raw = Corpus.sample()
matrix = tfidf(segment(clean(raw).corpus.split("section")))

# %% [markdown]
# ## 1 How many?
#
# Each number of topics is fitted to random parts of the *texts* (never of the passages: those of
# one text are not independent), and so is text whose words are shuffled, where there is nothing
# to find. With `resume="runs.jsonl"` a long call can be interrupted and goes on later.

# %%
selection = choose_k(matrix, k_range=range(2, 13), runs=50)
_ = plot_k_selection(selection, lang="en")
print(selection.sentence(lang="en"))

# %% [markdown]
# The answer is seldom one number. Read what each of them means before you choose:

# %%
meaning = selection.topics[selection.topics["k"].isin(selection.suggested)]
meaning[["k", "topic", "terms", "stability", "null_high", "above"]].round(2)

# %% [markdown]
# On one article the same call says that nothing can be claimed beyond it:

# %%
article = clean(raw.select(doc_id="beijing-2023")).corpus.split("paragraph")
print(choose_k(tfidf(segment(article), min_df=1), k_range=[2]).sentence(lang="en"))

# %% [markdown]
# ## 2 How sure is each topic?
#
# `above` tells whether a topic comes back more than 95 in 100 topics of shuffled text do.

# %%
topics = fit_topics(matrix, k=6)
topic_stability(topics).round(2)

# %% [markdown]
# A consensus of many fits does not hang on where a fit starts. It does not make up for texts that
# are missing. Compare it with the single fit: are they the same topics?

# %%
consensus = consensus_topics(matrix, k=6)
compare_topics(topics, consensus)[["topic_a", "topic_b", "agreement", "correlation"]].round(2)

# %% [markdown]
# ## 3 Would another model say the same?
#
# Against the dimensions that the writers of the sections meant. The last model is told the
# codebook of the dimensions; the others are told nothing.

# %%
models = {
    "NMF": fit_topics(matrix, k=4),
    "NMF, consensus": consensus_topics(matrix, k=4),
    "LDA": fit_topics(matrix, k=4, method="lda"),
    "NMF, told the codebook": seeded_topics(matrix),
}
judged = {name: agreement(m, labels="dimension", ignore="general") for name, m in models.items()}
pd.DataFrame(judged).T[["n", "nmi", "nmi_low", "nmi_high", "nmi_chance", "ari", "p"]].round(3)

# %% [markdown]
# ## 4 Does it hang on how the texts were read?
#
# Each row changes one decision. A topic survives if the change moves it no more than leaving out
# a fifth of the texts does; `lost` and `gained` tell which words do it.

# %%
changes = sensitivity(raw, k=6)
changes[["change", "topic", "terms", "agreement", "survives", "lost", "gained"]].round(2)

# %% [markdown]
# ## 5 Do people see them?
#
# Five words of a topic and one that does not belong: who finds the stranger sees the topic. The
# sheet is blind, the key stays with you. `sheet.save("folder", key="key.json")` writes a page to
# print or to fill in on the screen, and a CSV.

# %%
sheet = intrusion_test(topics, kind="word")
sheet.questions.head()

# %% [markdown]
# Two coders, made up for the example: one sees everything, one answers "a" each time.

# %%
sees = sheet.key[["question", "answer"]]
score = score_intrusion({"sees": sees, "guesses": sees.assign(answer="a")}, sheet)
score.coders.round(3)

# %% [markdown]
# ## 6 The report card
#
# One figure and one table for the appendix; both go into `export_figure`.

# %%
card = report_card(topics, selection=selection, labels="dimension", ignore=["general"], lang="en")
_ = plot_report_card(card, lang="en")
card.summary.to_frame()

# %% [markdown]
# ## On your own
#
# 1. Take `k = 5`. Which topic is gone, and is the rest steadier?
# 2. Split into paragraphs instead of sections and choose k again. What changes, and why?
# 3. Give the sheet to two people who have not seen the topics. What are `alpha` and `kappa` in
#    `score.summary`, and what would you write about a topic whose intruder nobody finds?
