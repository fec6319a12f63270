"""Decisions kept beside the notebook as they are made, and found again on the next start."""

from __future__ import annotations

from pathlib import Path

from toolkit.explore.binder import free
from toolkit.explore.decisions import Decisions
from toolkit.explore.session import Session


class Autosave:
    """The file in which the decisions of a session are kept; nobody else's is replaced.

    Parameters
    ----------
    folder : path
    session : Session
        Its texts are part of the name: other texts have another file.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import Corpus
    >>> session = Session(Corpus.sample())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     autosave = Autosave(folder, session)
    ...     session.decide({"do": "stop", "term": "推进"})
    ...     path = autosave.keep()
    ...     later = Session(Corpus.sample())
    ...     found, told = Autosave(folder, later).restore()
    >>> later.decisions == session.decisions
    True
    """

    def __init__(self, folder: str | Path, session: Session) -> None:
        self.folder, self.session = Path(folder), session
        self.name = f"autosave-{session.start.fingerprint[:8]}"
        self.path: Path | None = None  # of this one, once there is any
        self._known = session.decisions  # what needs no saving
        self._text = ""  # of the file, as it was left

    def restore(self) -> tuple[Path | None, list[tuple[Path, Path, str]]]:
        """Take up the decisions that were kept last.

        Returns
        -------
        path or None
            Of the file that they are from.
        list of tuple
            Files that could not be used: where each was, where it is now, and why.
        """
        aside = []
        for path in sorted(self.folder.glob(f"{self.name}*.yaml"), key=_changed, reverse=True):
            try:
                text = Decisions.load(path).to_yaml()
                self.session.replay(Decisions.load(path))
            except (OSError, ValueError) as error:
                set_aside = free(self.folder, path.stem, ".unusable")
                path.rename(set_aside)
                aside.append((path, set_aside, str(error)))
                continue
            self.path, self._text, self._known = path, text, self.session.decisions
            return path, aside
        return None, aside

    def keep(self) -> Path | None:
        """Write the decisions, if they are others than at the start; not over anybody else's.

        Returns
        -------
        path or None
            Of the file, if one was written now.
        """
        decisions = self.session.decisions
        if decisions == self._known:
            return None
        if self.path is None or not _holds(self.path, self._text):
            self.path = free(self.folder, self.name, ".yaml")
        decisions.save(self.path)
        self._known, self._text = decisions, decisions.to_yaml()
        return self.path


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _holds(path: Path, text: str) -> bool:
    """Tell whether a file is as it was left: another explorer, or a person, may write there."""
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False
