"""A CSV file put on the buyer's SFTP server."""
