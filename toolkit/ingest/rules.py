"""Rules and names of intake, which are data: ``rules.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.structure import whole

DATA: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))


@cache
def rules(kind: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rules of a kind, their patterns ready to be searched for.

    Examples
    --------
    >>> [rule["name"] for rule in rules("machine")]
    ['引言', '1.1', 'code', 'stock phrases', '结语']
    """
    return tuple(
        {**rule, "pattern": re.compile(whole(rule["pattern"], DATA["parts"]))}
        for rule in DATA[kind]
    )


@cache
def compiled(table: str, name: str) -> re.Pattern[str]:
    """Return a pattern of a table, ready to be searched for."""
    return re.compile(whole(DATA[table][name], DATA["parts"]))


def named(table: str) -> dict[str, str]:
    """Return a table of names, each name with what it stands for.

    Examples
    --------
    >>> named("mends")[".rar"]
    'unpack it, or pack it as .zip'
    """
    return {name: meant for meant, names in DATA[table].items() for name in names.split()}
