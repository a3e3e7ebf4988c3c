"""Whether a candidate body is acceptable."""
