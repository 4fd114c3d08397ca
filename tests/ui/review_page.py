"""What the tests of 計画を点検する share."""

from streamlit.testing.v1 import AppTest


def shown(app: AppTest) -> str:
    return "\n".join(e.value for e in (*app.markdown, *app.caption, *app.warning)).replace("\\", "")


def look_at(app: AppTest, part: str) -> AppTest:
    """Choose one of the page's tabs."""
    app.session_state["review-part"] = part
    app.run()
    assert not app.exception
    return app
