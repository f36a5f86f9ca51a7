"""The provider's pages under /manage/: layout, profile and what needs attention."""
