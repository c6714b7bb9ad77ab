"""How buyers are delivered to: a folder for each way, all with the same files."""
