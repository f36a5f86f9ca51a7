"""What every page needs: access rules, forms, parameters, limits, the page cache, static files and error pages."""
