"""The exercises of one notebook: their questions, the check, hints and solutions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from toolkit.exercises.answers import described, kind, same, unwrapped
from toolkit.exercises.progress import ProgressError, done_in, hand_in, note, said
from toolkit.say import Language, check_language, entry, say

if TYPE_CHECKING:
    import pandas as pd

_FORMS = "exercises.numbers"  # a text that holds a number: the first that fits
_QUESTIONS = Path(__file__).parent / "questions"
State = Literal["right", "not yet", "not attempted", "hint", "solution", "handed in"]

_SIGNS = {"right": "✓", "not yet": "✗", "not attempted": "○", "hint": "☞", "solution": "☞"}
_SIGNS |= {"handed in": "✓"}
_COLOURS = {"right": "#2a7f4f", "not yet": "#b5482a", "not attempted": "#7a7a7a"}


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
    lang: Language = "zh"

    def __repr__(self) -> str:
        space = "" if self.lang == "zh" else " "
        told = f"{said(self.state, self.lang)}{space}{self.message}".strip()
        line = f"{_SIGNS[self.state]} {self.name} {told}"
        return f"{line}\n{self.code}" if self.code else line

    def _repr_html_(self) -> str:
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(self.message))
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        colour = _COLOURS.get(self.state, "#2f6296")
        return (
            f'<div lang="{self.lang}" style="border-left: 4px solid {colour}; padding: .3em .8em">'
            f'<strong style="color: {colour}">{_SIGNS[self.state]} {escape(self.name)}'
            f" {said(self.state, self.lang)}</strong> {message}{code}</div>"
        )


def exercises(name: str, *, lang: Language = "zh") -> Exercises:
    """Return the exercises of a notebook.

    Parameters
    ----------
    name : str
        The notebook: ``"02-cleaning"``.
    lang : {"zh", "en"}
        The language of all that is said.

    Raises
    ------
    ValueError
        If there are none of this name.

    Examples
    --------
    >>> check = exercises("00-setup", lang="en")
    >>> check("q1", ...)
    ○ q1 Not attempted. Put your answer in place of `...` and run the cell again.
    """
    if name not in (names := exercise_names()):
        raise ValueError(f"there are no exercises {name!r}; there are {', '.join(names)}")
    check_language(lang)
    return Exercises(name=name, questions=questions_of(name), lang=lang)


def exercise_names() -> list[str]:
    """Return the notebooks that have exercises, in order."""
    return sorted(path.stem for path in _QUESTIONS.glob("*.yaml"))


@cache
def questions_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the questions of a notebook; see `Exercises`."""
    import yaml

    text = (_QUESTIONS / f"{name}.yaml").read_text(encoding="utf-8")
    questions: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return questions


@dataclass(frozen=True)
class Exercises:
    """The exercises of a notebook; call it with the name of one and your answer.

    Parameters
    ----------
    name : str
        The notebook.
    questions : mapping
        For each exercise ``question``, ``answer``, ``hint``, ``solution`` (code),
        ``explain`` and, where they are known, ``wrong`` answers with a hint for each.
    lang : {"zh", "en"}
    folder : path
        Where the progress is kept, in ``exercises-progress.json``.
    """

    name: str
    questions: Mapping[str, Mapping[str, Any]]
    lang: Language = "zh"
    folder: Path = Path()

    def __repr__(self) -> str:
        return f"Exercises {self.name}: {', '.join(self.questions)}"

    def __call__(self, name: str, answer: Any) -> Feedback:
        """Check an answer; whatever it is, this raises no error.

        Parameters
        ----------
        name : str
            The exercise: ``"q1"``.
        answer : bool, int, float, str, list or set
            Scalars and arrays of NumPy, Series and Index of pandas count as what they hold.
            ``...`` and ``None`` mean that you have not begun.
        """
        question = self._question(name)
        if answer is None or answer is ...:
            return Feedback(name, "not attempted", said("begin", self.lang), lang=self.lang)
        try:
            state, message = self._judged(name, question, answer)
        except Exception:  # an answer can be any object, and any object can raise anything
            state, message = "not yet", self._kind(question, answer)
        message += self._kept(name, right=state == "right")
        return Feedback(name, state, message, lang=self.lang)

    def hint(self, name: str) -> Feedback:
        """Return a hint that gives nothing away."""
        return Feedback(name, "hint", self._question(name)["hint"][self.lang], lang=self.lang)

    def solution(self, name: str) -> Feedback:
        """Return code that gives the answer, and why; that it was looked at is kept."""
        question = self._question(name)
        message = question["explain"][self.lang] + self._kept(name)
        return Feedback(name, "solution", message, str(question["solution"]).strip(), self.lang)

    def progress(self) -> pd.DataFrame:
        """Return a table of these exercises and what became of them.

        Returns
        -------
        DataFrame
            A row for each exercise: the question, its state, how often it was tried.
        """
        import pandas as pd

        kept = done_in(self.folder).get(self.name, {})
        rows = {}
        for name, question in self.questions.items():
            entry = kept.get(name, {"right": False, "tries": 0})
            state = ("right" if entry["right"] else "not yet") if entry["tries"] else None
            told = said(state or "not attempted", self.lang).rstrip("。.")
            rows[name] = [question["question"][self.lang], told, entry["tries"]]
        columns = {"en": ["question", "state", "tries"], "zh": ["题目", "状态", "次数"]}
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns[self.lang])

    def hand_in(self, student: str = "") -> Feedback:
        """Write what was done in all notebooks of this folder into a file for the teacher.

        Parameters
        ----------
        student : str
            Your name, as your teacher knows it.

        Returns
        -------
        Feedback
            Its `name` is the file, ``hand-in-NAME.json``; it says what is in it and where it
            is. The file carries the SHA-256 of what it holds, which tells whether it was
            damaged on its way. It cannot tell who made it, or how.

        Raises
        ------
        ProgressError
            If no name is given, or the progress cannot be read.
        """
        try:
            path = hand_in(self.folder, student)
        except ProgressError as error:
            raise ProgressError(error.why, lang=self.lang, **error.told) from None
        tried = [e for done in done_in(self.folder).values() for e in done.values() if e["tries"]]
        counts = {"right": sum(e["right"] for e in tried), "begun": len(tried)}
        message = said("held", self.lang, folder=self.folder.resolve(), **counts)
        return Feedback(path.name, "handed in", message, lang=self.lang)

    def _question(self, name: str) -> Mapping[str, Any]:
        if name not in self.questions:
            raise ValueError(
                f"{self.name} has no exercise {name!r}; it has {', '.join(self.questions)}"
            )
        return self.questions[name]

    def _kept(self, name: str, *, right: bool | None = None) -> str:
        """Keep what was done; return a remark where that is not possible."""
        try:
            note(self.folder, self.name, name, right=right)
        except (OSError, ProgressError) as error:
            why = error.said(self.lang) if isinstance(error, ProgressError) else str(error)
            return f" {said('unsaved', self.lang, why=why)}"
        return ""

    def _judged(self, name: str, question: Mapping[str, Any], answer: Any) -> tuple[State, str]:
        answer = unwrapped(answer)
        expected, tolerance = right_answer(question), float(question.get("tolerance", 0))
        if same(answer, expected, tolerance=tolerance):
            return "right", question["explain"][self.lang]
        for wrong in question.get("wrong", ()):
            if same(answer, right_answer(wrong), tolerance=tolerance):
                return "not yet", wrong["hint"][self.lang]
        wanted, given = kind(expected), kind(answer)
        if wanted != given and not (wanted == "set" and given == "list"):
            return "not yet", self._kind(question, answer)
        if wanted == "list" and sorted(map(str, answer)) == sorted(map(str, expected)):
            return "not yet", said("order", self.lang)
        return "not yet", said("stuck", self.lang, name=name)

    def _kind(self, question: Mapping[str, Any], answer: Any) -> str:
        """Say what kind of answer is asked for, and what was given."""
        if callable(answer):
            return said("call", self.lang)
        if type(answer).__name__ == "DataFrame":
            return said("column", self.lang)
        wanted, found = kind(right_answer(question)), f"`{described(answer)}`"
        mended = _mend_of(answer) if wanted == "number" else ""
        told = said(
            "kind", self.lang, wanted=say(f"exercises.kinds.{wanted}", self.lang), found=found
        )
        return told + said(mended, self.lang) if mended else told


def _mend_of(answer: Any) -> str:
    """Return the key of what mends an answer that should be a number; "" if nothing is known."""
    given = type(answer)  # an answer itself may raise at whatever it is asked
    if issubclass(given, str):
        text = unicodedata.normalize("NFKC", given.__str__(answer)).strip()
        return next((k for k, form in entry(_FORMS).items() if re.fullmatch(form, text)), "")
    if given is list and answer and all(type(value).__name__[:4] == "bool" for value in answer):
        return "booleans"
    if given in (list, tuple) and {*map(type, answer)} <= {int, float} and len(answer) == 1:
        return "one"
    return "length" if hasattr(given, "__len__") and given not in (bytes, bytearray) else ""


def right_answer(question: Mapping[str, Any]) -> Any:
    """Return the answer as it stands in a file of questions: ``{set: [...]}`` is a set."""
    answer = question["answer"]
    return set(answer["set"]) if isinstance(answer, dict) else answer
