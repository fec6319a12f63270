"""A language that the toolkit does not speak is refused wherever one can be asked for."""

import pytest

from toolkit import Corpus, coding_sample, fit_topics, segment, tfidf, track_phrase
from toolkit.exercises.checking import exercises
from toolkit.exercises.collecting import marks_page
from toolkit.figures.gallery import draw_gallery
from toolkit.say import say
from toolkit.study import Study, reproduce


@pytest.fixture(scope="module")
def sheet():
    corpus = Corpus.sample().select(city=["北京", "上海"]).split("section")
    return coding_sample(fit_topics(tfidf(segment(corpus)), k=2), n=4)


@pytest.mark.parametrize(
    "ask",
    [
        lambda sheet, folder: say("columns.city", "fr"),
        lambda sheet, folder: track_phrase(Corpus.sample(), "接诉即办").first(lang="fr"),
        lambda sheet, folder: sheet.to_html(lang="fr"),
        lambda sheet, folder: sheet.save(folder / "sheet", key=folder / "key.json", lang="fr"),
        lambda sheet, folder: Study(folder, lang="fr"),
        lambda sheet, folder: reproduce(folder / "out", lang="fr"),
        lambda sheet, folder: exercises("00-setup", lang="fr"),
        lambda sheet, folder: marks_page([], lang="fr"),
        lambda sheet, folder: draw_gallery(folder / "gallery", lang="fr"),
    ],
)
def test_another_language_is_refused_before_anything_is_written(ask, sheet, tmp_path):
    with pytest.raises(ValueError, match="lang must be 'zh' or 'en', not 'fr'"):
        ask(sheet, tmp_path)
    assert not [*tmp_path.iterdir()]
