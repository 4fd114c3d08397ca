"""A chat model by name, and nothing else: text in, streamed text out.

Any LangChain chat model works (``openai:gpt-4o-mini``, ``ollama:qwen3``,
``anthropic:…``, ``azure_openai:…``; llama.cpp and vLLM by ``openai:`` with a base URL).
None is configured by default.  What a model says is a proposal: the caller checks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from assistant.errors import DependencyMissing, ModelFailed

_EXTRA_BY_PROVIDER = {
    "openai": "openai",
    "azure_openai": "openai",
    "ollama": "ollama",
    "anthropic": "anthropic",
}


class ChatModel(Protocol):
    """What the asking flow needs of a model."""

    name: str

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Pieces of the reply as they arrive; ``ModelFailed`` on any fault of the model."""
        ...


class LangChainModel:
    """A LangChain ``BaseChatModel`` behind ``ChatModel``."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Stream the reply to one system and one user message."""
        try:
            for chunk in self._model.stream([("system", system), ("human", user)]):
                text = chunk.text if isinstance(chunk.text, str) else chunk.text()
                if text:
                    yield text
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except Exception as error:  # every provider has its own error tree
            raise ModelFailed(
                "文章生成モデルから応答を得られませんでした。",
                why=_reason(error),
                remedy="モデルの設定（ASSISTANT_MODEL、ASSISTANT_MODEL_BASE_URL）と接続をご確認ください。",
            ) from error


def _reason(error: Exception) -> str:
    kind = type(error).__name__
    status = getattr(error, "status_code", None)
    if status == 429:
        return "利用が集中しています（429）。"
    if isinstance(status, int) and status >= 500:
        return f"モデル側で障害が起きています（{status}）。"
    if status in (401, 403):
        return f"認証に失敗しました（{status}）。"
    if status is not None:
        return f"モデルが要求を受け付けませんでした（{status}）。"
    if "timeout" in kind.lower():
        return "時間内に応答がありませんでした。"
    if "connect" in kind.lower():
        return "モデルに接続できませんでした。"
    return f"応答を読み取れませんでした（{kind}）。"


def _refusal(error: Exception, provider: str) -> str:
    """Why a model could not be opened; the library's own words stand at the end in brackets."""
    told = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "provider" in told:
        cause = f"「{provider}」という提供元は使えません"
    elif "credentials" in told or "api_key" in told:
        cause = "認証の鍵（APIキー）が設定されていません"
    else:
        cause = "名前か設定が受け付けられませんでした"
    return f"{cause}［{told}］"


def open_model(
    name: str, *, base_url: str | None = None, timeout_seconds: float = 60.0, max_retries: int = 1
) -> LangChainModel:
    """Open the chat model ``name`` (``provider:model``).

    Raises ``DependencyMissing`` where the provider's package is not installed and
    ``ModelFailed`` where the name or the settings are not accepted.
    """
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "timeout": timeout_seconds, "max_retries": max_retries}
    if base_url:
        options["base_url"] = base_url
    provider = name.partition(":")[0]
    if provider == "ollama":  # takes its HTTP options in another form
        options = {"temperature": 0, "client_kwargs": {"timeout": timeout_seconds}}
        if base_url:
            options["base_url"] = base_url
    try:
        model = init_chat_model(name, **options)
    except ImportError as error:
        extra = _EXTRA_BY_PROVIDER.get(provider)
        raise DependencyMissing(
            f"モデル「{name}」を使うための部品が入っていません。",
            why=f"提供元「{provider}」のLangChainパッケージがありません［{str(error).splitlines()[0]}］",
            remedy=f"pip install 'chihou-assistant[{extra}]' を実行してください。"
            if extra
            else "提供元のLangChainパッケージを入れてください。",
        ) from error
    except Exception as error:
        raise ModelFailed(
            f"モデル「{name}」を開けませんでした。",
            why=_refusal(error, provider),
            remedy="「openai:モデル名」「ollama:モデル名」のように指定し、必要な鍵（APIキー）を設定してください。",
        ) from error
    return LangChainModel(name, model)
