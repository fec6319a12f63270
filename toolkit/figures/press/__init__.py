"""The press: any figure of matplotlib, in the style and files that a journal asks for."""
