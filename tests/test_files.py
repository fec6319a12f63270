import errno
import os
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.files import (
    TableError,
    begun,
    csv_text,
    guarded,
    parse_csv,
    read_csv,
    read_json,
    read_text,
    rounded,
    unguarded,
    whole_file,
    whole_folder,
    write_csv,
    write_text,
)
from toolkit.metadata import CorpusError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
CELLS = TEXTS.map(str.strip) | TEXTS.map(lambda t: f"{'=+-@＠'[len(t) % 5]}{t}".strip())


@given(CELLS)
def test_a_guard_is_taken_off_again(cell):
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in "=@\t\r\n" or not cell


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_tables_come_back_as_they_were(rows):
    rows = [[f"x{row[0]}", *row[1:]] for row in rows]
    head = [f"{name}{i}" for i, name in enumerate(["@a", "=b", "丙"])]
    text = csv_text(pd.DataFrame(rows, columns=head), bom=True)
    assert parse_csv(text.removeprefix("\ufeff"))[0] == head
    assert [cells for _, cells in parse_csv(text.removeprefix("\ufeff"))[1]] == rows


@pytest.mark.parametrize("formula", ["=1", "-2+3+cmd|' /C calc'!A0", "+1-1", "@SUM(A1)", "＝1"])
def test_no_formula_reaches_a_spreadsheet(formula, tmp_path):
    write_csv(pd.DataFrame({formula: [formula]}), tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
    assert all(line.strip('"').startswith("'") for line in lines)
    assert read_csv(tmp_path / "t.csv").to_dict("list") == {formula: [formula]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_tables_are_read_as_spreadsheets_save_them(encoding, tmp_path):
    (tmp_path / "t.csv").write_text("城市,年\n北京,2023\n", encoding=encoding)
    table = read_csv(tmp_path / "t.csv", required=["城市"])
    assert table.to_dict("list") == {"城市": ["北京"], "年": ["2023"]}
    assert table.index.tolist() == [2]


def test_what_is_no_text_is_named(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xff\xff\x00")
    with pytest.raises(TableError, match=r"t\.csv is not UTF-8 \(byte 0\), nor GBK"):
        read_text(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n1,2,3\n", "line 2: 2 columns expected, 3 found"),
        ("a,b\n1\n", "line 2: 2 columns expected, 1 found"),
        ('a,b\n"1,2\n3,4\n', "line 2: unexpected end of data; a double quote that opens"),
        ("a,a\n1,2\n", "line 1: column 'a' stands twice"),
        ("b\n1\n", "line 1: no column a; found b"),
        ("", "is empty"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(text, problem, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(TableError, match=problem):
        read_csv(tmp_path / "t.csv", required=["a"])


def test_numbers_have_the_digits_that_are_promised():
    noise = 1 + 3e-16 * np.arange(-3, 4)
    table = pd.DataFrame({"x": noise / 3, "y": noise * 12345.678, "n": range(7)})
    assert len(rounded(table).drop_duplicates(["x", "y"])) == 1
    signs = pd.DataFrame({"x": [1.0, -0.5, 3e-17], "p": [1.0, 0.5, 3e-17]})
    assert rounded(signs)["x"].tolist() == [1.0, -0.5, 0.0]
    assert rounded(signs)["p"].tolist() == [1.0, 0.5, 3e-17]
    kept = pd.DataFrame({"x": [123456789012.0, np.nan, np.inf], "s": ["1.123456789", "", "a"]})
    pd.testing.assert_frame_equal(rounded(kept), kept)
    missing = pd.DataFrame({"x": pd.array([1 / 3, None], dtype="Float64")})
    assert rounded(missing)["x"].tolist() == [0.33333333, pd.NA]


def test_half_a_character_is_told_with_its_cell(tmp_path):
    table = pd.DataFrame({"title": ["城市", "治\ud83d"]}, dtype=object)
    with pytest.raises(ValueError, match="row 1, column 'title' holds half a character"):
        write_csv(table, tmp_path / "t.csv")
    with pytest.raises(ValueError, match=r"row of heads, column .* holds half a character"):
        write_csv(
            pd.DataFrame([[1]], columns=pd.Index(["\ud83d"], dtype=object)), tmp_path / "t.csv"
        )
    with pytest.raises(ValueError, match=r"t\.txt holds half a character"):
        write_text(tmp_path / "t.txt", "治\ud83d")
    assert not any(tmp_path.iterdir())


def test_json_without_end_is_told_with_its_name(tmp_path):
    (tmp_path / "a.json").write_text("[" * 100_000)
    with pytest.raises(ValueError, match=r"a\.json is not JSON"):
        read_json(tmp_path / "a.json")


def test_a_file_is_whole_or_as_it_was(tmp_path):
    path = tmp_path / "a" / "t.txt"
    write_text(path, "甲")
    with pytest.raises(RuntimeError), whole_file(path) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert path.read_text("utf-8") == "甲"
    assert [p.name for p in path.parent.iterdir()] == ["t.txt"]


@pytest.mark.parametrize("kind", [TableError, CorpusError])
def test_problems_travel_from_another_process(kind):
    found = kind(["line 1: no id", "line 2: no file"])
    again = pickle.loads(pickle.dumps(found))
    assert (again.problems, str(again)) == (found.problems, str(found))
    assert "no id\n" in str(found)


def test_rights_are_those_of_the_umask(tmp_path):
    old = os.umask(0o002)
    try:
        write_text(tmp_path / "t.txt", "甲")
        with whole_folder(tmp_path / "f") as aside:
            (aside / "x").touch()
    finally:
        os.umask(old)
    if os.name == "posix":
        assert (tmp_path / "t.txt").stat().st_mode & 0o777 == 0o664
        assert (tmp_path / "f").stat().st_mode & 0o777 == 0o775


def test_a_full_disk_is_told_with_path_and_mend(tmp_path):
    with (
        pytest.raises(OSError, match=r"free some space there.*t\.txt") as told,
        whole_file(tmp_path / "t.txt") as aside,
    ):
        aside.touch()
        raise OSError(errno.ENOSPC, "No space left on device")
    assert told.value.errno == errno.ENOSPC
    assert not any(tmp_path.iterdir())


def test_a_folder_takes_its_place_whole(tmp_path):
    place = tmp_path / "f"
    with whole_folder(place) as aside:
        (aside / "a").write_text("1")
    with pytest.raises(FileExistsError, match="exists and is not empty"), whole_folder(place):
        pass
    with pytest.raises(RuntimeError), whole_folder(place, replace=True) as aside:
        assert begun(place) == {aside}
        raise RuntimeError
    assert (place / "a").read_text() == "1"
    (place / ".ipynb_checkpoints").mkdir()
    with whole_folder(place, replace=True) as aside:
        (aside / "b").write_text("2")
    assert [p.name for p in place.iterdir()] == ["b"]
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_a_folder_that_was_killed_between_its_renames_comes_back(tmp_path):
    (tmp_path / ".f-0a1b2c3d.old").mkdir()
    (tmp_path / ".f-0a1b2c3d.old" / "a").write_text("1")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "f", replace=True):
        raise RuntimeError
    assert (tmp_path / "f" / "a").read_text() == "1"
