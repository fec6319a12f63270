"""The corpus: texts with their metadata, checked when read, split into passages."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from toolkit.installed import resource
from toolkit.loading import INTRODUCTION, labels_of, read_folder, warn_unmatched, write_folder
from toolkit.metadata import check_units, checked, counted, own_columns, units_of, warn_flaws
from toolkit.passages import Unit, cut
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.structure import bare
from toolkit.units import Rows, values_of, where


def _texts(made: Corpus, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the fingerprint of the texts that a first step read."""
    return {"corpus": made.fingerprint}


@dataclass(frozen=True, eq=False)
class Corpus(
    Recorded, variable="corpus", by="Corpus.load(folder), or Corpus.from_texts({'a': text})"
):
    r"""Texts with metadata, whole or split into passages.

    Parameters
    ----------
    units : DataFrame of n rows, index ``unit_id``
        Columns ``text``, ``doc_id`` and the metadata (``title``, ``city``, ``year``,
        ``kind``, …). After `split` also ``section`` (heading), ``position`` (from 1,
        within the document), ``start`` (where the passage starts in the text of its
        document, in characters) and, where sections are labelled, ``dimension``.
    sections : DataFrame or None
        What is known of the sections: ``doc_id``, ``position``, ``heading``, and
        ``dimension`` (a label) or ``level`` (1 for the widest headings of a text, 0 for a
        line that is none); of the text of a file that marks its headings, `split` takes them
        from here.
    unit : {"document", "section", "paragraph", "sentence"}
        What a row of `units` is.
    recipe : Recipe
        How the corpus was made.

    Examples
    --------
    >>> corpus = Corpus.sample()
    >>> corpus
    Corpus: 41 documents, 30 places, 2020–2025
    >>> corpus.select(city="北京").units.index.tolist()
    ['beijing-2021', 'beijing-2023', 'beijing-2025']
    >>> corpus["beijing-2023"][:17]
    '中国共产党新闻网>>理论\n分享\n\n'
    """

    units: pd.DataFrame
    sections: pd.DataFrame | None = None
    unit: str = "document"
    recipe: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        check_units(self.units)

    @classmethod
    @step("corpus", data=_texts)
    def load(cls, folder: str | Path) -> Corpus:
        """Read a corpus: ``metadata.csv``, the text files it names, ``sections.csv``.

        Parameters
        ----------
        folder : path
            Holds ``metadata.csv`` with at least the columns ``id`` and ``file`` (a path
            inside the folder), the text files (UTF-8) and, if sections are labelled or
            headings known, ``sections.csv`` with ``doc_id``, ``position``, ``heading``, and
            ``dimension`` or ``level``.

        Returns
        -------
        Corpus

        Warns
        -----
        UserWarning
            If the column ``flaw`` says of a text that something is wrong with it.

        Raises
        ------
        CorpusError
            With every problem found: missing files, files outside the folder, files
            without a row, duplicate ids, unknown values, empty or undecodable texts.
        """
        folder = Path(folder)
        corpus = cls(*read_folder(folder))
        warn_flaws(corpus.units)
        return corpus

    @classmethod
    @step("corpus", data=_texts)
    def sample(cls) -> Corpus:
        """Return the corpus that comes with the toolkit: one article and 40 texts.

        The article (``beijing-2023``) stands as it was found, page residue included;
        the other texts were written for this project from cited facts.
        """
        return cls(*read_folder(resource("corpus")))

    @classmethod
    @step("corpus", data=_texts)
    def from_texts(
        cls,
        texts: Mapping[str, str],
        *,
        metadata: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Corpus:
        """Make a corpus of texts that are at hand.

        Parameters
        ----------
        texts : mapping of id to text
        metadata : mapping of id to {column: value}, optional

        Raises
        ------
        TypeError
            If `texts` is something else, such as one text or a list of them.
        CorpusError
            If there is no text, a text is empty, or an id cannot be one.

        Examples
        --------
        >>> corpus = Corpus.from_texts({"a": "城市治理。", "b": "社区共治。"},
        ...                            metadata={"a": {"year": 2023}, "b": {"year": 2024}})
        >>> corpus.select(year=2024).units.index.tolist()
        ['b']
        """
        if not isinstance(texts, Mapping) or not all(isinstance(t, str) for t in texts.values()):
            raise TypeError(
                "from_texts needs texts by their ids: "
                "Corpus.from_texts({'a': '城市治理。', 'b': '社区共治。'})"
            )
        metadata = metadata or {}
        problems = [
            f"metadata for {i!r}, which is not among the texts" for i in metadata.keys() - texts
        ]
        problems += own_columns({str(c) for values in metadata.values() for c in values})
        rows = [
            {"unit_id": i, "text": text, "doc_id": i}
            | {str(column): value for column, value in metadata.get(i, {}).items()}
            for i, text in texts.items()
        ]
        return cls(checked(rows, [f"text {i!r}" for i in texts], problems))

    @classmethod
    @step("corpus", data=_texts)
    def from_frame(
        cls, table: pd.DataFrame, *, text: str = "text", id: str | None = None
    ) -> Corpus:
        """Make a corpus of a DataFrame: a text a row, all other columns its metadata.

        Parameters
        ----------
        table : DataFrame of n rows
        text : str
            The column with the texts, which becomes ``text``.
        id : str, optional
            A column with an id for each row. If not given: the index, or ``doc_id``, as in
            the tables of `to_frame`, where the index only counts the rows.

        Returns
        -------
        Corpus
            With every column of `table`. A column of dates (``date``, or 日期, 留言时间 and other
            usual names) gives ``date`` in ISO 8601 and, unless there is one, ``year``.

        Raises
        ------
        TypeError
            If `table` is no DataFrame.
        CorpusError
            With every problem of its rows: an empty text, an id that is missing, is there
            twice or cannot be one, a date or a year that is none.

        Examples
        --------
        >>> table = pd.DataFrame({"编号": [7, 9], "留言详情": ["路灯不亮。", "公交少。"],
        ...                       "留言时间": ["2019/4/3 10:47:25", "2020年1月9日"]})
        >>> Corpus.from_frame(table, text="留言详情", id="编号").units[["date", "year"]]
                                date  year
        unit_id
        7        2019-04-03 10:47:25  2019
        9                 2020-01-09  2020
        """
        if not isinstance(table, pd.DataFrame):
            raise TypeError(
                f"from_frame needs a DataFrame, not {type(table).__name__}: "
                "Corpus.from_frame(pd.read_excel('messages.xlsx'), text='留言详情')"
            )
        return cls(checked(*units_of(table, text, id)))

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, unit_id: str) -> str:
        """Return the text of a unit."""
        if unit_id not in self.units.index:
            raise KeyError(f"no unit {unit_id!r}; the first ones are {[*self.units.index[:3]]}")
        return str(self.units.loc[unit_id, "text"])

    def __repr__(self) -> str:
        parts = [counted(len(self), self.unit)]
        if self.unit != "document":
            parts.append(counted(self.units["doc_id"].nunique(), "document"))
        if "city" in self.units and (places := self.units["city"].nunique()):
            parts.append(counted(places, "place"))
        if "year" in self.units and self.units["year"].notna().any():
            first, last = self.units["year"].min(), self.units["year"].max()
            parts.append(f"{first}" if first == last else f"{first}–{last}")
        return f"Corpus: {', '.join(parts)}"

    def to_frame(self) -> pd.DataFrame:
        """Return the units as a table, of which `from_frame` makes texts again."""
        table = self.units.rename_axis("unit_id").reset_index()
        return table.drop(columns="unit_id") if self.unit == "document" else table

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the texts, their metadata and the labels of their sections."""
        labels = [] if self.sections is None else [self.sections.reset_index(drop=True)]
        return fingerprint(self.unit, self.units, *labels)

    @step("corpus")
    def select(self, /, **wanted: Any) -> Corpus:
        """Keep the units whose metadata have the given values.

        Parameters
        ----------
        **wanted : value or values, by column
            Any column of the units, your own too, or ``unit_id``: ``city="北京"``,
            ``year=range(2021, 2024)`` (2021 to 2023), ``doc_id=[...]``. Several values
            may stand in a list, a set, an array or a Series; ``""`` stands for a missing
            one, so ``flaw=""`` leaves out the texts with a known flaw.

        Raises
        ------
        ValueError
            If a column or a value does not occur, with the values that do; or if
            nothing is left.

        Examples
        --------
        >>> Corpus.sample().select(city=["北京", "上海"], year=range(2024, 2030))
        Corpus: 2 documents, 2 places, 2025
        """
        return self._narrowed(where(self.units, wanted))

    @step("corpus")
    def matching(self, terms: str | Iterable[str], *, at_least: int = 1) -> Corpus:
        """Keep the units that hold some terms.

        Parameters
        ----------
        terms : str or several
            Looked for in the text as it is written, whatever words it is cut into: 自治 is
            in 自治区 too. Where one term holds another, the longer one counts.
        at_least : int
            How often, all terms together.

        Raises
        ------
        ValueError
            If there is no term, or no unit holds them so often.

        Examples
        --------
        >>> corpus = Corpus.sample().split("paragraph")
        >>> len(corpus.matching(["接诉即办", "12345"], at_least=2))
        6
        """
        given = sorted(map(str, values_of(terms)), key=len, reverse=True)
        if not given or not all(given):
            raise ValueError("matching needs terms that are not empty: matching(['接诉即办'])")
        pattern = re.compile("|".join(map(re.escape, given)))
        counts = np.array([len(pattern.findall(text)) for text in self.units["text"]])
        if not (counts >= at_least).any():
            raise ValueError(
                f"no unit holds {'、'.join(given)} {at_least} times; the most is {counts.max()}"
            )
        return self._narrowed(counts >= at_least)

    def _narrowed(self, keep: Rows) -> Corpus:
        units, sections = self.units[keep], self.sections
        if sections is not None:
            sections = sections[sections["doc_id"].isin(units["doc_id"])]
        return replace(self, units=units, sections=sections)

    @step("corpus")
    def split(self, unit: Unit, *, min_chars: int = 1, max_chars: int | None = 5_000) -> Corpus:
        r"""Split whole texts into passages.

        Titles and headings are not passages: a title is in the metadata, a heading
        becomes the ``section`` of the passages below it, and the headings above that
        their ``path`` (``"第二章 城市 / 第一节 道路"``). ``chapter`` is the widest of both,
        to group by: ``corpus.groups("chapter")``.

        Parameters
        ----------
        unit : {"section", "paragraph", "sentence", "article"}
            Ids tell where a passage stands: ``x#s02`` is the second section of ``x``,
            ``x#p07`` its seventh paragraph, ``x#p07.3`` the third sentence of that. An
            article is that of a law with all its paragraphs, ``第三条`` its ``section``;
            ``x#a001`` is the first passage of ``x``, which may be what stands above the
            articles.
        min_chars : int
            A passage that is shorter is joined to the one before it in its section (the
            first to the one after it), so that no text is lost. A section that is
            shorter as a whole stays as it is.
        max_chars : int or None
            A passage that is longer is parted at ends of sentences, with a warning:
            ``x#p07-1``, ``x#p07-2``. None leaves it whole.

        Returns
        -------
        Corpus
            Each passage is ``document[start:start + len(passage)]``, so every result can
            be traced back to its place.

        Raises
        ------
        ValueError
            If the corpus is split already, `unit` is none of these, or no text has
            articles.

        Examples
        --------
        >>> law = "第一章 总则\n第一条 为了治理城市，制定本条例。\n第二条 本条例适用于本市。"
        >>> units = Corpus.from_texts({"law": law}).split("article").units
        >>> units[["path", "section"]].to_numpy().tolist()
        [['第一章 总则', '第一条'], ['第一章 总则', '第二条']]
        """
        if unit not in get_args(Unit):
            raise ValueError(f"unit must be one of {get_args(Unit)}, not {unit!r}")
        if self.unit != "document":
            raise ValueError(
                f"this corpus is split into {self.unit}s already; split the whole texts instead"
            )
        made = cut(self.units, unit, self.sections, min_chars=min_chars, max_chars=max_chars)
        if labels := labels_of(self.sections):
            documents = self.units.index[made["row"]]
            headings = made["section"].replace("", INTRODUCTION).map(bare)
            keys = [*zip(documents, headings, strict=True)]
            made["dimension"] = [labels.get(key) for key in keys]
            unmatched = {key for key in labels if key[0] in self.units.index} - set(keys)
            if missing := [key for key in unmatched if key[1] != bare(INTRODUCTION)]:
                warn_unmatched(missing)
        # The texts themselves are not repeated: of a long one there would be as many copies
        # as it has passages.
        rest = self.units.drop(columns="text")
        if own := [str(column) for column in made if column in rest]:
            rest = rest.rename(columns={column: f"document_{column}" for column in own})
            warnings.warn(
                f"split writes {', '.join(own)}; the columns of the texts that are called so "
                f"are now {', '.join(f'document_{column}' for column in own)}",
                stacklevel=3,
            )
        units = rest.iloc[made.pop("row")].set_axis(made.index)
        units.insert(0, "text", made.pop("text"))
        return replace(self, units=units.assign(**made), unit=unit)

    def save(self, folder: str | Path) -> Path:
        """Write the corpus to a folder that `load` reads back.

        Written aside and renamed: the folder is there whole or not at all.

        Raises
        ------
        FileExistsError
            If the folder exists and is not empty.
        """
        write_folder(folder, self.units, self.sections, self.unit)
        return Path(folder)
