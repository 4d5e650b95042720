"""The demo: a made-up utility with everything that it talks to, on loopback, without an account anywhere."""
