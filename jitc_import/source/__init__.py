"""What stands in a module's source: marks, stubs, and what a model may see of it."""
