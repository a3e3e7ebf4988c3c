"""The companion file: reading, writing, states, the lock."""
