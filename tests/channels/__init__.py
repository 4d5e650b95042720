"""Tests of the channels; `conformance` is what every channel must hold."""

import pytest

pytest.register_assert_rewrite("tests.channels.conformance")
