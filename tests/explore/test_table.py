"""The table: what goes to the browser."""

import json

import pandas as pd
import pytest

from toolkit.explore import table
from toolkit.explore.labels import Labels
from toolkit.explore.table import TableWidget


def test_no_chance_is_shown_as_nought():
    data = pd.DataFrame({"q": [0.0, 0.0004, 0.001, 1.0, float("nan")], "dp": [0.0] * 5})
    cells = TableWidget(Labels("application", "en"))._safe(data)
    assert cells.iloc[:, 0].tolist() == [" < 0.001", " < 0.001", "0.001", "1.000", ""]
    assert cells.iloc[:, 1].tolist() == ["0.000"] * 5


def test_a_table_shows_all_rows_as_text_whatever_the_user_has_set_for_others(monkeypatch):
    monkeypatch.setattr("itables.options.allow_html", True)
    monkeypatch.setattr("itables.options.maxBytes", 1000)
    shown = TableWidget({})
    shown.show(pd.DataFrame({"term": ["<img src=x onerror=alert(1)>"] * 3000}))
    sent = json.dumps(shown._table._dt_args)
    assert "<img" not in sent
    assert sent.count("&lt;img") == 3000
    assert "downsampl" not in sent


def test_choosing_no_row_lets_go_of_no_row():
    script = TableWidget({})._table._esm
    assert "this.dt.rows({selected:true}).deselect()" in script
    assert ".rows().deselect()" not in script


def test_a_table_whose_script_is_another_is_refused(monkeypatch):
    monkeypatch.setattr("itables.widget.ITable._esm", "another")
    table._table_widget.cache_clear()
    with pytest.raises(RuntimeError, match=r"no place where rows are let go"):
        TableWidget({})
    table._table_widget.cache_clear()
