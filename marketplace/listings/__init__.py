"""Listings: one provider's offer for one topic, with its terms and the edits of them that wait."""
