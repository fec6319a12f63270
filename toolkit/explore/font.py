"""A Chinese font for the application, for browsers on machines that have none."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from toolkit.figures.press.webfont import embedded_font
from toolkit.files import write_text
from toolkit.templates import filled

if TYPE_CHECKING:
    from toolkit.corpus import Corpus

_FIRST = 900  # characters that a first start shows at once: the labels, and the most frequent
_MOST = 6000  # characters of the font: some 1 MB; 143 annual reports have 3,662


def characters_of(corpus: Corpus, labels: dict[str, str]) -> str:
    """Return the characters that the application may show, each once, the most frequent first.

    Those of its labels come before them; of a corpus of very many different ones, the most
    frequent are taken.
    """
    named = corpus.units.select_dtypes(exclude="number")
    text = "".join("".join(map(str, named[column].dropna())) for column in named)
    seen = [character for character, _ in Counter(text).most_common(_MOST)]
    return "".join(dict.fromkeys("".join([*labels.values(), *seen])))


def font_rule(characters: str) -> str:
    """Return a style element: a font that holds these characters, and who takes it.

    Examples
    --------
    >>> "url(data:font/woff2;base64," in font_rule("城市")
    True
    """
    return filled("explore/font.html", font=embedded_font(characters))


def common() -> str:
    """Return the marks and the 3,755 characters of everyday Chinese: level 1 of GB 2312.

    Examples
    --------
    >>> [sign in common() for sign in "城市，鼷"]
    [True, True, True, False]
    """
    rows = (0xA1, 0xA3, *range(0xB0, 0xD8))
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return "".join(cell.decode("gb2312", "ignore") for cell in cells)


def kept() -> Path:
    """Return where the rule of the common characters is kept once it was made."""
    from toolkit.figures.press.fonts import cache_folder, font_path

    return cache_folder() / f"{font_path().stem}-common.html"


def make_aside(
    characters: str, done: Callable[[str], None], loop: asyncio.AbstractEventLoop
) -> None:
    """Make the rule in a process of its own, then give it to `done` in the loop.

    Until it is made the common characters serve, at once, if an earlier start has kept them;
    else this one does, and a few characters come first.

    It takes seconds of pure Python, which a thread would take from every step meanwhile. The
    process is none of multiprocessing, which would run the file of the notebook's user again
    (VS Code names one in `__main__`), and has nothing to do with interrupts of the notebook.
    """

    def rule(wanted: str) -> str:
        path = os.pathsep.join(filter(None, sys.path))
        made = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", __name__],
            input=wanted.encode("utf-8", "replace"),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        return made.stdout.decode()

    def make() -> None:
        try:
            ready = kept()
            first = ready.read_text("utf-8") if ready.exists() else rule(characters[:_FIRST])
            loop.call_soon_threadsafe(done, first)
            loop.call_soon_threadsafe(done, rule(characters))
            if not ready.exists():
                write_text(ready, rule(common()))
        except Exception as error:  # boxes, but nothing worse; or the loop is closed by now
            logging.getLogger(__name__).debug("no font: %r", error)

    Thread(target=make, name="font", daemon=True).start()


if __name__ == "__main__":
    sys.stdout.buffer.write(font_rule(sys.stdin.buffer.read().decode()).encode())
