"""What several test modules share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from toolkit import Corpus, clean, segment, tfidf

# No test is about time: a busy machine would fail it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser):
    parser.addoption("--save", type=Path, help="keep the figures of the tests in this folder")


# Run by hand; some need what no test needs.
collect_ignore = ["benchmarks"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where nothing that a test needs may be missing, a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("CITY_GOVERNANCE_TOOLKIT_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where no test may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def sample():
    """The sample corpus as it stands on disk."""
    return Corpus.sample()


@pytest.fixture(scope="session")
def sections():
    """The sections of the cleaned sample corpus."""
    return clean(Corpus.sample()).corpus.split("section")


@pytest.fixture(scope="session")
def tokens(sections):
    return segment(sections)


@pytest.fixture(scope="session")
def matrix(tokens):
    return tfidf(tokens)
