"""The import system: finder, loader, grafting, the bytecode cache."""
