"""What the tests of figures share: values to draw, and no figure left open."""

import os
import subprocess
import sys

import matplotlib as mpl
import pytest

from toolkit import Corpus, fit_topics, segment, tfidf

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_figure_left():
    import matplotlib.pyplot as plt

    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def keep(request):
    """Save a figure to look at, where ``--save`` names a folder."""

    def save(figure, name):
        if folder := request.config.getoption("--save"):
            folder.mkdir(parents=True, exist_ok=True)
            figure.savefig(folder / f"{name}.png", dpi=150)

    return save


@pytest.fixture(scope="session")
def values():
    """What the plots of the gallery draw."""
    from toolkit.figures.gallery import Sample

    return Sample()


@pytest.fixture(scope="session")
def topics(matrix):
    return fit_topics(matrix, k=6)


@pytest.fixture(scope="session")
def small_matrix():
    """Three texts without a common word, and a fourth like the first."""
    texts = {
        "a": "热线 诉求 工单",
        "b": "网格 社区 楼栋",
        "c": "条例 立法 法规",
        "d": "热线 诉求 工单",
    }
    metadata = {
        i: {"city": city, "year": year}
        for i, city, year in zip(
            "abcd", ["京", "沪", "穗", "京"], [2023, 2021, 2021, 2024], strict=True
        )
    }
    return tfidf(segment(Corpus.from_texts(texts, metadata=metadata)), min_df=1, max_df=1.0)


@pytest.fixture(scope="session")
def run_python():
    """Run a script in a process of its own; return what it prints."""

    def run(script, *arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)],
            env=os.environ | {"MPLBACKEND": "Agg"} | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
