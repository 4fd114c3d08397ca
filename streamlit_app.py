"""Front door: navigation only."""

import streamlit as st

from assistant.ui.frame import ICON, TITLE, pages

st.set_page_config(page_title=TITLE, page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
st.navigation(pages(), position="top").run()
