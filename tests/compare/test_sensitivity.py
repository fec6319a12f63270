from dataclasses import replace

import pytest

from toolkit import sensitivity

FORMULA = "\n\n坚持党建引领基层治理，统筹推进高质量发展，切实增强人民群众获得感幸福感安全感。"


@pytest.mark.exhaustive
def test_each_decision_is_changed_and_judged(sample):
    half = sample.units.index[::2]
    units = sample.units.copy()
    units.loc[half, "text"] = [text + 2 * FORMULA for text in units.loc[half, "text"]]
    table = sensitivity(replace(sample, units=units), k=4, unit="section", n_jobs=1)
    assert table["change"].unique().tolist() == [
        "lexicon off",
        "HMM off",
        "stop list off",
        "page residue kept",
        "formulas out",
        "unit: paragraph",
        "unit: sentence",
    ]
    by_change = table.groupby("change")["agreement"].mean()
    assert by_change["page residue kept"] > by_change["lexicon off"]
    formulas = table[table["change"] == "formulas out"]
    assert formulas["lost"].str.contains("幸福感|获得感|党建").any(), "they made up a topic"
    assert formulas["agreement"].min() < formulas["agreement"].max()
    assert table["survives"].any()
    assert not table["survives"].all()
    judged = table["agreement"] >= table["least"]
    assert not (table["survives"] & ~judged).any()
    # A topic that is no more than chance does not survive, however little changes.
    kept = table[table["change"] == "page residue kept"]
    assert (kept["agreement"].ge(kept["least"]) & ~kept["survives"].astype(bool)).any()


def test_whole_texts_are_wanted(sample):
    with pytest.raises(ValueError, match="give the whole texts"):
        sensitivity(sample.split("section"), k=4, unit="section")
