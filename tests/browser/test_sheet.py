"""The form of a blind sheet, filled in as a coder does."""

from toolkit import fit_topics, intrusion_test, score_intrusion


def test_a_sheet_can_be_filled_in_on_the_screen(matrix, tmp_path, chromium):
    sheet = intrusion_test(fit_topics(matrix, k=4))
    folder = sheet.save(tmp_path / "coders", key=tmp_path / "key.json", lang="en")
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto((folder / "sheet.html").as_uri())
    page.fill("[name=coder]", "王/一")
    for question, answer in zip(sheet.key["question"][1:], sheet.key["answer"][1:], strict=True):
        page.check(f"[name='{question}'][value={answer}]")
    with page.expect_download() as download:
        page.click("button")
    assert download.value.suggested_filename == f"王一-{sheet.number}.csv"
    assert page.inner_text("output") == "Saved; not answered yet: 1"
    download.value.save_as(tmp_path / "a.csv")
    score = score_intrusion({"A": tmp_path / "a.csv"}, sheet)
    assert score.summary["answers"] == len(sheet.questions) - 1
    assert score.summary["accuracy"] == 1
    page.emulate_media(media="print")
    assert not page.is_visible("button"), "paper has no buttons"
    assert not errors
    page.close()
