"""What the toolkit says, in Chinese and in English: the sentences are data, in words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import pandas as pd

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_JOIN: dict[Language, str] = {"zh": "、", "en": ", "}


def check_language(lang: object) -> None:
    """Refuse a language that the toolkit does not speak.

    Raises
    ------
    ValueError
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be {' or '.join(map(repr, LANGUAGES))}, not {lang!r}")


def say(key: str, lang: Language, **fields: Any) -> str:
    """Return a text of ``words.toml`` in a language, its fields filled in.

    Parameters
    ----------
    key : str
        Such as ``"columns.city"``.
    lang : {"zh", "en"}
    **fields
        Values, or what has a method ``said(lang)``: `Column`, `Value`, `Text`, `Several`.

    Raises
    ------
    KeyError
        If there is no such text.

    Examples
    --------
    >>> say("columns.city", "zh"), say("columns.city", "en")
    ('城市', 'city')
    """
    return fill(entry(key), lang, fields)


def fill(texts: Mapping[str, str], lang: Language, fields: Mapping[str, Any]) -> str:
    """Return a text that is given in both languages in one of them, its fields filled in."""
    check_language(lang)
    return texts[lang].format(**{name: _said(value, lang) for name, value in fields.items()})


def entry(key: str) -> Any:
    """Return a text of ``words.toml`` in both languages, or a table of such texts.

    Examples
    --------
    >>> entry("columns.city")
    {'zh': '城市', 'en': 'city'}
    """
    found: Any = _catalogue()
    for part in key.split("."):
        found = found[part]
    return found


def phrases(key: str, lang: Language) -> dict[str, str]:
    """Return a table of ``words.toml`` in a language, fields not filled in.

    Examples
    --------
    >>> phrases("values.kind", "en")["speech"]
    'speech'
    """
    check_language(lang)
    return {name: texts[lang] for name, texts in entry(key).items()}


@dataclass(frozen=True)
class Text:
    """A text of ``words.toml`` with its fields, to be said later or within another."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def said(self, lang: Language) -> str:
        """Return it in a language."""
        return say(self.key, lang, **self.fields)


@dataclass(frozen=True)
class Spoken:
    """A text that is known in each language."""

    texts: Mapping[Language, str]

    def said(self, lang: Language) -> str:
        """Return it in a language."""
        return self.texts[lang]


@dataclass(frozen=True)
class Several:
    """Things in a row, joined as the language joins them."""

    items: tuple[Any, ...]
    between: Mapping[Language, str] = field(default_factory=lambda: _JOIN)

    def said(self, lang: Language) -> str:
        """Return them in a language."""
        return self.between[lang].join(str(_said(item, lang)) for item in self.items)


@dataclass(frozen=True)
class Column:
    """A column of metadata: known ones have a name in each language, others are quoted.

    Examples
    --------
    >>> Column("year").said("zh"), Column("hall").said("zh")
    ('年份', '“hall”')
    """

    name: str

    def said(self, lang: Language) -> str:
        """Return it in a language."""
        known = _catalogue()["columns"].get(self.name)
        return str(known[lang]) if known else f"“{self.name}”"


@dataclass(frozen=True)
class Value:
    """A value of a column: those that the toolkit knows have a name in each language.

    Parameters
    ----------
    column : str
    value : object
    units : DataFrame, optional
        Where a column of the same name and ``_en`` may hold the English name.

    Examples
    --------
    >>> Value("kind", "regulation").said("zh"), Value("kind", "poem").said("zh")
    ('法规', 'poem')
    """

    column: str
    value: object
    units: pd.DataFrame | None = None

    def said(self, lang: Language) -> str:
        """Return it in a language."""
        if known := _catalogue()["values"].get(self.column, {}).get(str(self.value)):
            return str(known[lang])
        if lang == "en" and self.units is not None and f"{self.column}_en" in self.units:
            same = self.units[self.column] == self.value
            names = self.units.loc[same, f"{self.column}_en"].dropna().unique()
            if len(names) == 1:  # else it would not tell which is meant
                return str(names[0])
        return str(self.value)


def several(items: Iterable[Any]) -> Several:
    """Return things in a row."""
    return Several(tuple(items))


def _said(value: Any, lang: Language) -> Any:
    return value.said(lang) if hasattr(value, "said") else value


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
