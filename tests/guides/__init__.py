"""Tests of topics and guides."""
