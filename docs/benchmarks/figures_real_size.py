"""Every plot at the size of real work: contact sheets to look at, and a verdict for each case.

Run: ``python docs/benchmarks/figures_real_size.py FOLDER [--presets nature,cn] [--languages zh]
[--plots trend,slope] [--cases cities] [--reports FOLDER]``. Texts are invented, 138 cities; with
`--reports`, they are the files of a folder, and its columns those of the CSV of the same name
beside it (the stem of a file is its ``city``). FOLDER then holds a sheet for each plot, and
``verdicts.csv``: plot, case, preset, language, and "fine", what `check_figure` found, or why
the plot refused.
"""

import argparse
import csv
import warnings
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit import Corpus, fit_topics, label_topics, segment, tfidf
from toolkit.compare import score_framework
from toolkit.topics import choose_k, report_card

SEED = 2026
LONG = "以人民为中心的基层治理与公共服务共建共治共享机制建设（第{}组）"
LONG_EN = "Grassroots governance and public services, built and shared together (group {})"


def invented(cities=138, passages=8, words=45):
    """Return a corpus of texts that mix the lexicon's terms by theme, a year for each city."""
    rng = np.random.default_rng(SEED)
    home = files("toolkit") / "lexicon"
    with (home / "terms.csv").open(encoding="utf-8") as file:
        terms = pd.DataFrame([*csv.DictReader(file)])
    with (home / "cities.csv").open(encoding="utf-8") as file:
        places = pd.DataFrame([*csv.DictReader(file)])
    first = places.drop_duplicates("province")  # every province has a city
    rest = places.drop(first.index).sample(cities - len(first), random_state=SEED)
    themes = [part["term"].to_numpy() for _, part in terms.groupby("category")]
    leaning = dict(
        zip(places["region"].unique(), rng.dirichlet([0.4] * len(themes), 20), strict=False)
    )
    texts, metadata = {}, {}
    for i, place in enumerate(pd.concat([first, rest]).itertuples()):
        mix = 0.5 * leaning[place.region] + 0.5 * rng.dirichlet([0.3] * len(themes))
        paragraphs = []
        for _ in range(passages):
            theme = themes[rng.choice(len(themes), p=mix)]
            drawn = np.concatenate([rng.choice(theme, words), rng.choice(terms["term"], 10)])
            paragraphs.append("，".join(drawn) + "。")
        texts[place.city] = "\n\n".join(paragraphs)
        metadata[place.city] = {
            "city": place.city,
            "city_en": f"City {i + 1}",
            "province": place.province,
            "region": place.region,
            "tier": place.tier,
            "year": int(rng.choice([2018, 2019, 2020, 2021, 2022], p=[0.02, 0.28, 0.3, 0.2, 0.2])),
            "long": LONG.format(i % 6 + 1),
            "long_en": LONG_EN.format(i % 6 + 1),
            "half": place.region if i % 2 else None,
            "same": "全部",
        }
    return Corpus.from_texts(texts, metadata=metadata)


def reported(folder):
    """Return the corpus of a folder of text files with a CSV beside it."""
    table = pd.read_csv(folder.with_suffix(".csv"), dtype=str).set_index("city")
    texts, metadata = {}, {}
    for i, path in enumerate(sorted(folder.glob("*.txt"))):
        texts[path.stem] = path.read_text("utf-8")
        given = table.loc[path.stem, ["province", "region", "tier"]].to_dict()
        made = {"city": path.stem, "city_en": f"City {i + 1}", "same": "全部"}
        made |= {"year": 2019 + i % 4, "half": given["region"] if i % 2 else None}
        made |= {"long": LONG.format(i % 6 + 1), "long_en": LONG_EN.format(i % 6 + 1)}
        metadata[path.stem] = given | made
    return Corpus.from_texts(texts, metadata=metadata)


class Study:
    """The values that are drawn."""

    def __init__(self, corpus):
        self.corpus = corpus
        passages = corpus.split("paragraph", min_chars=20)
        self.tokens = segment(passages)
        self.matrix = tfidf(self.tokens)
        self.scores = score_framework(passages)
        self.topics = {k: fit_topics(self.matrix, k=k) for k in (2, 8, 20)}
        names = {t: LONG.format(t)[:26] for t in range(1, 9)}
        self.named = label_topics(self.topics[8], names)
        self.named_en = label_topics(self.topics[8], {t: LONG_EN.format(t)[:60] for t in names})
        self.words = [*self.tokens.frequencies.index[:40]]
        units = self.tokens.units.copy()
        self.cities = [*dict.fromkeys(units["city"])]
        self.regions = [*dict.fromkeys(units["region"])]
        self.few_tokens = segment(passages.select(city=self.cities[:4]))

    @cached_property
    def selection(self):
        """What a few numbers of topics are worth."""
        return choose_k(self.matrix, k_range=range(4, 7), runs=2, n_jobs=1)

    @cached_property
    def card(self):
        """The report card of eight topics with names."""
        return report_card(self.named, selection=self.selection, runs=2, n_jobs=1)


def cases(s):
    """Return for each plot its cases: the name, and what draws it in a language."""
    weights = dict(zip(s.words, np.geomspace(1, 1e-4, 40), strict=True))
    many = {f"{w}{i}": float(100 - i / 3) for i in range(5) for w in s.words}
    by = {"few": "region", "provinces": "province", "cities": "city", "missing": "half"}
    by |= {"long": "long", "one": "same"}
    two = s.regions[:2]

    def named(lang):
        return s.named if lang == "zh" else s.named_en

    def each(plot, value, **params):
        return {n: lambda lang, b=b: plot(value, by=b, lang=lang, **params) for n, b in by.items()}

    import toolkit.figures as f

    def topics(plot, **params):
        kept = {f"k{k}": lambda lang, k=k: plot(s.topics[k], lang=lang, **params) for k in s.topics}
        return kept | {"named": lambda lang: plot(named(lang), lang=lang, **params)}

    return {
        "term-weights": {
            f"{n} bars": lambda lang, n=n: f.plot_term_weights(s.matrix, n=n, lang=lang)
            for n in (1, 12, 60)
        }
        | {
            f"by {n}": lambda lang, b=b: f.plot_term_weights(s.matrix, by=b, n=4, lang=lang)
            for n, b in by.items()
            if n != "cities"
        },
        "topic-terms": topics(f.plot_topic_terms, n=6),
        "topic-share": each(f.plot_topic_share, s.topics[8])
        | {
            f"provinces {n}": lambda lang, d=d: d(lang)
            for n, d in topics(f.plot_topic_share, by="province").items()
        }
        | {
            "cities k20": lambda lang: f.plot_topic_share(
                s.topics[20], by="city", order="dendrogram", lang=lang
            )
        }
        | {"regions named": lambda lang: f.plot_topic_share(named(lang), by="region", lang=lang)},
        "topic-map": topics(f.plot_topic_map),
        "similarity": each(f.plot_similarity, s.matrix),
        "similarity-network": each(f.plot_similarity_network, s.matrix),
        "trend": {
            "terms": lambda lang: f.plot_trend(s.tokens, terms=s.words[:3], lang=lang),
            "seven": lambda lang: f.plot_trend(s.tokens, terms=s.words[:7], lang=lang),
            "one year": lambda lang: f.plot_trend(
                s.few_tokens, terms=s.words[:3], by="same", lang=lang
            ),
            "few texts": lambda lang: f.plot_trend(s.few_tokens, terms=s.words[:3], lang=lang),
            "named": lambda lang: f.plot_trend(named(lang), lang=lang),
            "long": lambda lang: f.plot_trend(s.tokens, terms=s.words[:3], by="long", lang=lang),
            "provinces": lambda lang: f.plot_trend(
                s.tokens, terms=s.words[:2], by="province", lang=lang
            ),
        },
        "slope": {
            "terms": lambda lang: f.plot_slope(
                s.tokens, two, by="region", terms=s.words[:5], lang=lang
            ),
            "twenty": lambda lang: f.plot_slope(
                s.tokens, two, by="region", terms=s.words[:20], lang=lang
            ),
            "named": lambda lang: f.plot_slope(named(lang), two, by="region", lang=lang),
            "long": lambda lang: f.plot_slope(
                named(lang), [LONG.format(1), LONG.format(2)], by="long", lang=lang
            ),
        },
        "dimensions": each(f.plot_dimensions, s.scores)
        | {"two": lambda lang: f.plot_dimensions(s.scores, by="region", groups=two, lang=lang)},
        "correspondence": {
            n: d for n, d in each(f.plot_correspondence, s.scores).items() if n != "one"
        },
        "keyness": {
            "region": lambda lang: f.plot_keyness(s.tokens, {"region": two[0]}, lang=lang),
            "sixty": lambda lang: f.plot_keyness(s.tokens, {"region": two[0]}, n=30, lang=lang),
            "city": lambda lang: f.plot_keyness(s.tokens, {"city": s.cities[0]}, lang=lang),
            "long": lambda lang: f.plot_keyness(s.tokens, {"long": LONG.format(1)}, lang=lang),
            "few": lambda lang: f.plot_keyness(
                s.few_tokens, {"city": s.cities[0]}, min_count=1, lang=lang
            ),
        },
        "dispersion": {
            "few": lambda lang: f.plot_dispersion(s.few_tokens, s.words[:2], lang=lang),
            "cities": lambda lang: f.plot_dispersion(s.tokens, s.words[:3], lang=lang),
            "seven": lambda lang: f.plot_dispersion(s.few_tokens, s.words[:7], lang=lang),
        },
        "wordcloud": {
            "matrix": lambda lang: f.plot_wordcloud(s.matrix, lang=lang),
            "two": lambda lang: f.plot_wordcloud({"网格": 2.0, "接诉即办": 1.0}, lang=lang),
            "extreme": lambda lang: f.plot_wordcloud(weights, lang=lang),
            "two hundred": lambda lang: f.plot_wordcloud(many, n=200, lang=lang),
        },
        "comparison-cloud": {
            f"{n} groups": lambda lang, n=n: f.plot_comparison_cloud(
                s.tokens, s.regions[:n], by="region", lang=lang
            )
            for n in (2, 3, 4)
        },
        "cooccurrence": {
            f"{n} words": lambda lang, n=n: f.plot_cooccurrence(s.tokens, n=n, lang=lang)
            for n in (10, 30, 60)
        },
        "k-selection": {"three": lambda lang: f.plot_k_selection(s.selection, lang=lang)},
        "report-card": {"named": lambda lang: f.plot_report_card(s.card, lang=lang)},
    }


def verdict(draw, lang, preset, path):
    """Draw one figure, keep its picture, and return what is said of it."""
    import matplotlib.pyplot as plt

    from toolkit.figures import check_figure, figure_style
    from toolkit.figures.press.drawn import figure_of

    try:
        with warnings.catch_warnings(action="ignore"), figure_style(preset):
            figure = figure_of(draw(lang))
    except (ValueError, IndexError, KeyError, TypeError) as error:
        return f"refused: {error}"
    finally:
        left = plt.get_fignums()
        for number in left[:-1]:
            plt.close(number)
    figure.savefig(path, dpi=130)
    table = check_figure(figure, preset)
    plt.close("all")
    bad = table[table["result"] == "FAIL"]
    return "; ".join(f"{c}: {f}" for c, f in zip(bad["check"], bad["found"], strict=True)) or "fine"


def sheet(pictures, target, width=2400):
    """Put pictures side by side, each under its name, on a sheet."""
    from PIL import Image, ImageDraw

    rows, line, used = [], [], 0
    for name, path in pictures:
        image = Image.open(path).convert("RGB")
        if line and used + image.width > width:
            rows.append(line)
            line, used = [], 0
        line.append((name, image))
        used += image.width + 20
    rows += [line] if line else []
    heights = [max(image.height for _, image in row) + 40 for row in rows]
    page = Image.new("RGB", (width, sum(heights)), "#e8e8e8")
    pen, top = ImageDraw.Draw(page), 0
    for row, height in zip(rows, heights, strict=True):
        left = 0
        for name, image in row:
            pen.text((left + 4, top + 10), name, fill="black")
            page.paste(image, (left, top + 30))
            left += image.width + 20
        top += height
    page.save(target)


def main():
    """Draw, judge, and write sheets and table."""
    import matplotlib as mpl

    mpl.use("Agg")
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--presets", default="nature,cn,slides")
    asked.add_argument("--languages", default="zh,en")
    asked.add_argument("--plots", default="")
    asked.add_argument("--cases", default="")
    asked.add_argument("--reports", type=Path)
    given = asked.parse_args()
    pictures = given.folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    study = Study(reported(given.reports) if given.reports else invented())
    rows = []
    for plot, its in cases(study).items():
        if given.plots and plot not in given.plots.split(","):
            continue
        drawn = []
        for case, draw in its.items():
            if given.cases and case not in given.cases.split(","):
                continue
            for preset in given.presets.split(","):
                for lang in given.languages.split(","):
                    path = pictures / f"{plot}-{case}-{preset}-{lang}.png".replace(" ", "_")
                    said = verdict(draw, lang, preset, path)
                    rows.append((plot, case, preset, lang, said))
                    if path.exists() and not said.startswith("refused"):
                        drawn.append((f"{plot} {case} {preset} {lang}: {said[:60]}", path))
                    if said != "fine":
                        print(*rows[-1], sep=" | ", flush=True)
        if drawn:
            sheet(drawn, given.folder / f"{plot}.png")
    table = pd.DataFrame(rows, columns=["plot", "case", "preset", "lang", "verdict"])
    table.to_csv(given.folder / "verdicts.csv", index=False)
    kinds = table["verdict"].str.partition(":")[0]
    print(f"{len(table)} figures: {kinds.value_counts().to_dict()}")


if __name__ == "__main__":
    main()
