"""One job in a process of its own, for `python -m docs.benchmarks`: prints its seconds.

python -m docs.benchmarks.scale_jobs JOB TOOL FOLDER [NUMBER]
"""

import importlib
import json
import shutil
import sys
import tempfile
import time
import warnings
from contextlib import nullcontext
from pathlib import Path

from docs.benchmarks.scale_texts import read

WARM_UP = "小明硕士毕业于中国科学院计算所"


def counts(tool, folder, _):
    """Raw text to counts; the dictionary is loaded and the text in memory before."""
    texts = read(folder)
    if tool.startswith("toolkit"):
        from toolkit import Segmenter
        from toolkit.matrix import count_terms

        segmenter = Segmenter(engine=tool.partition(", ")[2] or "auto")
        segmenter(WARM_UP)
        yield
        found = count_terms(texts, segmenter)[1]
    elif tool == "cntext":
        import cntext

        cntext.word_count(WARM_UP)
        yield
        found = [cntext.word_count(text) for text in texts]
    else:
        from sklearn.feature_extraction.text import CountVectorizer

        jieba = __import__(tool)
        jieba.lcut(WARM_UP)
        yield
        found = CountVectorizer().fit_transform(" ".join(jieba.lcut(text)) for text in texts)
    yield {"stored": int(getattr(found, "nnz", 0))}


def topics(tool, folder, k):
    """Files to topics: everything but imports."""
    if tool.startswith("toolkit"):
        from toolkit import Corpus, count_shards, fit_topics, segment, tfidf

        importlib.import_module("toolkit.engine.compiled")  # an import too: it is what "auto" takes
        yield
        if tool == "toolkit, shards":
            with tempfile.TemporaryDirectory() as out:
                found = fit_topics(count_shards([folder], out, n_jobs=1).tfidf(), k=k)
        else:
            texts = {f"d{i}": text for i, text in enumerate(read(folder))}
            found = fit_topics(tfidf(segment(Corpus.from_texts(texts))), k=k)
        yield {"top": found.top_terms(5)["term"].tolist()[:10], "error": found.error}
    elif tool == "jieba":
        import jieba
        from sklearn.decomposition import NMF
        from sklearn.feature_extraction.text import TfidfVectorizer

        yield
        vectorizer = TfidfVectorizer()
        weights = vectorizer.fit_transform(" ".join(jieba.lcut(t)) for t in read(folder))
        model = NMF(k, random_state=0)
        model.fit(weights)
        names = vectorizer.get_feature_names_out()
        top = [names[i] for part in model.components_[:2] for i in part.argsort()[:-6:-1]]
        yield {"top": top}
    elif tool == "gensim":
        import jieba
        from gensim.corpora import Dictionary
        from gensim.models import Nmf, TfidfModel

        yield
        words = [jieba.lcut(text) for text in read(folder)]
        dictionary = Dictionary(words)
        dictionary.filter_extremes(no_below=2, no_above=0.5)
        bags = [dictionary.doc2bow(text) for text in words]
        model = Nmf(TfidfModel(bags)[bags], num_topics=k, id2word=dictionary, random_state=0)
        yield {"top": [word for word, _ in model.show_topic(0, 10)]}
    else:
        from qhchina.analytics.topicmodels import LDAGibbsSampler
        from qhchina.preprocessing.segmentation import create_segmenter

        yield
        segmenter = create_segmenter(backend="jieba")
        words = [segmenter.segment(text) for text in read(folder)]
        model = LDAGibbsSampler(
            n_topics=k, random_state=0, min_word_count=2, min_word_length=2, iterations=100
        )
        model.fit(words)
        yield {"top": [word for word, _ in model.get_topics(n_words=10)[0]]}


def solver(tool, folder, k):
    """Factorise the weights of the texts."""
    from toolkit import tfidf
    from toolkit.topics.factorise import residual
    from toolkit.topics.hals import hals

    weights = tfidf(_segmented(folder)).weights
    if tool == "scikit-learn":
        from sklearn.decomposition import NMF

        yield
        model = NMF(k, init="nndsvd", random_state=0, max_iter=1000)
        loadings, parts = model.fit_transform(weights), model.components_
    else:
        yield
        loadings, parts = hals(weights, k, seed=0, tol=1e-5)
    yield {"error": residual(weights, loadings, parts)}


def workers(tool, folder, n):
    """Count shards, when the processes are up and have their dictionary."""
    import joblib

    from toolkit import count_shards

    if tool == "dask":
        import distributed

        cluster = distributed.LocalCluster(
            n_workers=n, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )
        client = distributed.Client(cluster)
    with (
        tempfile.TemporaryDirectory() as out,
        joblib.parallel_config(backend="dask") if tool == "dask" else nullcontext(),
    ):
        for i in range(4 * n):
            Path(out, f"{i}.jsonl").write_text(json.dumps({"text": WARM_UP}), encoding="utf-8")
        warm = [Path(out, f"{i}.jsonl") for i in range(4 * n)]
        count_shards(warm, Path(out, "warm"), n_jobs=n)
        yield
        found = count_shards(folder, Path(out, "counts"), n_jobs=n)
    if tool == "dask":
        client.close()
        cluster.close()
    yield {"units": len(found)}


def memory(tool, folder, k):
    """Count shards on two processes and fit topics, all of it on disk."""
    from toolkit import count_shards, fit_topics

    out = Path(folder).parent / f"{Path(folder).name}-counts"
    shutil.rmtree(out, ignore_errors=True)
    yield
    found = count_shards(folder, out, n_jobs=2)
    counted = time.perf_counter()
    fitted = fit_topics(found.tfidf(), k=k)
    yield {"fit": time.perf_counter() - counted, "units": len(found), "error": fitted.error}
    shutil.rmtree(out)


def _segmented(folder):
    from toolkit import Corpus, segment

    return segment(Corpus.from_texts({f"d{i}": t for i, t in enumerate(read(folder))}))


JOBS = {job.__name__: job for job in (counts, topics, solver, workers, memory)}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    name, tool, folder, *rest = sys.argv[1:]
    job = JOBS[name](tool, folder, int(rest[0]) if rest else 0)
    next(job)
    start, before = time.perf_counter(), time.process_time()
    found = next(job)
    seconds = {"work": time.perf_counter() - start, "work_cpu": time.process_time() - before}
    print(json.dumps(seconds | found, ensure_ascii=False))
    next(job, None)
