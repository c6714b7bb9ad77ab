"""Notifications and alerts over HTTP: everybody's own."""
