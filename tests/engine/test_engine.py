"""Whatever cuts, the tokens are jieba's."""

import importlib.util
import pickle
import random
import re
import subprocess
import sys
import warnings

import jieba
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from toolkit import Corpus, Segmenter, segment, tfidf
from toolkit.engine import (
    JiebaEngine,
    NumberingEngine,
    compiled,
    dictionary,
    make_engine,
    rust,
)
from toolkit.engine import reference as ours
from toolkit.matrix import count_terms

# Terms that overlap words and each other, with marks, latin letters, digits and rare characters.
WORDS = ("城市管", "一件事", "接诉即办", "人工智能+", "U.S.", "12345热线", "京", "A", "㐀城", "5G+")

# Seeds are fixed: among strings of few characters one in ten thousand is a known difference.
SHARED = {"derandomize": True, "suppress_health_check": [HealthCheck.differing_executors]}


def recombined(texts, size, seed=0):
    """Return sentences of `size` bytes in all, made of the parts of others."""
    parts = [part for text in texts for part in re.split(r"(?<=[，。；：、\n])", text) if part]
    halves = [(part[: len(part) // 2], part[len(part) // 2 :]) for part in parts]
    choice = random.Random(seed)
    lines = []
    while size > 0:
        lines.append("".join(choice.choice(halves)[i % 2] for i in range(choice.randint(2, 12))))
        size -= len(lines[-1].encode())
    return lines


@pytest.fixture(scope="module")
def reference():
    """Return jieba as it is installed, without help of ours, knowing WORDS or no more words."""
    made = {}
    for words in ((), WORDS):
        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
        suggested = {word: max(tokenizer.suggest_freq(word), 50) for word in words}
        for word, frequency in suggested.items():
            tokenizer.add_word(word, frequency)
        made[words] = tokenizer
    return made


def differing(reference, texts, words, hmm):
    """Return what an engine cuts otherwise than jieba, with the name of the engine."""
    expected = {text: reference[words].lcut(text, HMM=hmm) for text in texts}
    return [
        (name, text)
        for name in ("rjieba", "numba")
        for text in texts
        if make_engine(name, words)(text, hmm=hmm) != expected[text]
    ]


@pytest.mark.parametrize("words", [(), WORDS], ids=["jieba's words", "words added"])
@pytest.mark.parametrize("hmm", [True, False])
class TestTheTokensAreThoseOfJieba:
    def test_in_sentences_of_other_parts(self, reference, sections, words, hmm):
        """All of a newspaper's month is compared by `docs.benchmarks.segment_engine`."""
        lines = recombined(sections.units["text"], 600_000, seed=1)
        assert differing(reference, lines, words, hmm) == []

    def test_in_the_sample_corpus(self, reference, sample, words, hmm):
        assert differing(reference, sample.units["text"], words, hmm) == []

    def test_in_what_the_corpus_makes(self, reference, sections, words, hmm):
        lines = recombined(sections.units["text"], 150_000)
        assert differing(reference, lines, words, hmm) == []

    @settings(max_examples=400, **SHARED)
    @given(st.text(alphabet="aB1290+#&._%-城市的接诉", max_size=30))
    @example("12-5")
    @example("a_b1.2.3A%.")
    @example("龘靐%齉爩")
    @example("城市%城")
    @example("5G+工")
    @example("城城城城接")
    def test_where_rjieba_is_not_jieba(self, reference, words, hmm, text):
        assert differing(reference, [text], words, hmm) == []

    @settings(max_examples=300, **SHARED)
    @given(
        st.text(alphabet="结婚和尚未接诉一件事由\ud800㐀龦𠀀\ue000é１\0\r\n\u3000龘5-", max_size=30)
    )
    @example("\r\n㐀\r\n")
    def test_at_rare_characters(self, reference, words, hmm, text):
        assert differing(reference, [text], words, hmm) == []

    @settings(max_examples=100, **SHARED)
    @given(st.text(st.characters(codec=None), max_size=40))
    def test_in_any_text(self, reference, words, hmm, text):
        assert differing(reference, [text], words, hmm) == []


@pytest.mark.parametrize("name", ["rjieba", "numba"])
def test_one_mark_does_not_make_a_long_line_slow(name):
    """jieba's own guessing takes the square of the time for this: a minute and more."""
    line = "龘靐齉爩" * 25_000
    engine = make_engine(name, ())
    assert "".join(engine(f"{line}3-5{line}", hmm=True)) == f"{line}3-5{line}"
    many = "城1-2㐀" * 20_000
    assert engine(many, hmm=True) == ["城", "1", "-", "2", "㐀"] * 20_000


def test_a_character_many_times_over(reference):
    repeated = [c * n for c in "締弃斤点债凉慎啊哈呵城龘" for n in range(1, 12)]
    texts = [a + text + b for text in repeated for a in ("", "殛", "人") for b in ("", "洀", "了")]
    assert differing(reference, texts, (), True) == []
    many = "哈" * 301
    assert rust._guessed_in_full(many) == [*jieba.finalseg.cut(many)]


def test_the_dictionary_is_that_of_jieba(reference):
    known = dictionary()
    assert known.total == reference[()].total
    assert {w: f for w, f in reference[()].FREQ.items() if f} == known.frequencies
    assert JiebaEngine(()).tokenizer.FREQ == reference[()].FREQ


def test_the_trial_is_what_jieba_does(reference):
    for hmm, sentences in ours._TRIAL.items():
        for sentence in sentences:
            assert reference[()].lcut("".join(sentence.split("|")), HMM=hmm) == sentence.split("|")


class TestFallingBack:
    @pytest.fixture(autouse=True)
    def anew(self):
        make_engine.cache_clear()
        yield
        make_engine.cache_clear()

    @pytest.fixture
    def only(self, monkeypatch):
        """Let the engines that are named be installed, and no other."""

        def only(*names):
            monkeypatch.setattr(importlib.util, "find_spec", lambda name: name in names)
            if "numba" not in names:
                monkeypatch.setitem(sys.modules, "toolkit.engine.compiled", None)

        return only

    @pytest.fixture
    def without_numba(self, only):
        only("rjieba")

    def falls_back(self, expected):
        with pytest.warns(RuntimeWarning, match=expected):
            assert isinstance(make_engine("auto", ("首善",)), JiebaEngine)
        with warnings.catch_warnings():  # told once
            warnings.simplefilter("error")
            assert make_engine("auto", ("首善",))("以首善", hmm=True) == ["以", "首善"]

    @pytest.mark.usefixtures("without_numba")
    def test_without_numba_nothing_is_said(self):
        assert type(make_engine("auto", ())).__name__ == "RjiebaEngine"
        with pytest.raises(ImportError, match=r"numba cannot be used .*\[fast\]"):
            make_engine("numba", ())

    def test_without_both_nothing_is_said_either(self, only):
        """There are systems for which rjieba has no wheel."""
        only()
        assert isinstance(make_engine("auto", ()), JiebaEngine)

    def test_where_numba_does_not_work(self, monkeypatch):
        def broken():
            raise OSError("no such library")

        monkeypatch.setattr(compiled, "_known", broken)
        with pytest.warns(RuntimeWarning, match="no such library.*using rjieba, which is slower"):
            assert type(make_engine("auto", ())).__name__ == "RjiebaEngine"

    def test_where_numba_cuts_otherwise(self, monkeypatch):
        monkeypatch.setitem(ours._TRIAL, True, ("城|市",))
        with pytest.warns(RuntimeWarning) as told:
            assert isinstance(make_engine("auto", ()), JiebaEngine)
        assert [str(w.message).rpartition("; ")[2] for w in told] == [
            "using rjieba, which is slower",
            "using jieba, which is slower",
        ]

    @pytest.mark.usefixtures("without_numba")
    def test_where_rjieba_is_missing(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "rjieba", None)
        self.falls_back("rjieba cannot be imported .*using jieba, which is slower")
        with pytest.raises(ImportError, match="pip install rjieba=="):
            make_engine("rjieba", ())

    @pytest.mark.usefixtures("without_numba")
    def test_where_it_cuts_otherwise(self, monkeypatch):
        monkeypatch.setitem(ours._TRIAL, True, ("城|市",))
        self.falls_back("rjieba cuts 城市 where jieba cuts 城/市")
        with pytest.raises(RuntimeError, match="pip install rjieba=="):
            make_engine("rjieba", ())

    @pytest.mark.usefixtures("without_numba")
    def test_where_jieba_has_another_dictionary(self, monkeypatch):
        monkeypatch.setattr(rust, "_DICTIONARY", "another")
        self.falls_back("dictionary is not the one")

    def test_nothing_is_said_where_it_is_as_it_should_be(self):
        assert isinstance(make_engine("auto", ()), NumberingEngine)
        assert isinstance(make_engine("jieba", ()), JiebaEngine)


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"hmm": False, "min_length": 1},
        {"lexicon": ["governance", ("城市", "更新"), "“十四五”规划", "\U00020000城"]},
    ],
)
def test_the_engine_does_not_show_in_a_result(sections, setting):
    texts = dict(zip("abcd", recombined(sections.units["text"], 100_000), strict=False))
    texts |= {"stops": "，。的", "odd": "“十四五”规划推进城市更新\r\n𠀀城😀市"}
    corpora = [sections.select(city="北京"), Corpus.from_texts(texts)]
    pure, *quick = (Segmenter(engine=name, **setting) for name in ("jieba", "rjieba", "numba"))
    assert isinstance(pure._engine, JiebaEngine)
    assert [isinstance(one._engine, NumberingEngine) for one in quick] == [False, True]
    for corpus in corpora:
        expected = segment(corpus, pure)
        for segmenter in quick:
            found = segment(corpus, segmenter)
            assert found.fingerprint == expected.fingerprint
            assert (found.spans == expected.spans).all()
            assert found.recipe.fingerprint == expected.recipe.fingerprint
            assert tfidf(found, min_df=1).fingerprint == tfidf(expected, min_df=1).fingerprint
            assert segmenter == pure == Segmenter(**setting)
    with pytest.raises(ValueError, match="'auto', 'jieba', 'rjieba' or 'numba', not 'rust'"):
        Segmenter(engine="rust")


def test_segmenters_of_one_lexicon_share_an_engine():
    one, other = Segmenter(), Segmenter(hmm=False, stopwords=None)
    assert one._engine is other._engine
    assert Segmenter(lexicon=None)._engine is not one._engine


def test_a_segmenter_in_use_travels_to_another_process():
    segmenter = Segmenter(min_length=1)
    words = segmenter("坚持精治共治法治")
    copy = pickle.loads(pickle.dumps(segmenter))
    assert copy == segmenter
    assert copy("坚持精治共治法治") == words


class TestCountTerms:
    @pytest.mark.parametrize("engine", ["rjieba", "numba"])
    def test_counts_are_those_of_the_tokens(self, sections, engine):
        lexicon, synonyms = ["governance", ("城市", "更新")], {"居民": "市民"}
        segmenter = Segmenter(lexicon=lexicon, synonyms=synonyms, engine=engine)
        tokens = segment(sections, segmenter)
        terms, counts = count_terms(iter(sections.units["text"]), segmenter)
        matrix = tfidf(tokens, min_df=1)
        assert terms.tolist() == matrix.terms.tolist()
        assert (counts != matrix.counts).nnz == 0
        assert counts.has_canonical_format
        assert counts.sum() == len(tokens.codes)

    def test_the_order_of_terms_is_not_that_of_the_texts(self, sections):
        texts = [*sections.units["text"][:40]]
        terms, counts = count_terms(texts)
        backwards, reversed_counts = count_terms(texts[::-1])
        assert terms.tolist() == backwards.tolist() == sorted(terms)
        assert (counts[::-1] != reversed_counts).nnz == 0

    @pytest.mark.parametrize("texts", [[], [""], ["，。", "12"]])
    def test_texts_without_words(self, texts):
        terms, counts = count_terms(texts)
        assert (len(terms), counts.shape) == (0, (len(texts), 0))


def loaded(code, *, also=()):
    """Return which of the heavy libraries are loaded after some code in a new process."""
    heavy = ("sklearn", "matplotlib", "jieba", "rjieba", "numba", "IPython", *also)
    code += f"\nimport sys; print(*[name for name in {heavy!r} if sys.modules.get(name)])"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()[-1].split()


def test_nothing_loads_before_it_is_needed():
    assert loaded("import toolkit", also=["numpy", "pandas"]) == []
    code = "from toolkit.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass"
    assert loaded(code, also=["numpy", "pandas"]) == []
    code = "from toolkit import *\ntfidf(segment(clean(Corpus.sample()).corpus.split('section')))"
    assert loaded(code) == ["numba"]
    assert loaded(f"import sys; sys.modules['numba'] = None\n{code}") == ["rjieba"]
