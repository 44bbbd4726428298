"""Search: a query of texts, images and filters becomes one ranking of assets."""
