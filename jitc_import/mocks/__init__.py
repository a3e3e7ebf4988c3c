"""Functions that a model answers, call by call, until somebody writes them: the decorator `llm_mock`."""
