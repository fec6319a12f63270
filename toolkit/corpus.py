"""The corpus: texts with their metadata, checked when read, split into passages."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from toolkit.loading import CorpusError, counted, frame, id_problem, read_folder, written_whole
from toolkit.recipe import Recipe, Recorded, fingerprint, resource, step
from toolkit.structure import Unit, bare, passages

#: The heading under which ``sections.csv`` labels what stands before the first heading.
INTRODUCTION = "(引言)"


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
        Labels of the sections: ``doc_id``, ``position``, ``heading``, ``dimension``.
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

    @classmethod
    @step("corpus", data=_texts)
    def load(cls, folder: str | Path) -> Corpus:
        """Read a corpus: ``metadata.csv``, the text files it names, ``sections.csv``.

        Parameters
        ----------
        folder : path
            Holds ``metadata.csv`` with at least the columns ``id`` and ``file`` (a path
            inside the folder), the text files (UTF-8) and, if sections are labelled,
            ``sections.csv`` with ``doc_id``, ``position``, ``heading``, ``dimension``.

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
        units, sections = read_folder(folder)
        _warn_flaws(units)
        return cls._of_frame(units, sections)

    @classmethod
    @step("corpus", data=_texts)
    def sample(cls) -> Corpus:
        """Return the corpus that comes with the toolkit: one article and 40 texts.

        The article (``beijing-2023``) stands as it was found, page residue included;
        the other texts were written for this project from cited facts.
        """
        return cls._of_frame(*read_folder(resource("corpus")))

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
        problems = [f"text {i!r} is empty" for i, text in texts.items() if not text.strip()]
        problems += [f"text {i!r}: {p}" for i in texts if (p := id_problem(i))]
        problems += [
            f"metadata for {i!r}, which is not among the texts" for i in metadata.keys() - texts
        ]
        if not texts:
            problems.append("there is no text")
        if problems:
            raise CorpusError(problems)
        rows = [{"id": i, "text": t, "doc_id": i, **metadata.get(i, {})} for i, t in texts.items()]
        return cls._of_frame(frame(rows), None)

    @classmethod
    def _of_frame(cls, units: pd.DataFrame, sections: pd.DataFrame | None) -> Corpus:
        unit = "document"
        if "unit" in units:
            unit = str(units["unit"].iloc[0])
            units = units.drop(columns="unit")
        return cls(units, sections, unit)

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

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the texts, their metadata and the labels of their sections."""
        frames = [self.units.reset_index()]
        if self.sections is not None:
            frames.append(self.sections)
        plain = [f.astype(str).fillna("") for f in frames]
        return fingerprint(self.unit, *(f.to_dict("split", index=False) for f in plain))

    @step("corpus")
    def select(
        self,
        *,
        city: str | Collection[str] | None = None,
        year: int | Collection[int] | None = None,
        kind: str | Collection[str] | None = None,
        region: str | Collection[str] | None = None,
        doc_id: str | Collection[str] | None = None,
        **others: Any,
    ) -> Corpus:
        """Keep the units whose metadata have the given values.

        Parameters
        ----------
        city, year, kind, region, doc_id : value or collection of values, optional
            ``year=range(2021, 2024)`` keeps 2021 to 2023.
        **others : value or collection of values, optional
            Any other column of the units, such as one of your own: ``district="海淀"``.

        Raises
        ------
        ValueError
            If a column or a value does not occur, with the values that do; or if
            nothing is left.
        """
        named = {"city": city, "year": year, "kind": kind, "region": region, "doc_id": doc_id}
        wanted = named | others
        units = self.units[matching(self.units, wanted)]
        sections = self.sections
        if sections is not None:
            sections = sections[sections["doc_id"].isin(units["doc_id"])]
        return replace(self, units=units, sections=sections)

    @step("corpus")
    def split(self, unit: Unit, *, min_chars: int = 1) -> Corpus:
        """Split whole texts into passages.

        Titles and headings are not passages: a title is in the metadata, a heading
        becomes the ``section`` of the passages below it.

        Parameters
        ----------
        unit : {"section", "paragraph", "sentence"}
            Ids tell where a passage stands: ``x#s02`` is the second section of ``x``,
            ``x#p07`` its seventh paragraph, ``x#p07.3`` the third sentence of that.
        min_chars : int
            A passage that is shorter is joined to the one before it in its section (the
            first to the one after it), so that no text is lost. A section that is
            shorter as a whole stays as it is.

        Returns
        -------
        Corpus
            Each passage is ``document[start:start + len(passage)]``, so every result can
            be traced back to its place.

        Raises
        ------
        ValueError
            If the corpus is split already, or `unit` is not one of the three.
        """
        if unit not in get_args(Unit):
            raise ValueError(f"unit must be one of {get_args(Unit)}, not {unit!r}")
        if self.unit != "document":
            raise ValueError(
                f"this corpus is split into {self.unit}s already; split the whole texts instead"
            )
        labels = _labels(self.sections)
        unmatched = {key for key in labels if key[0] in self.units.index}
        texts = self.units["text"]
        titles = self.units["title"].fillna("") if "title" in self.units else [""] * len(self)
        of, rows = [], []
        for i, (unit_id, text, title) in enumerate(zip(texts.index, texts, titles, strict=True)):
            found = passages(text, title=str(title), unit=unit, min_chars=min_chars)
            for position, (name, section, start, end) in enumerate(found, 1):
                row = {"unit_id": f"{unit_id}#{name}", "text": text[start:end]}
                row |= {"section": section, "position": position, "start": start}
                if labels:
                    key = (unit_id, bare(section or INTRODUCTION))
                    row["dimension"] = labels.get(key)
                    unmatched.discard(key)
                of.append(i)
                rows.append(row)
        if not rows:
            raise ValueError("nothing to split: every text is empty but for titles and headings")
        if missing := [key for key in unmatched if key[1] != bare(INTRODUCTION)]:
            _warn_unmatched(missing)
        made = pd.DataFrame(rows).set_index("unit_id")
        units = self.units.iloc[of].set_axis(made.index).assign(**made)
        return replace(self, units=units, unit=unit)

    def save(self, folder: str | Path) -> Path:
        """Write the corpus to a folder that `load` reads back.

        Written aside and renamed: the folder is there whole or not at all.

        Raises
        ------
        FileExistsError
            If the folder exists and is not empty.
        """
        folder = Path(folder)
        with written_whole(folder) as aside:
            (aside / "texts").mkdir()
            table = self.units.drop(columns="text").reset_index(names="id")
            table.insert(1, "file", [f"texts/{i}.txt" for i in table["id"]])
            if self.unit != "document":
                table["unit"] = self.unit
            for name, text in zip(table["file"], self.units["text"], strict=True):
                (aside / name).write_bytes(text.encode())
            table.to_csv(aside / "metadata.csv", index=False, lineterminator="\n")
            if self.sections is not None:
                self.sections.to_csv(aside / "sections.csv", index=False, lineterminator="\n")
        return folder


def matching(units: pd.DataFrame, wanted: Mapping[str, Any]) -> pd.Series[bool]:
    """Tell which units have the wanted values of their metadata.

    Parameters
    ----------
    units : DataFrame of n rows
    wanted : mapping of column to value or collection of values
        None stands for any value.

    Returns
    -------
    Series of bool, n rows

    Raises
    ------
    ValueError
        If a column or a value does not occur, or nothing is left.
    """
    wanted = {column: value for column, value in wanted.items() if value is not None}
    keep = pd.Series(True, index=units.index)
    problems = []
    for column, value in wanted.items():
        if column not in units:
            problems.append(f"there is no column {column!r}, only {listed(units.columns)}")
            continue
        single = isinstance(value, str) or not isinstance(value, Iterable)
        values = {value} if single else set(value)
        # A range of years may reach past the corpus; a name that is not there is a slip.
        if not isinstance(value, range):
            problems += unknown(units[column], values)
        keep &= units[column].isin([*values])
    if not problems and not keep.any():
        problems.append(f"no unit has {' and '.join(f'{k}={v!r}' for k, v in wanted.items())}")
    if problems:
        raise ValueError("; ".join(problems))
    return keep


def unknown(column: pd.Series[Any], values: Collection[Any]) -> list[str]:
    """Return what is wrong with values that do not occur in a column of the units.

    Examples
    --------
    >>> unknown(pd.Series([2021, 2023], name="year"), {"2021"})
    ['no year 2021 (a str; they are numbers); these units have 2021, 2023']
    """
    present = set(column.dropna())
    if not (absent := set(values) - present):
        return []
    kind = " (a str; they are numbers)" if {*map(str, present)} & absent else ""
    return [f"no {column.name} {listed(absent)}{kind}; these units have {listed(present)}"]


def listed(values: Iterable[Any]) -> str:
    """Return values in a row, for a message; the first 40 if there are more.

    Examples
    --------
    >>> listed({"乙", "甲"})
    '乙, 甲'
    """
    shown = sorted(map(str, values))
    more = f" … ({len(shown)} in all)" if len(shown) > 40 else ""
    return ", ".join(shown[:40]) + more or "none"


def _labels(sections: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    if sections is None:
        return {}
    keys = zip(sections["doc_id"], map(bare, sections["heading"]), strict=True)
    return dict(zip(keys, sections["dimension"], strict=True))


def _warn_flaws(units: pd.DataFrame) -> None:
    if "flaw" not in units:
        return
    flaws = units.loc[units["flaw"].fillna("").str.strip() != "", "flaw"]
    if len(flaws):
        shown = "; ".join(f"{unit_id}: {flaw}" for unit_id, flaw in flaws.head(5).items())
        more = f" … and {len(flaws) - 5} more" if len(flaws) > 5 else ""
        warnings.warn(
            f"{len(flaws)} of {len(units)} texts have a flaw ({shown}{more}); "
            "the column flaw of units tells all, select the others by doc_id",
            stacklevel=4,
        )


def _warn_unmatched(missing: list[tuple[str, str]]) -> None:
    shown = "; ".join(f"{doc}: {heading}" for doc, heading in sorted(missing)[:3])
    warnings.warn(
        f"{len(missing)} labelled headings are not headings of their texts ({shown}); "
        "clean the corpus before splitting it, or correct sections.csv",
        stacklevel=4,
    )
