"""The Notte-compatible API of this machine, driving a real Chromium."""
