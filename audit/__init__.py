"""What a browser thinks of the site: `make audit`. Needs Node; never part of the tests."""
