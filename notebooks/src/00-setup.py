# %% [markdown] tags=["en"]
# # 00 Set-up and fonts
#
# **What you will do.** Run your first cells, let the toolkit examine itself, draw a picture with Chinese in it, make five mistakes on purpose, and answer two questions.
#
# **What you will learn.** To *run* cells in their order; to *check* an installation; to *recognise* a picture whose font is missing; to *read* an error from its last line; to *use* the exercises.
#
# **What you need.** Nothing but this page open in JupyterLab. No Python is assumed.
#
# **Time.** 20 minutes.
#
# **Data.** The sample corpus that comes with the toolkit: one article on governing Beijing and 40 texts written for learning. Nothing is downloaded.
# %% [markdown] tags=["zh"]
# # 00 环境与字体
#
# **要做什么。** 运行第一批单元格，让工具包给自己做一次体检，画一张带中文的图，故意犯五个错误，再回答两个问题。
#
# **学会什么。** 按顺序**运行**单元格；**检查**安装是否完好；**认出**缺字体的图；从最后一行**读懂**报错；**使用**练习。
#
# **需要什么。** 在 JupyterLab 中打开本页即可，不要求会 Python。
#
# **用时。** 20分钟。
#
# **数据。** 随工具包附带的示例语料：一篇谈首都城市治理的文章，加上为教学撰写的40篇文本。不用联网下载。

# %% [markdown] tags=["en"]
# ## 1 Where this page can run
#
# If you are reading this in JupyterLab on your own machine, or on Binder, everything is there: go on to step 2.
#
# On **Google Colab** the toolkit has to be installed first, in every session. Add a cell above this one (menu *Insert*, *Code cell*), write this in it with the address of the repository, and run it:
#
# ```
# %pip install -q "city-governance-toolkit @ git+ADDRESS"
# ```
#
# Then choose *Runtime*, *Restart session*, and start from here.
#
# Has somebody installed the toolkit for you, and you have no notebooks? `toolkit notebooks class`, typed into a terminal, copies them into a new folder `class`.
#
# Here and below, `toolkit` in a terminal stands for `.venv/bin/python -m toolkit` (Windows: `.venv\Scripts\python -m toolkit`), unless you activate the environment first.
# %% [markdown] tags=["zh"]
# ## 1 在哪里运行
#
# 如果您是在自己电脑的 JupyterLab 里，或者在 Binder 上看到这一页，东西都已齐备，请直接看第2步。
#
# 在 **Google Colab** 上，每次打开都要先安装工具包。请在本格上方插入一个代码单元格，写上下面这一行（ADDRESS 换成本仓库的地址），然后运行：
#
# ```
# %pip install -q "city-governance-toolkit @ git+ADDRESS"
# ```
#
# 装好后在“运行时”菜单里选“重新启动会话”，再从这里往下做。
#
# 如果别人替您装好工具包，但手头没有笔记本，在终端输入 `toolkit notebooks class`，就会把它们复制到新文件夹 `class` 里。
#
# 本课里终端命令中的 `toolkit`，都是 `.venv/bin/python -m toolkit` 的简写（Windows 下是 `.venv\Scripts\python -m toolkit`）；先激活环境，也可以直接写 `toolkit`。

# %% [markdown] tags=["en"]
# ## 2 How to run a cell
#
# A notebook is made of [**cells**](../../docs/glossary.md#cell). Some hold text, like this one; some hold code, like the next. Click on the next cell and press **Shift+Enter**: its code runs, the result appears below it, and the next cell is selected.
#
# While a cell runs, `[*]` stands at its left; when it is done, a number. You should see `2` below the cell.
# %% [markdown] tags=["zh"]
# ## 2 怎样运行单元格
#
# 笔记本由一个个[**单元格**](../../docs/glossary.md#cell)组成：有的放文字，比如这一格；有的放代码，比如下一格。单击下一格，按 **Shift+Enter**：代码运行，结果出现在下方，光标移到再下一格。
#
# 正在运行时，左侧显示 `[*]`；运行完毕，变成一个数字。您应该看到下方出现 `2`。

# %%
1 + 1

# %% [markdown] tags=["en"]
# The next cell fetches the tools that this page uses. The first line says in which language figures are labelled; leave it as it is.
#
# Nothing appears below it, and that is right: fetching tools gives no result to show.
# %% [markdown] tags=["zh"]
# 下一格把本页要用的工具取来。第一行规定图上的文字用哪种语言，不必改动。
#
# 运行后下方什么也不出现，这是对的：取工具这一步没有结果可显示。

# %%
LANG = "en"

import io
import tempfile
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Image

from toolkit import Corpus, Segmenter, clean, figure_style, segment, tfidf
from toolkit.doctor import checks
from toolkit.exercises import exercises
from toolkit.figures import plot_term_weights

check = exercises("00-setup", lang=LANG)

# %% [markdown] tags=["en"]
# **If you see `ModuleNotFoundError: No module named 'toolkit'`**, this notebook runs in a Python that the toolkit was not installed into. Close JupyterLab and start it as the README says, with the Python of the folder `.venv`: `.venv/bin/python -m jupyterlab .` (Windows: `.venv\Scripts\python -m jupyterlab .`), then open `notebooks/en`. (The dot matters: started in `notebooks` itself, JupyterLab cannot open the glossary.)
#
# ## 3 Is everything there?
#
# `checks()` looks at Python, at each library, at the dictionary, the sample corpus and the fonts. We put its answers into a table and show a few rows of it.
# %% [markdown] tags=["zh"]
# **如果看到 `ModuleNotFoundError: No module named 'toolkit'`**，说明运行这个笔记本的 Python 里没有安装工具包。请关闭 JupyterLab，按 README 的写法，用 `.venv` 文件夹里的 Python 重新启动：`.venv/bin/python -m jupyterlab .`（Windows 下是 `.venv\Scripts\python -m jupyterlab .`），再打开 `notebooks/zh`。（末尾的点不能少：如果只打开 `notebooks` 文件夹，术语表的链接会打不开。）
#
# ## 3 东西齐不齐
#
# `checks()` 会逐项查看 Python、各个库、词典、示例语料和字体。我们把它的回答排成一张表，先看其中几行。

# %%
report = pd.DataFrame(checks())
report[report["name"].isin(["Python", "segmentation", "sample corpus", "kernel"])]

# %% [markdown] tags=["en"]
# Each row is one thing that was looked at: what it is, whether it is all right (`ok`), and what was `found`. The row `segmentation` should end in 深化/接诉即办/改革: a sentence was really cut into words.
#
# What matters is the rows that are *not* all right. The next cell keeps only those. You should see a table with a head and no rows.
# %% [markdown] tags=["zh"]
# 每一行是一个检查项：名称、是否正常（`ok`）、查到了什么（`found`）。`segmentation` 一行应该写着“深化/接诉即办/改革”，说明工具包当真切分了一个句子。
#
# 要紧的是**不**正常的行。下一格只留下它们。您应该看到只有表头、没有内容的表。

# %%
report[~report["ok"]]

# %% [markdown] tags=["en"]
# If there is a row, its column `mend` says what to type to put it right. Outside a notebook, the command `toolkit doctor` in a terminal gives the same answers.
#
# ## 4 A first sentence
#
# A `Segmenter` cuts Chinese text into words. Run the cell; then put a sentence of your own between the quotation marks and run it again.
# %% [markdown] tags=["zh"]
# 如果有内容，`mend` 一列会写明该输入什么命令来修复。不在笔记本里时，在终端输入 `toolkit doctor`，得到的回答相同。
#
# ## 4 第一个句子
#
# `Segmenter` 把中文切成词。先运行一遍，再把引号里的句子换成您自己的，重新运行。

# %%
Segmenter()("市民拨打热线，社区接诉即办。")

# %% [markdown] tags=["en"]
# You should see five words between quotation marks: 市民, 拨打, 热线, 社区, 接诉即办. The comma and the full stop are no words and are gone. Tutorial 03 is about what happened here and what can go wrong.
#
# ## 5 A first picture
#
# Five lines lead from the sample corpus to a picture. You need not understand them yet: tutorials 01 to 04 explain one each. **The first figure on a machine takes some ten seconds**, since the Chinese font is prepared once; later ones take less than a second.
# %% [markdown] tags=["zh"]
# 您应该看到引号里的五个词：市民、拨打、热线、社区、接诉即办。逗号和句号不是词，所以没有了。这一步是怎么做到的、会出什么错，第03课细讲。
#
# ## 5 第一张图
#
# 从示例语料到一张图，只要五行。现在不必弄懂每一行：第01课到第04课会逐行讲解。**每台机器画第一张图要等十秒左右**，因为中文字体要先准备一次；以后不到一秒。

# %%
corpus = Corpus.sample()
cleaned, removed = clean(corpus)
passages = cleaned.split("section")
matrix = tfidf(segment(passages))
_ = plot_term_weights(matrix.select(city="上海"), n=8, lang=LANG)

# %% [markdown] tags=["en"]
# You should see eight bars with Chinese words: those that weigh most in the three texts on Shanghai, the name of the city first. If the words are readable, your fonts are in order. They come with the toolkit, so the picture looks the same on Windows, macOS and Linux.
#
# **What not to conclude.** The sample texts were written for learning. The bars say something about three texts of ours; they say nothing about Shanghai.
#
# ## 6 What a missing font looks like
#
# Now the same Chinese in plain matplotlib, without the toolkit. This is the first mistake on purpose; nearly everyone who draws Chinese meets it.
# %% [markdown] tags=["zh"]
# 您应该看到八根条，各标着一个中文词：这是三篇上海文本里权重最高的词，排在最前的是城市的名字。字都看得清，字体就没有问题。字体随工具包一起安装，所以在 Windows、macOS、Linux 上图都一样。
#
# **不能得出什么结论。** 示例文本是为教学撰写的。这些条只说明我们的三篇文本，不说明上海。
#
# ## 6 缺字体时图是什么样
#
# 现在不用工具包，只用 matplotlib 画同样的汉字。这是第一个故意犯的错误，画中文图的人几乎都遇到过。

# %%
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    figure, ax = plt.subplots(figsize=(4, 1.4), layout="constrained")
    ax.barh(["城市", "社区", "热线"], [3, 2, 1])
    picture = io.BytesIO()
    figure.savefig(picture, dpi=150)
    plt.close(figure)
print(told[0].message)
Image(picture.getvalue())

# %% [markdown] tags=["en"]
# You should see pairs of boxes, all alike (each may hold a small “字”), where 城市, 社区 and 热线 should be, and the warning `Glyph … missing from font(s) DejaVu Sans`: matplotlib's own font has no Chinese. Whoever overlooks them gets them printed.
#
# The cure is one line: draw inside `figure_style()`. All plots of the toolkit do so by themselves.
# %% [markdown] tags=["zh"]
# 您应该看到成对的方框，个个一样（框里可能有个小小的“字”），那里本该是“城市”“社区”“热线”；还有一条警告 `Glyph … missing from font(s) DejaVu Sans`：matplotlib 自带的字体里没有汉字。这种“豆腐块”一不留神就会印到论文里。
#
# 解决办法只有一行：在 `figure_style()` 里面画。工具包自己的图都已经这样做了。

# %%
with figure_style():
    figure, ax = plt.subplots(figsize=(4, 1.4))
    ax.barh(["城市", "社区", "热线"], [3, 2, 1])

# %% [markdown] tags=["en"]
# You should now read 城市, 社区 and 热线 beside the bars.
#
# And what if no font has the character, as with an emoji? Then the toolkit stops with a `MissingGlyphError` that names the character. An error you can see is better than a box in print.
#
# ## 7 When something fails: read the last line first
#
# A failure prints many lines. The *last* one says what is wrong, the lines above it say where. Here are the three failures that beginners meet most.
#
# So that the page goes on, we catch them here: `try` runs the lines below it, and `except` says what to do if they fail. In your own work they come in red.
#
# **A cell above was not run.** Python knows only what has been run since the notebook was opened:
# %% [markdown] tags=["zh"]
# 现在您应该能在条的左边读到“城市”“社区”“热线”。
#
# 如果字体里确实没有某个字符，比如表情符号呢？工具包会停下来，报 `MissingGlyphError`，并指出是哪个字符。看得见的报错，好过印出来的方框。
#
# ## 7 出错时先读最后一行
#
# 一次报错会打印许多行。**最后一行**说错在什么，上面各行说错在哪里。初学者最常遇到下面三种。
#
# 为了让整页能继续往下走，这里把错误“接住”了：`try` 运行下面几行，`except` 说明万一出错怎么办。您自己做的时候，报错会是一片红字。
#
# **上面有一格没有运行。** Python 只认得打开笔记本之后运行过的东西：

# %%
try:
    my_corpus.select(city="上海")
except NameError as error:
    print("NameError:", error)

# %% [markdown] tags=["en"]
# *Mend it:* run the cells from the top. The menu *Run*, *Run All Above Selected Cell* does it for you. The second cause: text without quotation marks. `city=上海` makes Python look for something *called* 上海, and ends in a `NameError` too; write `city="上海"`.
#
# **A full-width mark in the code.** With a Chinese keyboard `（` slips in easily where `(` is meant. Text may hold such marks, code may not:
# %% [markdown] tags=["zh"]
# **怎么办：** 从头往下运行。菜单 *Run* → *Run All Above Selected Cell* 可以一次做完。还有第二种原因：文字没加引号。写成 `city=上海`，Python 会去找一个**名叫**“上海”的东西，同样报 `NameError`；要写 `city="上海"`。
#
# **代码里混进了全角标点。** 用中文输入法时，很容易把 `(` 打成 `（`。引号里的文字可以有全角标点，代码里不可以：

# %%
try:
    compile('print（"城市治理"）', "cell", "exec")
except SyntaxError as error:
    print("SyntaxError:", error.msg)

# %% [markdown] tags=["en"]
# *Mend it:* switch the keyboard to English and type the mark again. The message names the mark and its number, U+FF08.
#
# **A value that is not there.** The sample names its cities in Chinese:
# %% [markdown] tags=["zh"]
# **怎么办：** 切换到英文输入法，把那个标点重打一遍。报错里写明了是哪个标点，编号 U+FF08。
#
# **要的值不存在。** 示例语料里城市名用的是中文：

# %%
try:
    corpus.select(city="Shanghai")
except ValueError as error:
    print("ValueError:", error)

# %% [markdown] tags=["en"]
# The toolkit says what was asked for and lists what there is. You should find 上海 in the list. All its messages are made like this: what was found, where, and how to mend it. So read them to the end.
#
# ## 8 Where things are
#
# A notebook works in a folder of your machine, and names of files are understood from there:
# %% [markdown] tags=["zh"]
# 工具包先说您要了什么，再列出有些什么。您应该能在里面找到“上海”。它的报错都这样写：查到了什么、在哪里、怎么改。所以请读到底。
#
# ## 8 东西放在哪里
#
# 笔记本在您电脑的某个文件夹里工作，文件名都从那里算起：

# %%
print(Path.cwd())

# %% [markdown] tags=["en"]
# A name that is not found from there is the fifth mistake. Note also `encoding="utf-8"`: Chinese Windows reads files as GBK unless told otherwise, so always say it.
# %% [markdown] tags=["zh"]
# 从那里找不到文件，是第五个错误。另外请注意 `encoding="utf-8"`：中文 Windows 默认按 GBK 读文件，所以每次都要写明编码。

# %%
folder = Path(tempfile.mkdtemp())
(folder / "note.txt").write_text("城市治理", encoding="utf-8")
print((folder / "note.txt").read_text(encoding="utf-8"))
try:
    Path("my-article.txt").read_text(encoding="utf-8")
except FileNotFoundError as error:
    print("FileNotFoundError:", error.strerror, "-", error.filename)

# %% [markdown] tags=["en"]
# *Mend it:* put the file into the folder that `Path.cwd()` names, or write its whole path.
#
# | what | where |
# |---|---|
# | tutorials in English and Chinese | `notebooks/en`, `notebooks/zh` |
# | texts of the sample corpus | within the toolkit: `print(corpus["shanghai-2023"])` shows one, `corpus.units` the table of all |
# | words used here, in both languages | the [glossary](../../docs/glossary.md) |
# | prepared fonts | your cache folder; the row `fonts` of step 3 names it |
#
# ## 9 How the exercises work
#
# Each tutorial asks a few questions. Replace the three dots `...` by your answer and run the cell. `check` answers in one of three ways: *not attempted* (the dots still stand), *not yet*, with a hint that knows the usual mistakes, or *right*, with the reason. Nothing is sent anywhere.
#
# **Question 1.** How many texts does the sample corpus hold? `len(something)` counts; `corpus` is the name of the corpus. Write `len(corpus)` in place of the dots, or the number itself. Before you do, run the cell once as it is.
# %% [markdown] tags=["zh"]
# **怎么办：** 把文件放进 `Path.cwd()` 所指的文件夹，或者写出完整路径。
#
# | 内容 | 位置 |
# |---|---|
# | 英文、中文教程 | `notebooks/en`、`notebooks/zh` |
# | 示例语料的文本 | 在工具包里：`print(corpus["shanghai-2023"])` 显示一篇，`corpus.units` 是全部文本的表 |
# | 本教程所用术语的中英对照 | [术语表](../../docs/glossary.md) |
# | 准备好的字体 | 您的缓存文件夹，第3步的 `fonts` 一行写着位置 |
#
# ## 9 练习怎么做
#
# 每课有几道题。把三个点 `...` 换成您的答案，运行该格。`check` 有三种回答：**未作答**（三个点还在）；**还不对**，并给出针对常见错误的提示；**正确**，并说明理由。答案不会发往任何地方。
#
# **第1题。** 示例语料有多少篇文本？`len(某物)` 用来计数，`corpus` 是语料的名字。把三个点换成 `len(corpus)`，也可以直接填数字。改之前，先原样运行一次看看。

# %% tags=["solution"]
q1 = len(corpus)
# %%
check("q1", q1)

# %% [markdown] tags=["en"]
# Try a wrong answer too, `40`: the hint knows where it comes from. Stuck? `check.hint("q1")` gives a hint and `check.solution("q1")` the code; write them in a cell of your own (the key **B** adds one below).
#
# **Question 2.** How many texts of the sample are about 上海? `corpus.select(city="上海")` keeps them; count them as before.
# %% [markdown] tags=["zh"]
# 也请试一个错误答案 `40`：提示知道它是怎么来的。做不出来？`check.hint("q1")` 给提示，`check.solution("q1")` 给代码；请写在自己新加的单元格里（按 **B** 键在下方加一格）。
#
# **第2题。** 示例语料中有几篇是关于上海的？`corpus.select(city="上海")` 把它们选出来，再照上面的办法计数。

# %% tags=["solution"]
q2 = len(corpus.select(city="上海"))
# %%
check("q2", q2)

# %% [markdown] tags=["en"]
# Your answers are counted in a file beside this notebook. What have you done so far?
# %% [markdown] tags=["zh"]
# 作答情况记在笔记本旁边的一个文件里。到现在做了哪些题？

# %%
check.progress()

# %% [markdown] tags=["en"]
# ## 10 Handing in
#
# In a class, write `check.hand_in("your name")` in a cell of your own. It makes one small file, `hand-in-….json`, about all tutorials of this folder (which exercises are right, and after how many tries), and says in which folder it is. That file is what you give to your teacher.
#
# ## On your own
#
# 1. Draw the picture of step 5 for 北京 instead of 上海. Which words are new, and would you have guessed them?
# 2. Make a mistake in a cell of your own, read the last line, and mend it.
# 3. Write `print(corpus["shanghai-2023"])` in a cell of your own and read the first paragraph. Which words of it would you expect among the eight of the picture?
# 4. Restart everything with the menu *Kernel*, *Restart Kernel and Run All Cells*. A page that runs through from the top is one that others can run too.
#
# ## Further reading
#
# - Kluyver, T., Ragan-Kelley, B., Pérez, F., et al. (2016). Jupyter Notebooks – a publishing format for reproducible computational workflows. In F. Loizides & B. Schmidt (Eds.), *Positioning and Power in Academic Publishing* (pp. 87–90). IOS Press. https://doi.org/10.3233/978-1-61499-649-1-87
# - Rule, A., Birmingham, A., Zuniga, C., et al. (2019). Ten simple rules for writing and sharing computational analyses in Jupyter Notebooks. *PLOS Computational Biology*, 15(7), e1007007. https://doi.org/10.1371/journal.pcbi.1007007
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic content analysis methods for political texts. *Political Analysis*, 21(3), 267–297. https://doi.org/10.1093/pan/mps028
#
# Next: [01 A corpus and its metadata](01-corpus.ipynb)
# %% [markdown] tags=["zh"]
# ## 10 交作业
#
# 上课时，在自己加的单元格里写 `check.hand_in("姓名")`，会生成一个小文件 `hand-in-….json`，内容是这个文件夹里各课的练习：哪些做对了，各试了几次；它还会告诉您文件在哪个文件夹。把这个文件交给老师即可。
#
# ## 自己动手
#
# 1. 把第5步的图改画成北京的。多了哪些词？您事先猜得到吗？
# 2. 在自己加的单元格里故意写错，读最后一行，再改正。
# 3. 在自己加的单元格里写 `print(corpus["shanghai-2023"])`，读第一段。您觉得其中哪些词会进入图上的八个词？
# 4. 用菜单 *Kernel* → *Restart Kernel and Run All Cells* 从头再来。能从头跑到尾的笔记本，别人才能重做。
#
# ## 延伸阅读
#
# - Kluyver, T., Ragan-Kelley, B., Pérez, F., et al. (2016). Jupyter Notebooks – a publishing format for reproducible computational workflows. In F. Loizides & B. Schmidt (Eds.), *Positioning and Power in Academic Publishing* (pp. 87–90). IOS Press. https://doi.org/10.3233/978-1-61499-649-1-87
# - Rule, A., Birmingham, A., Zuniga, C., et al. (2019). Ten simple rules for writing and sharing computational analyses in Jupyter Notebooks. *PLOS Computational Biology*, 15(7), e1007007. https://doi.org/10.1371/journal.pcbi.1007007
# - Grimmer, J., & Stewart, B. M. (2013). Text as data: The promise and pitfalls of automatic content analysis methods for political texts. *Political Analysis*, 21(3), 267–297. https://doi.org/10.1093/pan/mps028
#
# 下一课：[01 语料与元数据](01-corpus.ipynb)
