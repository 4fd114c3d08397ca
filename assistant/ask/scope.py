"""What this assistant does not answer, and why, said before anything is searched.

Only what can be told from the words alone is decided here; whether the corpus holds an
answer is decided after the search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.japanese.text import normalise


@dataclass(frozen=True)
class OutOfScope:
    """``id`` names the sentence in prompts/statuses.md."""

    id: str


_RULES: tuple[tuple[str, str], ...] = (
    (
        "injection",
        r"(?:前|上|これまで|以前|今まで|すべて|全て)の?(?:指示|命令|ルール|プロンプト|制約).{0,8}(?:無視|忘れ|破棄|従わ)"
        r"|ignore (?:all |the )?(?:previous|above)|システムプロンプト|system prompt|内部(?:の)?(?:指示|設定|プロンプト)"
        r"|(?:根拠|出典|引用)(?:は|も|を)?(?:なし|無し|なく|省略|不要|つけず|付けず).{0,10}(?:断言|断定|答え|書い|言っ)|制限(?:を|は)?(?:解除|外し)|管理者(?:モード|として)"
        r"|(?:他|ほか)の(?:利用者|ユーザー?|人|職員|自治体の職員).{0,10}(?:質問|履歴|文書|アップロード|資料)",
    ),
    (
        "adoption",
        r"採択(?:され(?!た|まし)(?:る|ます|そう)?.{0,6}(?:確率|可能性|見込|でしょうか|ますか|そう|かな|と思|だろう|か\?|か？|か$)|(?:確率|可能性|見込み?|の見通し))"
        r"|(?:確率|可能性|見込み?).{0,6}採択|(?:必ず|絶対|確実)に?(?:採択|通|もらえ|受け)|(?:審査|申請)(?:に|は|が)?(?:通|受か)(?:る|り|れ).{0,6}(?:確率|可能性|ますか|そう|かな|でしょうか)"
        r"|当選|合格(?:率|でき|する)|採択を(?:保証|予想|予測)|採択(?:予想|予測)",
    ),
    (
        "person",
        r"(?:さん|氏|様|市長|町長|村長|知事|課長|部長|職員|担当者|議員|個人|社長|代表)の?(?:個人の?)?(?:自宅|住所|携帯|電話番号|メールアドレス|年収|給料|給与|家族|年齢|生年月日|学歴|評判|不祥事|スキャンダル|口座)"
        r"|(?:人|者|隊員|世帯|受給者)の(?:氏名|名簿)|(?:誰|だれ)と(?:結婚|付き合|不倫)|マイナンバー(?:を|は)?(?:教|調|何番)|個人情報を(?:教|出|調べ|表示)",
    ),
    (
        "world",
        r"天気|気温|降水|台風情報|何時ですか|今日は何(?:日|曜)|株価|為替|ドル円|宝くじ|競馬|占い|星座|運勢|レシピ|料理の作り方|献立|カレーの?作|(?:映画|ドラマ|アニメ|漫画|ゲーム|アイドル|歌手|俳優|芸能)"
        r"|野球|サッカー|オリンピック|試合結果|ダイエット|病気|症状|薬(?:の|を|は)|頭痛|恋愛|彼女|彼氏|電車の(?:時刻|遅延)|時刻表|乗換|ホテルを?予約|飛行機|翻訳して|英訳|和訳|プログラム(?:を|の)(?:書|コード)|python|コードを書|小説を?書|詩を(?:書|作)|ジョーク|なぞなぞ|しりとり|計算して$|円周率|首相は誰|大統領|選挙結果|裁判(?:を|で)(?:起こ|勝)|離婚|相続税|確定申告の(?:やり方|方法)|ビットコイン|仮想通貨|投資(?:信託|すべき)|おすすめの(?:本|店|レストラン|ラーメン|旅行|観光|スマホ|パソコン)",
    ),
    (
        "greeting",
        r"^(?:こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|ありがとう(?:ございま(?:す|した))?|お疲れ(?:様|さま)(?:です)?|hello|hi|テスト|test|よろしく(?:お願いします)?)[。!！~ー、 ]*$",
    ),
    (
        "capability",
        r"^(?:あなた|君|このシステム|このアシスタント|このアプリ|これ)?(?:は|で|に)?(?:何が(?:でき|出来)|何を(?:して|知って)|誰(?:ですか|なの)|どんなこと(?:が|を)|使い方|自己紹介)",
    ),
    (
        "political",
        r"(?:どの政党|支持政党|誰に投票|政権.{0,4}(?:評価|どう思)|(?:総理|首相|知事|市長).{0,6}(?:どう思|好き|嫌い|評価し))",
    ),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _RULES)
# A word that makes the question ours even when an outside word occurs (「観光アプリのゲーム化に使える交付金」).
_OURS = re.compile(
    r"交付金|補助|助成|支援金|地方創生|総合戦略|過疎|移住|事例|自治体|市町村|企業版|ふるさと納税|協力隊|関係人口|kpi|国費"
)
# What a grant may pay is asked of pay as a cost (「過疎債で職員の給料は払える？」), not of what somebody earns.
_PAID = re.compile(r"(?:給料|給与)(?:は|を|も|に)?[^。、]{0,6}(?:払|使|充て|出せ|対象|補助)")


def find_out_of_scope(question: str) -> OutOfScope | None:
    """Why the words alone put a question outside, or None."""
    folded = normalise(question).strip()
    for name, pattern in _COMPILED:
        if pattern.search(folded):
            if name == "world" and _OURS.search(folded):
                continue
            if name == "person" and _OURS.search(folded) and _PAID.search(folded):
                continue
            return OutOfScope(name)
    return None
