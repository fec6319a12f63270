"""Settings of the documentation site; see docs/build.py."""

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx import search
from sphinx.search.en import SearchEnglish

project = "City Governance Text Toolkit"
author = "City Governance Text Toolkit authors"
copyright = "2026, " + author
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_design",
]
# `start` is what a new study begins with, and no page; the paper is for a journal.
exclude_patterns = [".trees", "notebooks/*/start.ipynb", "docs/paper"]

# Notebooks were run beforehand, by the tests, or are shown as they are.
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "dollarmath", "html_image"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]  # widgets: the page has no kernel

autodoc_typehints = "none"  # the docstrings tell them
autosummary_generate = True
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_css_files = ["chinese.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "show_prev_next": True,
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": []}


class SearchPairs(SearchEnglish):
    """Search of English words and of pairs of Chinese characters.

    Chinese is not written in words, and a reader's query need not be cut as the page was:
    both are cut into all pairs of neighbouring characters, as Lucene's CJK analyzer does.
    """

    lang = "zh-en"
    language_name = "English"  # of the stemmer that the page gets
    js_splitter_code = r"""
function splitQuery(query) {
  const words = query.match(/[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+/gu) || [];
  return words.flatMap((word) => {
    if (!/[\u3400-\u9fff]/.test(word) || word.length < 3) return [word];
    return [...word].slice(1).map((character, i) => word[i] + character);
  });
}
"""

    def split(self, text):
        """Return the words and the pairs of a text."""
        found = []
        for word in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", text):
            if "\u3400" <= word[0] <= "\u9fff":
                found += [word[i : i + 2] for i in range(max(len(word) - 1, 1))]
            else:
                found.append(word)
        return found


def write_formula(self, node):
    """Write a formula as MathML, which browsers show by themselves."""
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    self.body.append(convert(node.astext(), display=display))
    raise nodes.SkipNode


def setup(app):
    """Search Chinese too; formulas need no script from elsewhere."""
    search.languages["zh-en"] = SearchPairs
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))


html_search_language = "zh-en"
html_math_renderer = "mathml"
