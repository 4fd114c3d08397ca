"""Front door: navigation only."""

import streamlit as st

from assistant.ui.frame import ICON, TITLE, pages, session

if __name__ == "__main__":  # a child process that is started from here imports this file and must not draw
    st.set_page_config(page_title=TITLE, page_icon=str(ICON), layout="wide", initial_sidebar_state="auto")
    session()  # this browser is here: nothing it brought is deleted
    st.navigation(pages(), position="top").run()
