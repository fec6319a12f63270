"""What the page and the application say, in Chinese and in English: ``labels.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

from toolkit.say import Language, check_language


class Labels(dict[str, str]):
    """What the page or the application says in a language, by the names of the labels."""

    def __init__(self, part: Literal["page", "application"], lang: Language) -> None:
        check_language(lang)
        self.lang: Language = lang
        said = tomllib.loads(files(__package__).joinpath("labels.toml").read_text("utf-8"))
        super().__init__({name: texts[lang] for name, texts in said[part].items()})
