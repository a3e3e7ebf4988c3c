"""Running candidate bodies in a confined child: what they say comes back as text, and nothing else does."""
