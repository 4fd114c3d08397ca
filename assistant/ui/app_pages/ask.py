"""相談する"""

from assistant.ui.ask import draw

draw()
