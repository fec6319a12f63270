"""Write the address of the project wherever it must stand: ``python docs/address.py``.

`address.toml` beside this file holds it, once. What lies between two marks ``address: begin`` and
``address: end`` is written anew each time, and `codemeta.json` whole; a test holds that the two
agree with what stands in the repository.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MARKED = r"(?m)^(?P<begin>.*\baddress: begin.*\n)(?s:.*?)(?P<end>^.*\baddress: end)"


def places(address: dict[str, Any]) -> dict[str, str]:
    """Return what stands between the marks, by file."""
    at, contact = address["repository"].rstrip("/"), address["contact"]
    name = at.removeprefix("https://github.com/")
    github = at and name != at
    people = [
        f"  - family-names: {person['family']}\n    given-names: {person['given']}\n"
        + (f"    orcid: https://orcid.org/{person['orcid']}\n" if person.get("orcid") else "")
        for person in address["people"]
    ]
    urls = f'[project.urls]\nRepository = "{at}"\nIssues = "{at}/issues"\n'
    urls += f'Changelog = "{at}/blob/main/CHANGELOG.md"\n\n'
    launch = ""
    if github:
        launch = (
            f"[![ci]({at}/actions/workflows/ci.yml/badge.svg)]({at}/actions)\n"
            f"[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{name}/HEAD)\n"
            "[![Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
            f"(https://colab.research.google.com/github/{name}/blob/main/notebooks/%s/quickstart.ipynb)\n"
        )
    mail = f"Write to <{contact}>. · 请写信至 <{contact}>。\n" if contact else ""
    return {
        "pyproject.toml": urls if at else "",
        "CITATION.cff": "".join(people) + (f"repository-code: {at}\n" if at else ""),
        "README.md": launch % ("en",) if github else "",
        "README.zh-CN.md": launch % ("zh",) if github else "",
        ".github/SECURITY.md": mail,
        ".github/CODE_OF_CONDUCT.md": mail,
    }


def codemeta(address: dict[str, Any], project: dict[str, Any]) -> str:
    """Return the description of the software in the terms of CodeMeta 3."""
    people = [
        {"@type": "Person", "givenName": person["given"], "familyName": person["family"]}
        | ({"@id": f"https://orcid.org/{person['orcid']}"} if person.get("orcid") else {})
        for person in address["people"]
    ]
    group = {"@type": "Organization", "name": project["authors"][0]["name"]}
    said = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": "City Governance Text Toolkit",
        "identifier": project["name"],
        "description": project["description"],
        "version": project["version"],
        "license": [
            "https://spdx.org/licenses/BSD-3-Clause",
            "https://spdx.org/licenses/CC-BY-4.0",
        ],
        "author": people or [group],
        "keywords": project["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "operatingSystem": ["Linux", "macOS", "Windows"],
        "softwareRequirements": project["dependencies"],
        "developmentStatus": "active",
    }
    if address["repository"]:
        said |= {"codeRepository": address["repository"]}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def write(root: Path = ROOT) -> None:
    """Bring every place of a checkout up to date with its `address.toml`."""
    address = tomllib.loads((root / "docs" / "address.toml").read_text(encoding="utf-8"))
    for name, text in places(address).items():
        before = (root / name).read_text(encoding="utf-8")
        after, n = re.subn(MARKED, lambda m, t=text: m["begin"] + t + m["end"], before)
        if n != 1:
            raise SystemExit(
                f"{name}: one pair of marks 'address: begin', 'address: end' is needed"
            )
        (root / name).write_text(after, encoding="utf-8", newline="\n")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (root / "codemeta.json").write_text(codemeta(address, project), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
