"""A POST of JSON to the buyer's own API."""
