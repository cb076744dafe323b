"""The stage machine of projects."""
