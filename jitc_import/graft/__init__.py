"""Putting bodies into a module: syntax trees in, code objects out. Standard library only."""
