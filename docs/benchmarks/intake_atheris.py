"""Fuzz a reader with inputs led by coverage: ``intake_atheris.py .html -runs=100000``.

Needs atheris (``pip install atheris``; Linux and macOS). The first argument is the ending
that names the reader, or ``cleaning``; the others go to libFuzzer. Ends at the first error
that is not the documented one, and keeps the input beside it as ``crash-…``.
"""

import sys

import atheris

with atheris.instrument_imports(include=["toolkit.ingest", "toolkit.cleaning", "toolkit.residue"]):
    from toolkit.cleaning import clean_text
    from toolkit.ingest import documents, pages, tables  # noqa: F401  to be instrumented
    from toolkit.ingest.formats import read
    from toolkit.ingest.limits import Limits, UnreadableError
    from toolkit.ingest.prepare import prepare

LIMITS = Limits(file_bytes=1_000_000, text_chars=100_000, unpacked_bytes=2_000_000)


def main():
    """Give libFuzzer the reader."""
    kind = sys.argv.pop(1)

    def one(data):
        if kind == "cleaning":
            clean_text(data.decode("utf-8", "replace"))
            return
        try:
            for draft in read(f"x{kind}", data, limits=LIMITS):
                prepare(draft, name=f"x{kind}")
        except UnreadableError:
            pass

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
