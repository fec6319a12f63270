# %% [markdown]
# # Your own corpus: from a folder of files to texts that can be compared
#
# **What you will do.** Take in a folder of mixed files, see what became of each, correct what was
# guessed wrongly, go on where you were, fetch pages from a list, and load the corpus.
#
# **What you need.** This notebook; to fetch pages, a connection. The formats beyond plain text
# need one more installation: `pip install "city-governance-toolkit[ingest]"`.
#
# Run each cell with Shift+Enter and compare with what the text says you should see.

# %%
import os
import tempfile
import warnings
from pathlib import Path

import pandas as pd

from toolkit import (
    Corpus,
    Politeness,
    collection_table,
    fetch,
    intake,
    segment,
    term_weights,
    tfidf,
)

# %% [markdown]
# ## 1 Where your files are
#
# `SOURCES` is a folder, a file, a zip archive or a list of them. As long as it is `None`, the next
# cell makes a small folder of the kind that research leaves behind: one page copied with all its
# buttons, files in two encodings, a table of texts, a page saved from a browser, and two files
# that are no texts at all.

# %% tags=["parameters"]
SOURCES = None
STUDY = None

# %%
study = Path(STUDY or tempfile.mkdtemp())
if SOURCES is None:
    sample = Corpus.sample()
    folder = study / "sources"
    folder.mkdir()
    (folder / "北京.txt").write_text(sample["beijing-2023"], encoding="utf-8")
    (folder / "上海-2021.txt").write_text(sample["shanghai-2021"], encoding="gb18030")
    (folder / "上海-2021 副本.txt").write_text(sample["shanghai-2021"] + "\n", encoding="utf-16")
    page = "".join(f"<p>{line}</p>" for line in sample["hangzhou-2023"].split("\n") if line)
    (folder / "杭州.html").write_text(
        "<html><meta charset='utf-8'><body><ul><li>首页</li><li>新闻</li></ul>"
        f"<div>发布时间：2023-06-01 来源：甲网</div><div>{page}</div><p>分享到：</p></body></html>",
        encoding="utf-8",
    )
    rows = [
        {"标题": unit["title"], "城市": unit["city"], "正文": unit["text"]}
        for _, unit in sample.select(city=["无锡", "厦门"]).units.iterrows()
    ]
    pd.DataFrame(rows).to_csv(folder / "两篇.csv", index=False)
    (folder / "旧文件.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100)
    (folder / "空.txt").write_bytes(b"")
    SOURCES = folder

# %% [markdown]
# ## 2 Intake: every file ends in one of three places
#
# **accepted**, accepted with warnings (**warned**), or **quarantined** with the reason. Nothing is
# lost: the bytes of every file are kept, and the table tells what became of it.

# %%
table = intake(SOURCES, into=study / "corpus")
table[["source", "part", "status", "id", "encoding", "warnings", "reason"]]

# %% [markdown]
# With the sample folder you should see six texts, one of them with the warning that it is a
# near-duplicate, and two files in quarantine, each with what to do about it.
#
# ## 3 What was found, and why
#
# Title, date, source, city, year and kind are taken from the text and its page. Each value comes
# with the words that say so; you decide whether you believe them.

# %%
evidence = pd.read_csv(study / "corpus" / "evidence.csv", keep_default_na=False)
evidence[["id", "field", "value", "rule", "evidence"]].head(12)

# %% [markdown]
# What cleaning took away is listed too. Object if a line of it is text.

# %%
pd.read_csv(study / "corpus" / "removed.csv", keep_default_na=False).head(10)

# %% [markdown]
# ## 4 Correct what is wrong, and run it again
#
# `metadata.csv` is yours: open it, correct it, save it. A cell or a text that you changed stays
# as it is in every later run. Here we do in code what you would do in a spreadsheet.

# %%
path = study / "corpus" / "metadata.csv"
metadata = pd.read_csv(path, dtype=str, keep_default_na=False)
metadata.loc[0, "author"] = "（我查到的作者）"
metadata.to_csv(path, index=False)
again = intake(SOURCES, into=study / "corpus")
kept = pd.read_csv(path, dtype=str, keep_default_na=False).loc[0, "author"]
print(kept, "| nothing else changed:", again.equals(table))

# %% [markdown]
# What holds for all files you can say at once: `intake(…, given={"year": "2023"})`; what you know
# of each stands in a table with a column `file`: `intake(…, metadata="known.csv")`.
#
# ## 5 Load it, and see the doubts
#
# The corpus loads like the sample. It reminds you of the texts that have a flaw.

# %%
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    corpus = Corpus.load(study / "corpus")
print(corpus)
for warning in told:
    print(warning.message)

# %% [markdown]
# Leave the doubtful ones out, and go on as with any corpus:

# %%
doubtful = corpus.units.get("flaw", pd.Series("", index=corpus.units.index)).fillna("") != ""
trusted = corpus.select(doc_id=corpus.units.index[~doubtful].tolist())
term_weights(tfidf(segment(trusted.split("paragraph")), max_df=1.0)).head(10)

# %% [markdown]
# ## 6 Pages from a list
#
# A table with a column `url` is a list of pages. They are fetched one at a time from each host,
# with a pause between them, and only what the `robots.txt` of a site allows. Say who you are.
#
# `corpus/collections/sources.csv` of the toolkit lists some 460 public documents on city
# governance. The next cell fetches only if you name a server: set the variable
# `CITY_GOVERNANCE_TOOLKIT_SERVER` to the address of one that has a `list.csv`.

# %%
server = os.environ.get("CITY_GOVERNANCE_TOOLKIT_SERVER")
if server:
    urls = [f"{server}/{name}" for name in ("utf8.html", "gbk.html", "missing.html")]
    pd.DataFrame({"url": urls, "city": "北京"}).to_csv(study / "list.csv", index=False)
    polite = Politeness(
        delay=0.1, retries=1, allow_private=True, user_agent="my study (me@example.org)"
    )
    pages = fetch(study / "list.csv", into=study / "pages", politeness=polite)
    print(pages[["source", "status", "reason"]].to_string(index=False))
else:
    print("no server was named: nothing is fetched")

# %% [markdown]
# ## 7 A collection
#
# `fetch("gwr2024", into="gwr2024")` brings the government work reports of 143 cities in 2024 from a
# public repository, each checked against its SHA-256. Five of them are known to be not what they
# seem; the registry says so before you fetch anything.

# %%
reports = collection_table("gwr2024")
reports.loc[reports["flaw"] != "", ["city", "province", "flaw"]]

# %% [markdown]
# **On your own.** Put three pages of your city into a folder, take them in, and look at
# `removed.csv`: is there a line that you would have kept? `toolkit new my-study` makes a folder
# to begin in.
