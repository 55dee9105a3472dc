"""Plays our own transcripts. The format is described in conformance/transcripts/README.md."""
