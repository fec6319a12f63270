import sys

import pytest
from typer.testing import CliRunner

from toolkit import doctor
from toolkit.cli import app


def test_all_is_well_here():
    found = {check.name: check for check in doctor.checks()}
    assert all(check.ok for check in found.values())
    assert found["segmentation"].found == "深化/接诉即办/改革"
    assert "41 documents" in found["sample corpus"].found
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


def test_what_is_broken_is_named_with_its_mend(monkeypatch):
    def broken():
        raise OSError("no dictionary")

    monkeypatch.setattr(doctor, "_segmentation", broken)
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 1
    assert "FAIL  segmentation: OSError: no dictionary" in shown.output
    mend = f"{sys.executable} -m pip install --force-reinstall city-governance-toolkit jieba"
    assert mend in shown.output
    assert shown.output.rstrip().endswith("1 problem")


@pytest.mark.parametrize("version", ["0.1", "99.0"])
def test_outdated_libraries(monkeypatch, version):
    real = doctor.metadata.version
    monkeypatch.setattr(
        doctor.metadata, "version", lambda name: version if name == "matplotlib" else real(name)
    )
    found = {check.name: check.found for check in doctor._outdated()}
    (asked,) = (
        need
        for need in doctor.metadata.requires("city-governance-toolkit")
        if need.startswith("matplotlib")
    )
    told = f"0.1, but {asked.removeprefix('matplotlib')} is needed"
    assert found == ({"matplotlib": told} if version == "0.1" else {})


def test_what_is_optional_is_no_fault(monkeypatch):
    real = doctor.metadata.version

    def version(name):
        if name == "tomotopy":
            raise doctor.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor.metadata, "version", version)
    found = {check.name.split()[1]: check for check in doctor._optional()}
    assert [*found] == ["ingest", "word", "lda", "fast", "dask"]
    assert found["lda"].found == "not installed: tomotopy"
    mend = f'{sys.executable} -m pip install "city-governance-toolkit[lda]"'
    assert found["lda"].mend == mend
    assert (found["ingest"].found, found["ingest"].mend) == ("installed", "")
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 0
    assert "ok    optional: lda (LDA by Gibbs sampling): not installed: tomotopy" in shown.output
