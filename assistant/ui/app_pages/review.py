"""計画を点検する"""

from assistant.ui.review import draw

draw()
