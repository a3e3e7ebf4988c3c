"""What candidate bodies are worth: run in the child as they would be kept, from cheap to dear."""
