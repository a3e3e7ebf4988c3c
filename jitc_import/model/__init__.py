"""The language model: prompts, requests, replies, the budget."""
