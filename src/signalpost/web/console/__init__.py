"""The console: what staff see and steer, on the admin of Wagtail."""
