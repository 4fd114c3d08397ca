"""Streamlit pages: thin faces over the service."""
