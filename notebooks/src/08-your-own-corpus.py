# %% [markdown] tags=["en"]
# # 08 Your own corpus: from a folder of files to texts that can be compared
#
# **What you will do.** Take in a folder of mixed files, see what became of each, find a value that
# was guessed wrongly and correct it, load the corpus, and look at how pages are fetched from a
# list.
#
# **What you will learn.** To recognise a wrong encoding; to say of every file where it went and
# why; to check metadata by their evidence; to keep doubtful texts out; to collect politely; to ask
# what a collection stands for.
#
# **What you need.** [01 A corpus](01-corpus.ipynb) and [02 Cleaning](02-cleaning.ipynb). Text
# files, CSV tables, PDF and zip archives are read as installed; saved web pages, Word and Excel
# files need one more installation: `pip install -e ".[ingest]"` in the folder of the toolkit. This
# lesson does without, and nothing is downloaded.
#
# **Time.** 35 minutes, and then an afternoon with your own files.
#
# **Data.** A small folder that the notebook makes itself, of the kind that research leaves behind.
# Terms in the [glossary](../../docs/glossary.md).
# %% [markdown] tags=["zh"]
# # 08 自己的语料：从一文件夹杂乱的文件到可以比较的文本
#
# **要做什么。** 收进一个混杂的文件夹，看每个文件去了哪里；找出一个猜错的值并改正；读入语料；
# 再看看怎样按清单抓取网页。
#
# **学会什么。** 认出编码错误；说清每个文件的去向和原因；凭证据核对元数据；把存疑的文本挡在外面；
# 有礼貌地采集；追问一批文本究竟能代表什么。
#
# **需要什么。** [01 语料](01-corpus.ipynb)和[02 清洗](02-cleaning.ipynb)。文本文件、CSV
# 表格、PDF 和 zip 压缩包装好就能读；另存的网页、Word 和 Excel 文件还要再装一次：在工具包的文件夹里运行
# `pip install -e ".[ingest]"`。本课用不到，也不下载任何东西。
#
# **用时。** 35分钟；之后再花一个下午处理自己的文件。
#
# **数据。** 由本笔记本自己造的一个小文件夹，正是做研究时常常攒下的那种。
# 术语见[术语表](../../docs/glossary.md)。

# %%
import os
import warnings
from pathlib import Path

import pandas as pd

from toolkit import (
    Corpus,
    CorpusError,
    Politeness,
    collection_table,
    fetch,
    intake,
    segment,
    tfidf,
)
from toolkit.exercises import exercises
from toolkit.figures import plot_term_weights

LANG = "en"
check = exercises("08-your-own-corpus", lang=LANG)
pd.set_option("display.max_colwidth", None)

# %% [markdown] tags=["en"]
# ## 1 A folder as research leaves it
#
# The next cell makes it: an article copied with all its buttons, the same text twice in two
# encodings, a table of texts, a page copied with its menu, and two files that are no texts at all.
# You need not read the code.
# %% [markdown] tags=["zh"]
# ## 1 研究中攒下的文件夹
#
# 下一格会造出它：一篇连按钮一起复制下来的文章，同一篇文本的两种编码，一张文本表，
# 一个连菜单一起复制下来的网页，还有两个根本不是文本的文件。代码不必细读。

# %%
study = Path("my-study")
sources = study / "sources"
sources.mkdir(parents=True, exist_ok=True)
sample = Corpus.sample()
(sources / "北京.txt").write_text(sample["beijing-2023"], encoding="utf-8")
(sources / "上海-2021.txt").write_text(sample["shanghai-2021"], encoding="gb18030")
(sources / "上海-2021 副本.txt").write_text(sample["shanghai-2021"] + "\n", encoding="utf-16")
page = f"首页\n新闻\n发布时间：2023-06-01 来源：甲网\n{sample['hangzhou-2023']}\n分享到：\n"
(sources / "杭州.txt").write_text(page, encoding="utf-8")
rows = sample.select(city=["无锡", "厦门"]).units[["title", "city", "text"]]
rows.columns = ["标题", "城市", "正文"]
rows.to_csv(sources / "两篇.csv", index=False, encoding="utf-8")
(sources / "旧文件.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100)
(sources / "空.txt").write_bytes(b"")
for path in sorted(sources.iterdir()):
    print(f"{path.stat().st_size:6} bytes  {path.name}")

# %% [markdown] tags=["en"]
# You should see seven files.
#
# ### A mistake made on purpose: the wrong encoding
#
# A file holds bytes, not letters. Which letters they stand for depends on the encoding, and older
# Chinese files are seldom in UTF-8.
# %% [markdown] tags=["zh"]
# 您应该看到七个文件。
#
# ### 故意犯错：用错编码
#
# 文件里存的是字节，不是字。字节代表什么字，取决于编码；而早些年的中文文件大多不是 UTF-8。

# %%
try:
    (sources / "上海-2021.txt").read_text(encoding="utf-8")
except UnicodeDecodeError as error:
    print(error)
print((sources / "上海-2021.txt").read_text(encoding="latin-1")[:30])

# %% [markdown] tags=["en"]
# The first attempt fails: good, you know that something is wrong. The second does *not* fail and
# gives nonsense (乱码, [mojibake](../../docs/glossary.md#mojibake)): worse, since it goes on into
# your counts. So the toolkit does not guess by trial: it looks which reading gives likely Chinese.
#
# ## 2 Intake: every file ends in one of three places
#
# **accepted**, accepted with warnings (**warned**), or **quarantined** with the reason. The bytes
# of every file are kept; nothing is lost.
# %% [markdown] tags=["zh"]
# 第一次读取报错：这是好事，您知道出了问题。第二次**没有**报错，
# 却读出一堆[乱码](../../docs/glossary.md#mojibake)：这更糟，因为乱码会一路混进词频。
# 所以工具包不是挨个编码去碰运气，而是看按哪种编码读出来的才像中文。
#
# ## 2 收录：每个文件只有三种去向
#
# **accepted**（收下）、**warned**（收下但有警告）、**quarantined**（隔离，并写明原因）。
# 所有文件的原始字节都会保留，什么都不丢。

# %%
table = intake(sources, into=study / "corpus")
table[["source", "part", "status", "id", "encoding", "warnings", "reason"]]

# %% [markdown] tags=["en"]
# You should see eight rows: the table 两篇.csv holds two texts. Two files are in quarantine, each
# with what to do about it. One text is warned: it is the same as another.
#
# **Question 1.** How many *texts* were taken in (accepted or warned)?
# %% [markdown] tags=["zh"]
# 您应该看到八行：两篇.csv 这张表里有两篇文本。两个文件被隔离，各自写着该怎么办。一篇带警告：
# 它与另一篇相同。
#
# **第1题。** 一共收进了多少篇**文本**（包括有警告的）？

# %% tags=["solution"]
q1 = int(table["status"].isin(["accepted", "warned"]).sum())
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# **Question 2.** In which encoding is the file 上海-2021.txt? Give the word in the table.
# %% [markdown] tags=["zh"]
# **第2题。** 文件 上海-2021.txt 是什么编码？照表中的写法作答。

# %% tags=["solution"]
q2 = table.loc[table["id"] == "上海-2021", "encoding"].iloc[0]
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# ## 3 What was found, and why
#
# Title, date, source, city and year are taken from the text and the lines around it. Each value comes with the
# words that say so (`evidence`) and the rule; you decide whether you believe them.
# %% [markdown] tags=["zh"]
# ## 3 认出了什么，凭什么
#
# 标题、日期、来源、城市和年份取自正文和正文前后的行。每个值都附上依据的原文（`evidence`）和规则（`rule`），
# 信不信由您判断。

# %%
evidence = pd.read_csv(study / "corpus" / "evidence.csv", keep_default_na=False)
shown = evidence["id"].isin(["北京", "杭州"])
evidence.loc[shown, ["id", "field", "value", "rule", "evidence"]]

# %% [markdown] tags=["en"]
# Read it line by line. The author 俎涛 comes from the line below the title: right. But one title is
# not a title: it is a line of the menu of the page.
#
# **Question 3.** Which text has the wrong title? Give its `id`.
# %% [markdown] tags=["zh"]
# 逐行读一读。作者“俎涛”取自标题下的一行，是对的。但有一个标题并不是标题，而是网页菜单里的一行。
#
# **第3题。** 哪一篇的标题错了？写出它的 `id`。

# %% tags=["solution"]
q3 = "杭州"
# %%
check("q3", q3)

# %% [markdown] tags=["en"]
# Cleaning took away what belongs to the page. Object if a line of it is text:
# %% [markdown] tags=["zh"]
# 清洗删去了属于网页的内容。如果其中有哪行是正文，就应当提出异议：

# %%
pd.read_csv(study / "corpus" / "removed.csv", keep_default_na=False)

# %% [markdown] tags=["en"]
# ## 4 Correct it, and run it again
#
# `metadata.csv` is yours: open it in a spreadsheet, correct it, save it as CSV in UTF-8. Here the
# same in code. What you changed stays so in every later run, also when new files come in.
# %% [markdown] tags=["zh"]
# ## 4 改正，再跑一遍
#
# `metadata.csv` 归您管：用表格软件打开、改正、存为 UTF-8 的 CSV 即可。这里用代码做同样的事。
# 您改过的值，以后每次运行都会保留，收进新文件时也一样。

# %%
path = study / "corpus" / "metadata.csv"
metadata = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id")
metadata.loc["杭州", "title"] = "（我从正文里查到的标题）"
metadata.loc[["两篇-0001", "两篇-0002"], "year"] = "2023"
metadata.to_csv(path, encoding="utf-8")

again = intake(sources, into=study / "corpus")
pd.read_csv(path, dtype=str, keep_default_na=False)[["id", "title", "city", "year", "flaw"]]

# %% [markdown] tags=["en"]
# You should see your title and the year 2023 for the two texts that had none. What holds for all
# files you can say at once: `intake(…, given={"kind": "report"})`; what you know of each stands in
# a table with a column `file`: `intake(…, metadata="known.csv")`.
#
# ## 5 Load it, and see the doubts
#
# The corpus loads like the sample, and reminds you of the texts that have a flaw.
# %% [markdown] tags=["zh"]
# 您应该看到您改的标题，以及原来没有年份的两篇如今是2023年。对所有文件都成立的信息可以一次说明：
# `intake(…, given={"kind": "report"})`；逐篇不同的信息写进一张有 `file` 列的表：
# `intake(…, metadata="known.csv")`。
#
# ## 5 读入，并看清疑点
#
# 读入的办法与示例语料相同；有疑点的文本会提醒您。

# %%
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    corpus = Corpus.load(study / "corpus")
print(corpus)
for warning in told:
    print(warning.message)

# %% [markdown] tags=["en"]
# Leave doubtful texts out. A text that stands twice counts twice: in a small corpus that alone
# makes a "topic".
# %% [markdown] tags=["zh"]
# 把存疑的文本排除。同一篇出现两次，词频就算了两遍：语料小的时候，单凭这一点就能造出一个“主题”。

# %%
trusted = corpus.select(flaw="")
matrix = tfidf(segment(trusted.split("paragraph")))
_ = plot_term_weights(matrix, by="city", n=5, lang=LANG)

# %% [markdown] tags=["en"]
# You should see a panel for each city, each with words of its own. Your first result from your own
# files; and from one text for each city, so *not* a result about cities.
#
# **Question 4.** How many texts are in `trusted`?
# %% [markdown] tags=["zh"]
# 您应该看到每座城市一格，各有各的词。这是您从自己的文件里得到的第一个结果；但每座城市只有一篇，
# 所以它**不是**关于城市的结论。
#
# **第4题。** `trusted` 里有多少篇文本？

# %% tags=["solution"]
q4 = len(trusted)
# %%
check("q4", q4)

# %% [markdown] tags=["en"]
# ## 6 Pages from a list
#
# A table with a column `url` is a list of pages. They are fetched one at a time from each host,
# with a pause between them, and only what the
# [robots.txt](../../docs/glossary.md#robots-exclusion-protocol) of a site allows. Say who you are: an
# administrator who can write to you need not block you.
#
# The next cell fetches only if you name a server: set the variable `CITY_GOVERNANCE_TOOLKIT_SERVER`
# to the address of one that has these pages.
# %% [markdown] tags=["zh"]
# ## 6 按清单抓取网页
#
# 一张有 `url` 列的表就是网页清单。同一网站一次只取一页，两页之间有停顿，并且只取网站
# [robots.txt](../../docs/glossary.md#robots-exclusion-protocol) 允许的内容。要写明您是谁：管理员能写信找到您，就不必封您。
#
# 下一格只有在您指定了服务器时才会抓取：把环境变量 `CITY_GOVERNANCE_TOOLKIT_SERVER`
# 设为存有这些网页的地址。

# %%
server = os.environ.get("CITY_GOVERNANCE_TOOLKIT_SERVER")
if server:
    urls = [f"{server}/{name}" for name in ("utf8.html", "gbk.html", "missing.html")]
    listed = pd.DataFrame({"url": urls, "city": "北京"})
    listed.to_csv(study / "list.csv", index=False, encoding="utf-8")
    polite = Politeness(
        delay=0.1, retries=1, allow_private=True, user_agent="my study (me@example.org)"
    )
    pages = fetch(study / "list.csv", into=study / "pages", politeness=polite)
    print(pages[["source", "status", "reason"]].to_string(index=False))
else:
    print("no server was named: nothing is fetched")

# %% [markdown] tags=["en"]
# ## 7 A collection, and what is wrong with it
#
# `fetch("gwr2024", into="gwr2024")` brings the government work reports of 143 cities in 2024 from a
# public repository, each checked against its SHA-256. Before you fetch anything, look:
# %% [markdown] tags=["zh"]
# ## 7 一个现成的文集，以及它的毛病
#
# `fetch("gwr2024", into="gwr2024")` 会从公开仓库取回143个城市2024年的政府工作报告，逐份核对
# SHA-256。动手之前先看看：

# %%
reports = collection_table("gwr2024")
print(len(reports))
reports.loc[reports["flaw"] != "", ["city", "province", "flaw"]]

# %%
try:
    fetch("gwr2023", into=study / "gwr2023")
except CorpusError as error:
    print(error)

# %% [markdown] tags=["en"]
# You should see five reports that are not what they seem: three are the report of the State Council
# under a city's name. Whoever computed "the topics of 143 cities" without looking has them in. And
# a name that is not there is told before anything is fetched.
#
# **Question 5.** How many of the listed reports carry no flaw?
# %% [markdown] tags=["zh"]
# 您应该看到五份名不副实的报告：其中三份挂着城市的名字，内容却是国务院的报告。
# 谁不看一眼就去算“143个城市的主题”，就把它们也算进去了。写错文集的名字，会在抓取之前就告诉您。
#
# **第5题。** 清单里没有瑕疵的报告有多少份？

# %% tags=["solution"]
q5 = int((reports["flaw"] == "").sum())
# %%
check("q5", q5)

# %% [markdown] tags=["en"]
# ## 8 What does the corpus stand for?
#
# Before any method, write down three sentences:
#
# - [**Population**](../../docs/glossary.md#population): all texts about which you want to say something (the work reports of all
#   prefecture-level cities, 2020–2025);
# - **How these were found**: what is on the web, what a search engine ranks first, what was not
#   taken down. Cities that publish little are missing, and not by chance;
# - **Rights**: the texts belong to others. Publish the list of addresses, the code and the
#   checksums; the texts only where their licence allows it.
#
# What not to conclude: from what is missing in a collection, that it was never written; from the
# date of a page, that the text was written then.
#
# ## Handing in
#
# `check.progress()`, in a cell of your own, shows what you have done here. In a class, `check.hand_in("your name")` writes the file for your teacher and says where it is; it covers all tutorials of this folder.
#
# ## On your own
#
# 1. Put three pages of your city into a folder, take them in, and look at `removed.csv`: is there a
#    line that you would have kept?
# 2. Add a fourth file and run `intake` again. What happens to the value that you corrected?
# 3. Fill one column of `metadata.csv` that nothing could find (`kind`), compare two kinds with
#    `keyness` ([06](06-comparing.ipynb)).
# 4. `toolkit new my-city` on the command line makes a folder to begin in, with a notebook that
#    takes these steps on your own files. Which of its files would you give to a colleague, and
#    which not?
#
# ## Further reading
#
# - Barbaresi, A. (2021). Trafilatura: A web scraping library and command-line tool for text
#   discovery and extraction. *Proceedings of ACL-IJCNLP 2021: System Demonstrations*, 122–131.
#   https://doi.org/10.18653/v1/2021.acl-demo.15
# - Biber, D. (1993). Representativeness in corpus design. *Literary and Linguistic Computing*,
#   8(4), 243–257. https://doi.org/10.1093/llc/8.4.243
# - Koster, M., Illyes, G., Zeller, H., & Sassman, L. (2022). *Robots Exclusion Protocol* (RFC
#   9309). https://doi.org/10.17487/RFC9309
# - Wilkinson, M. D., Dumontier, M., Aalbersberg, I. J., et al. (2016). The FAIR Guiding Principles
#   for scientific data management and stewardship. *Scientific Data*, 3, 160018.
#   https://doi.org/10.1038/sdata.2016.18
#
# Next: [09 The explorer and the topic page](09-explorer.ipynb).
# %% [markdown] tags=["zh"]
# ## 8 这批文本能代表什么？
#
# 在用任何方法之前，先写下三句话：
#
# - [**总体**](../../docs/glossary.md#population)：您想对哪些文本下结论（比如2020—2025年全部地级市的政府工作报告）；
# - **怎么找到的**：网上有的、搜索引擎排在前面的、没有被撤下的。很少公开文件的城市不在其中，
#   而这并非偶然；
# - **权利**：文本属于别人。可以公开网址清单、代码和校验和；文本本身，只有许可允许时才能公开。
#
# 不能这样下结论：文集里没有，就说从来没有写过；网页上是某天的日期，就说文本写于那一天。
#
# ## 交作业
#
# 在自己加的单元格里写 `check.progress()`，可以看到本课做了哪些题。上课时，用 `check.hand_in("姓名")` 生成交给老师的文件，它会告诉您文件在哪里；其中包括这个文件夹里各课的练习。
#
# ## 自己动手
#
# 1. 把您所在城市的三个网页放进一个文件夹，收进来，看 `removed.csv`：有没有哪一行您认为应当留下？
# 2. 再加一个文件，重新运行 `intake`。您改过的值怎么样了？
# 3. 在 `metadata.csv` 里填上程序认不出的一列（`kind`），用 `keyness`
#    比较两类文本（见[06](06-comparing.ipynb)）。
# 4. 在命令行运行 `toolkit new my-city`，会建好一个起步的文件夹，
#    里面的笔记本对您自己的文件走完这些步骤。其中哪些文件可以交给同事，哪些不行？
#
# ## 延伸阅读
#
# - Barbaresi, A. (2021). Trafilatura: A web scraping library and command-line tool for text
#   discovery and extraction. *Proceedings of ACL-IJCNLP 2021: System Demonstrations*, 122–131.
#   https://doi.org/10.18653/v1/2021.acl-demo.15
# - Biber, D. (1993). Representativeness in corpus design. *Literary and Linguistic Computing*,
#   8(4), 243–257. https://doi.org/10.1093/llc/8.4.243
# - Koster, M., Illyes, G., Zeller, H., & Sassman, L. (2022). *Robots Exclusion Protocol* (RFC
#   9309). https://doi.org/10.17487/RFC9309
# - Wilkinson, M. D., Dumontier, M., Aalbersberg, I. J., et al. (2016). The FAIR Guiding Principles
#   for scientific data management and stewardship. *Scientific Data*, 3, 160018.
#   https://doi.org/10.1038/sdata.2016.18
#
# 下一课：[09 探索界面与主题页](09-explorer.ipynb)。
