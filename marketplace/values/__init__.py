"""Typed values and how they are read and written: money, exchange rates, time frames, CSV. No feature is known here."""
