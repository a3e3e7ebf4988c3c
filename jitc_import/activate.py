"""Importing this installs the hook: `import jitc_import.activate` at the start of a program."""

from jitc_import.hooks.finder import install

install()
