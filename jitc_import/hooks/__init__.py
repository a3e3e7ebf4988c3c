"""The import system: finder, loaders, the bytecode cache, running programs, and tools that look on."""
