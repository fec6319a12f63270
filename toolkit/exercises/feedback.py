"""What a student is told, as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

Lang = Literal["zh", "en"]
State = Literal["right", "not yet", "not attempted", "hint", "solution", "handed in"]

_SIGNS = {"right": "✓", "not yet": "✗", "not attempted": "○", "hint": "☞", "solution": "☞"}
_SIGNS |= {"handed in": "✓"}
_COLOURS = {"right": "#2a7f4f", "not yet": "#b5482a", "not attempted": "#7a7a7a"}

SAID: dict[str, dict[Lang, str]] = {
    "right": {"en": "Right.", "zh": "正确。"},
    "not yet": {"en": "Not yet.", "zh": "还不对。"},
    "not attempted": {"en": "Not attempted.", "zh": "未作答。"},
    "hint": {"en": "Hint:", "zh": "提示："},
    "solution": {"en": "One solution:", "zh": "参考答案："},
    "handed in": {"en": "is ready.", "zh": "已经生成。"},
    "held": {
        "en": "It tells which exercises you did, here and in the other tutorials of this folder: "
        "{right} right, {begun} tried. Give the file to your teacher; it is in `{folder}`.",
        "zh": "里面记着您在这个文件夹各课中做过的练习：做对 {right} 题，做过 {begun} 题。"
        "请把这个文件交给老师，它在 `{folder}`。",
    },
    "begin": {
        "en": "Put your answer in place of `...` and run the cell again.",
        "zh": "把 `...` 换成您的答案，再运行一次。",
    },
    "stuck": {"en": 'Stuck? `check.hint("{name}")`', "zh": '没有头绪？`check.hint("{name}")`'},
    "kind": {
        "en": "This asks for {wanted}; yours is {found}.",
        "zh": "这里要的是{wanted}，您给的是 {found}。",
    },
    "quotes": {
        "en": " Write the number without the quotation marks.",
        "zh": "请去掉引号，只写数字。",
    },
    "booleans": {
        "en": " Yours holds True or False for each row: `.sum()` behind it counts the True ones.",
        "zh": "您给的是逐行的 True 或 False：在后面加 `.sum()`，就数出 True 有几个。",
    },
    "length": {
        "en": " Do you mean how many it holds? Put `len( )` around it.",
        "zh": "要问的是里面有多少个吗？请在外面加 `len( )`。",
    },
    "call": {
        "en": "Yours is a function: are the parentheses `()` missing?",
        "zh": "您给的是一个函数：是不是少写了括号 `()`？",
    },
    "column": {
        "en": 'Yours is a whole table: take one column of it, `table["…"]`.',
        "zh": '您给的是整张表：请取其中一列，`table["…"]`。',
    },
    "order": {
        "en": "These are the right ones, in another order.",
        "zh": "内容都对，次序不同。",
    },
    "unsaved": {
        "en": "(Your progress could not be kept: {why})",
        "zh": "（进度未能保存：{why}）",
    },
    "name": {
        "en": 'give your name: check.hand_in("Wang Xiaoming"); a name has 1 to 100 characters, '
        "this is {name!r}",
        "zh": '请写上您的姓名：check.hand_in("王小明")；姓名应为 1 至 100 个字符，这里是 {name!r}',
    },
    "too large": {
        "en": "{name} has over 1 MB, which no such file has; ask for it anew",
        "zh": "{name} 超过 1 MB，不可能是练习文件；请重新提交",
    },
    "damaged": {
        "en": "{name} is damaged and cannot be read; move it away and begin anew",
        "zh": "{name} 已损坏，无法读取；请把它移走，重新开始",
    },
    "other format": {
        "en": "{name} is no file of these exercises, or of another version of them",
        "zh": "{name} 不是本练习的文件，或出自别的版本",
    },
    "no hand-in": {
        "en": '{name} was not handed in: such a file is made by check.hand_in("name")',
        "zh": '{name} 不是提交的作业；作业由 check.hand_in("姓名") 生成',
    },
    "changed": {
        "en": "{name} was changed after it was made: its checksum is another",
        "zh": "{name} 生成之后有过改动：校验值不符",
    },
    "unknown": {
        "en": "{name} has exercises that this version does not know: {which}",
        "zh": "{name} 含有本版本没有的练习：{which}",
    },
    "twice": {
        "en": "{name}: the same student also handed in {other}",
        "zh": "{name}：同一名学生还提交了 {other}",
    },
}


@dataclass(frozen=True)
class Feedback:
    """What became of an answer, or a hint, or a solution; shown by a notebook as a box.

    Parameters
    ----------
    name : str
        The exercise, ``"q1"``; or the file that is handed in.
    state : {"right", "not yet", "not attempted", "hint", "solution", "handed in"}
    message : str
        What to look at; words between backticks are code.
    code : str
        Of a solution.
    lang : {"zh", "en"}

    Examples
    --------
    >>> Feedback("q1", "right", "Each line is counted once.", lang="en")
    ✓ q1 Right. Each line is counted once.
    """

    name: str
    state: State
    message: str = ""
    code: str = ""
    lang: Lang = "zh"

    def __repr__(self) -> str:
        space = "" if self.lang == "zh" else " "
        said = f"{SAID[self.state][self.lang]}{space}{self.message}".strip()
        line = f"{_SIGNS[self.state]} {self.name} {said}"
        return f"{line}\n{self.code}" if self.code else line

    def _repr_html_(self) -> str:
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(self.message))
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        colour = _COLOURS.get(self.state, "#2f6296")
        return (
            f'<div lang="{self.lang}" style="border-left: 4px solid {colour}; padding: .3em .8em">'
            f'<strong style="color: {colour}">{_SIGNS[self.state]} {escape(self.name)}'
            f" {SAID[self.state][self.lang]}</strong> {message}{code}</div>"
        )
