"""Words that speak of a fact. Data for ``propose``: (fact, value, pattern); patterns run on normalised text."""

from __future__ import annotations

from typing import Final

# A plain mention proposes the value; a denial straight after it turns a yes into a no.
MENTIONS: Final[tuple[tuple[str, bool | str, str], ...]] = (
    # who applies
    ("applicant", "joint", r"広域連合|一部事務組合"),
    (
        "applicant",
        "private",
        r"(?:npo(?:法人)?|株式会社|社会福祉法人|(?:一般)?社団法人|民間企業|民間団体|民間事業者|企業|会社|商工会)(?=[^。、]{0,16}(?:申請|応募|事業主体|実施主体|受け手|直接))",
    ),
    ("applicant", "private", r"(?:弊社|当社|当法人|当団体|わが社|我が社)"),
    ("municipality_class", "designated", r"指定都市|政令市"),
    ("municipality_class", "core_regional", r"中枢中核都市"),
    ("municipality_class", "special_ward", r"特別区"),
    ("is_depopulated", True, r"過疎(?:地域|の[市町村]|市町村|の団体)?(?!債|法|対策|計画)"),
    ("is_non_allocated", True, r"不交付団体"),
    # what kind of project
    (
        "project_kind",
        "soft_and_facility",
        r"ソフトと(?:ハード|拠点|施設)[^。、]{0,12}(?:一体|組み?合わ|両方)|(?:ハード|拠点整備|施設整備)とソフト[^。、]{0,12}(?:一体|組み?合わ|両方)",
    ),
    (
        "project_kind",
        "infrastructure",
        r"インフラ整備|(?:道路|橋|港湾|下水道|水道|農道|林道)(?:を|の)(?:整備|改良|建設)",
    ),
    ("project_kind", "industry_infrastructure", r"半導体[^。]{0,20}(?:下水道|工業用水|道路)|工業用水"),
    (
        "project_kind",
        "disaster",
        r"避難所|トイレカー|トイレトレーラー|災害用|簡易ベッド|段ボールベッド|防災(?:資機材|倉庫|備蓄)",
    ),
    (
        "project_kind",
        "digital",
        r"デジタル実装|アプリ|システム|オンライン|生成ai|(?<![a-z])ai(?:を|で)|スマホで|ネットで|キャッシュレス|dx(?![a-z])|予約サイト|電子(?:申請|決裁)|データ連携|文字起こし|type\s?[avs1-3](?![a-z])",
    ),
    (
        "project_kind",
        "facility",
        r"拠点整備|施設整備|拠点施設|(?:廃校|空き家|空き店舗|古民家|施設|庁舎|道の駅|公民館|旧[^。、]{1,8})(?:を|の)(?:改修|整備|建設|新設|建て)",
    ),
    (
        "project_kind",
        "facility",
        r"(?:廃校|校舎|空き家|空き店舗|古民家|町家|遊休施設)(?:を|に|の)[^。、]{0,20}(?:改修|整備|リノベ|変え|に(?:したい|する)|活用|転用)|(?:診療所|加工場|道の駅|図書館|体育館|集会所|公民館|倉庫)(?:を|の)[^。、]{0,12}(?:整備|建て|改修|直し|直す)|を[^。、]{0,16}(?:施設|拠点|住宅|センター|図書館|カフェ|宿|店舗?)に(?:したい|する|変え)|空き店舗を[^。、]{0,12}使",
    ),
    (
        "project_kind",
        "talent",
        r"地域おこし協力隊|協力隊員|地域活性化起業人|地域プロジェクトマネージャー|集落支援員",
    ),
    ("project_kind", "cash_benefit", r"給付金|現金給付|万円(?:を|の)?給付|クーポンを配|商品券を配"),
    ("project_kind", "migration", r"移住支援金|起業支援金|地方就職学生支援金"),
    (
        "project_kind",
        "soft",
        r"ソフト事業|移動販売|イベント|講座|相談会|配食|見守り|研修|pr事業|プロモーション|買い?物支援|体験ツアー|販路|ブランド(?:化|力)|売り込|付加価値|観光振興|商品開発",
    ),
    (
        "theme",
        "買物支援",
        r"移動販売|移動スーパー|買い?物(?:支援|弱者|難民|困難|バス|代行|に困|サービス|環境)|食料品(?:アクセス|が買え|の店)",
    ),
    (
        "theme",
        "地域交通",
        r"デマンド(?:交通|バス|タクシー)|コミュニティ(?:バス|交通)|(?:循環|巡回|路線|通院|無料|町営|村営|市営)バス|自動運転|乗り?合い?(?:タクシー|バス)|乗合|ライドシェア|公共交通|バス(?:を|の)(?:走ら|運行|始め|増)",
    ),
    ("theme", "観光", r"観光|インバウンド|宿泊"),
    ("theme", "移住・定住", r"移住|定住|空き家(?:バンク|を|の(?:改修|活用|利活用))|お試し住宅"),
    ("theme", "関係人口", r"関係人口|二地域居住|ワーケーション"),
    ("theme", "子育て", r"子育て|保育|こども|子ども食堂"),
    ("theme", "産業振興", r"特産品|六次産業|6次産業|商品開発|販路|起業|創業"),
    ("theme", "防災", r"避難所|防災"),
    ("target_group", "low_income", r"低所得(?:の)?世帯|住民税非課税世帯"),
    ("target_group", "staff", r"庁内の職員(?:が|向け|のため)"),
    ("digital_type", "A", r"type\s?a(?![a-z])"),
    ("digital_type", "V", r"type\s?v(?![a-z])"),
    ("digital_type", "S", r"type\s?s(?![a-z])"),
    ("digital_type", "1", r"type\s?1(?![0-9])"),
    ("digital_type", "2", r"type\s?2(?![0-9])"),
    ("digital_type", "3", r"type\s?3(?![0-9])"),
    # plans and checking
    ("has_regional_strategy", True, r"(?:地方版)?総合戦略には?(?:位置付け|位置づけ|記載|載)"),
    (
        "has_regional_plan",
        True,
        r"地域再生計画(?:の認定(?:を受け|を取|だけ|済|は)|には?(?:記載|位置付け|位置づけ|載))|認定(?:を受けた)?地域再生計画",
    ),
    ("has_self_reliance", True, r"自走|自立(?:した|する|化|性)|交付金に頼らず"),
    ("has_stakeholders", True, r"産官学(?:金労言)?|産学官"),
    ("has_private_partner", True, r"官民(?:協働|連携)|民間(?:企業|事業者|団体)?と(?:連携|協働|組)"),
    ("has_regional_linkage", True, r"(?:隣|近隣|周辺)の?[市町村]{1,3}と(?:連携|共同)|地域間連携|広域連携"),
    ("has_external_review", True, r"外部(?:有識者|の有識者|評価|検証)|有識者会議"),
    ("has_external_review", False, r"庁内だけで(?:検証|評価|済)|(?:検証|評価)を?(?:は)?庁内だけ"),
    ("publishes_results", True, r"(?:検証)?結果を?(?:は)?(?:ウェブサイト|ホームページ|hp)?(?:で|に)?公表"),
    ("has_kpi", True, r"kpi(?!の?達成)"),
    # costs and states that may shut a project out
    (
        "includes_proposal_consulting",
        True,
        r"申請書(?:の|を)?(?:作成|作り)?[^。、]{0,8}(?:コンサル|業者|外部)[^。、]{0,6}|(?:提案|企画|立案|申請)[^。、]{0,8}コンサル(?:ティング|タント)?(?:経費|費|料)?",
    ),
    ("includes_staff_travel", True, r"職員(?:自身)?の(?:出張)?旅費|職員の出張費"),
    ("includes_fund_accumulation", True, r"基金(?:に|へ)(?:の)?積(?:み|立|ん|む)|積立金"),
    ("includes_land_purchase", True, r"用地(?:の)?(?:取得|買収|費)|土地(?:を|の)(?:買|購入|取得)"),
    (
        "includes_personnel",
        True,
        r"(?:自治体|市|町|村|県)?(?:の)?職員(?:の)?人件費|会計年度任用職員の(?:人件費|給与|報酬)",
    ),
    ("includes_cash_benefit", True, r"現金(?:を)?給付|万円(?:を|の)?給付|給付金"),
    ("includes_loans", True, r"貸付金|貸し付け|貸付け?を"),
    ("includes_equipment_only", True, r"備品(?:の購入)?(?:だけ|のみ)"),
    ("includes_facility_renewal", True, r"(?:単なる|単純な)更新|既存施設の更新"),
    (
        "receives_other_national_subsidy",
        True,
        r"(?:国|他|ほか)の(?:国の)?(?:補助金|補助|負担金)(?:も|を)(?:併用|受け|もら|使|充て)",
    ),
    ("via_prefecture", True, r"県経由の(?:交付金|補助)"),
    (
        "is_internal_efficiency_only",
        True,
        r"勤怠管理|電子決裁|rpa|庁内(?:の)?(?:事務|業務)(?:の)?効率化|内部事務",
    ),
    ("is_pilot_only", True, r"実証(?:実験)?(?:だけ|のみ)|(?:来年度|翌年度)(?:に|で|は)?(?:やめ|終了|終わ)"),
    ("is_simple_ai_use", True, r"文字起こし|(?:chatgpt|生成ai)(?:のapi)?を(?:使うだけ|導入するだけ)"),
    ("is_price_relief", True, r"物価(?:高騰|高)(?:対策|支援|の影響|(?=と関係))"),
    ("joint_procurement", True, r"共同(?:調達|利用)"),
    ("uses_digital_public_goods", True, r"データ連携基盤|デジタル公共財|推奨モジュール"),
    ("has_peacetime_use", True, r"平時(?:に|は|の|も)"),
    ("for_evacuation_shelter", True, r"避難所"),
    (
        "is_listed_equipment",
        True,
        r"トイレカー|トイレトレーラー|キッチンカー|簡易ベッド|災害用ベッド|シャワーカー|パーティション",
    ),
    ("wants_full_national", True, r"全額(?:を)?国費|国費で全額"),
    (
        "participating_municipalities",
        "1",
        r"(?:一つ|1つ|ひとつ)の(?:市|町|村|自治体|団体)だけ|一自治体で完結",
    ),
    (
        "crosses_prefectures",
        False,
        r"(?:県|道|府)内の?[^。、]{0,6}(?:市町村|自治体)(?:だけ|のみ|で|同士)[^。、]{0,3}連携",
    ),
    (
        "crosses_prefectures",
        True,
        r"(?:県境|都道府県域|県域)を(?:越|超)え|(?:隣|となり|近隣)の県と|複数の(?:都道府)?県(?:で|が|と|に)",
    ),
    (
        "is_transport_pilot",
        True,
        r"(?:デマンド|コミュニティバス|乗合|公共交通|バス路線|自動運転バス)[^。、]{0,10}実証",
    ),
    (
        "receives_other_national_subsidy",
        True,
        r"(?:国庫補助|国の(?:(?:他|ほか)の)?補助)(?:金)?[^。、]{0,3}(?:併用|重ね|使|受け)",
    ),
    ("loan_covers_public", False, r"融資(?:額)?[^。、]{0,6}公費[^。、]{0,8}(?:少な|下回)"),
    ("loan_covers_public", True, r"融資(?:額)?[^。、]{0,6}公費[^。、]{0,8}(?:以上|同額|上回)"),
    ("provides_three_supports", False, r"相談支援(?:だけ|のみ)"),
    ("includes_staff_travel", True, r"職員の人件費(?:や|と|・)旅費"),
    ("includes_land_purchase", True, r"(?:用地|土地)(?:は|を|の)(?:買|購入|取得)"),
    ("staff_indefinite", False, r"有期雇用"),
    ("staff_indefinite", True, r"無期雇用"),
    ("applicant", "individual", r"個人(?=[^。、]{0,6}(?:申請|応募))|個人として"),
    ("facility_use_plan", True, r"利活用方策(?:が|は|も)?明確"),
    ("is_leading", True, r"先導的"),
    ("evaluates_yearly", True, r"毎年度(?:の)?(?:効果)?(?:検証|評価)|毎年度(?:、)?効果を検証"),
    ("reports_to_state", True, r"国(?:に|へ)(?:の)?報告"),
    ("includes_staff_travel", True, r"職員の?(?:出張|視察)?旅費"),
    ("costs_outside_period", True, r"(?:交付)?決定の?前に?(?:着手|契約|発注)|計画期間の?外"),
    ("starts_after_decision", False, r"(?:交付)?決定の?前に?(?:着手|契約|発注)"),
    ("starts_after_decision", True, r"(?:交付)?決定の?後に?(?:着手|契約|発注)"),
    ("is_continuing", True, r"継続事業"),
    ("reflects_past_review", True, r"これまでの(?:kpi|検証|効果検証)[^。、]{0,12}踏まえ"),
    ("uses_competitive_bidding", False, r"随意契約|指名競争"),
    ("uses_competitive_bidding", True, r"一般競争入札"),
    ("has_bidding_reason", True, r"(?:随意契約|指名競争)[^。、]{0,8}理由(?:を|も|は)?説明"),
    ("has_running_cost_source", True, r"(?:運用費|ランニングコスト)の財源(?:を|は|も)?(?:示|確保)"),
    ("donor_is_corporation", False, r"個人(?:から)?の?(?:寄附|寄付)"),
    ("has_regional_plan", True, r"地域再生計画の認定"),
    ("publishes_donor", True, r"企業名を公表"),
    ("works_one_year", False, r"(?:1|一)年以内に離職"),
    ("intends_five_years", True, r"(?:5|五)年(?:以上)?(?:住む|居住する)意思"),
    ("received_before", True, r"同じ世帯でもう一度|(?:二|2)回目の?(?:申請|受給)|既に受給"),
    ("migration_route", "related", r"関係人口として"),
    ("migration_route", "startup", r"起業して移住"),
    ("migration_route", "job", r"(?:就業|就職)(?:で|して)移住|移住先で(?:就職|就業)"),
    ("consulted_bank", True, r"金融機関(?:など)?との(?:事前)?調整"),
    ("is_initial_investment", False, r"運転資金"),
    ("is_initial_investment", True, r"初期投資"),
    ("completes_within_year", False, r"(?:完了|終了)が翌年度"),
    ("completes_within_year", True, r"年度内に(?:完了|終)"),
    ("loan_unsecured", True, r"無担保"),
    ("loan_unsecured", False, r"(?<!無)担保(?:が|を)(?:付|つ|設定)"),
    ("is_novel", True, r"新規性"),
    ("in_municipal_plan", True, r"市町村計画(?:に(?:基づ|ある|記載)?)"),
    ("is_internal_admin_cost", True, r"内部管理経費"),
    ("cooperative_certified", True, r"知事の認定"),
    ("wants_subsidy", True, r"(?:事業費|経費)の補助(?:を|も)?(?:受け|もら|欲し|ほし)"),
    ("is_three_metro", True, r"三大都市圏の(?:市|区|町|村|都市)(?:が|で|は)"),
    ("effect_is_direct", True, r"(?:効果が)?[^。、]{0,10}直接及"),
    ("has_consortium", False, r"単独で(?:実証)?(?:運行|応募)"),
    ("includes_operation", True, r"(?<!実証)運行を(?=し|行)"),
    ("serves_remote_area", True, r"離島|山間部|中山間"),
    ("serves_remote_area", False, r"都市部で"),
    ("disadvantaged_area", "none", r"条件不利地域(?:の|が)?ない"),
    # donations, people who move, members
    ("donor_head_office_here", True, r"(?:市|町|村|区|県)内に本社|本社が(?:市|町|村|区|県)内"),
    ("gives_benefit_to_donor", True, r"見返り|(?:寄附|寄付)の(?:代わり|代償|お礼)に"),
    ("contracts_with_donor", True, r"(?:寄附|寄付)した(?:企業|会社)(?:に|と)[^。]{0,20}(?:委託|発注|契約)"),
    ("member_from_area", "a1", r"(?:東京)?(?:都)?23区から|特別区から"),
    ("member_exception", "former_member", r"元(?:地域おこし)?(?:協力隊|隊員)"),
    ("member_exception", "jet", r"jet(?:プログラム)?"),
    ("moves_resident_record", True, r"住民票を(?:移|異動)"),
    ("household_type", "single", r"単身"),
    (
        "household_type",
        "household",
        r"(?:家族|夫婦|親子|子ども?連れ)(?:で|の)(?:移住|転入)|世帯で(?:移住|転入)",
    ),
    ("migration_route", "telework", r"テレワーク(?:で|の)?移住|転職(?:せず|しない)"),
    ("includes_operation", True, r"実証運行|運行(?:する|を始)"),
    ("provides_three_supports", True, r"重層的支援"),
)

# A denial or a doubt straight after the words. A question (「…は対象になりますか」) is no doubt about the fact itself.
DENIAL: Final = (
    r"(?:で|に|を|は|も|が|の|て|と|い|し|さ|あり|ございま|わ|け|え|ば|せ|た|く|する|できる|でき|まで|など|費用?|購入|取得|計上|経費|位置[付づ]け"
    r"|記載|設定|参画|計画|体制|利活用|利用|状況|関係|予定|見込み|認定|受け|考え|地域|言え|含[むみめ]?)*?"
    r"(?:ない|ません|なし|なく|せず|ずに|除(?:く|い|き)|入れず|外(?:す|し))"
)
# A denial further on in the clause: what it denies is not clear, so nothing is proposed.
FAR_DENIAL: Final = r"[^。、]{0,20}?(?:ない|ません|なし|なく|せず|ずに)"
UNSURE: Final = r"[^。、]{0,10}(?:未定|検討中|分から|わから|かどうか)"

# What an amount of money is, by the words before it.
YEN_LABELS: Final[tuple[tuple[str, str], ...]] = (
    ("national_total_yen", r"うち国費|国費(?:の)?(?:総額|合計|計)"),
    ("national_yen", r"国費|交付金(?:を|は|で)?(?:年|毎年|年間)?"),
    ("loan_yen", r"融資|借入"),
    ("donation_yen", r"寄附|寄付"),
    ("member_yen_per_person", r"(?:1|１|一)人(?:当たり|あたり|につき)?"),
    ("eligible_yen", r"対象経費"),
    ("total_yen", r"総?事業費|総額|全体で|予算|費用|経費|合計|総工費"),
)

# Words between which a thing that is bought or built stands.
BUYING: Final = r"(?:を|の)?(?:買|購入|整備|導入|設置|改修|建設|新設|建て|リース|造成|開発)"

# Words that speak of a fact without saying what holds of it: the conditions on it concern the question.
TOUCHES: Final[tuple[tuple[str, str], ...]] = (
    ("applicant", r"npo|個人(?:が|で|として)|商工会|社団法人|一部事務組合|広域連合"),
    ("includes_personnel", r"人件費|給料|給与|賃金|報酬|会計年度任用"),
    ("includes_staff_travel", r"旅費|出張|交通費"),
    ("includes_equipment_only", r"備品|パソコン|(?<![a-z])pc(?![a-z])|タブレット|机|椅子|什器|家具|wi-?fi"),
    ("includes_land_purchase", r"用地|土地"),
    ("includes_fund_accumulation", r"基金|積立|積み立て"),
    (
        "includes_proposal_consulting",
        r"コンサル|申請書?の?(?:作成|作り|支援|代行)|(?:計画|提案)書?の?(?:策定|作成)(?:委託|費)",
    ),
    ("includes_facility_renewal", r"更新|建て?替え|老朽|修繕"),
    ("includes_loans", r"貸付|貸し付け|融資"),
    ("includes_cash_benefit", r"給付|商品券|クーポン|現金"),
    ("receives_other_national_subsidy", r"併用|(?:国庫|ほかの|他の|別の)補助|二重"),
    ("is_initial_investment", r"運営費|維持費|ランニング|経常|家賃|毎月|毎年の|光熱"),
    ("replaces_general_funds", r"経常|一般財源|付け替え|財源振替|今まで|これまで"),
    ("is_internal_admin_cost", r"管理経費|事務費|経常"),
    ("is_internal_efficiency_only", r"庁内|内部|勤怠|電子決裁|rpa"),
    ("is_pilot_only", r"実証"),
    ("is_transport_pilot", r"(?:バス|交通|運行)[^。]{0,8}実証|実証運行"),
    ("facility_use_plan", r"改修|廃校|空き家|拠点|施設"),
    ("project_kind", r"改修|廃校|施設|アプリ|システム|デジタル|道路|橋|下水道"),
    ("has_regional_plan", r"地域再生計画"),
    ("has_regional_strategy", r"総合戦略"),
    ("is_depopulated", r"過疎"),
    ("costs_outside_period", r"着手|前倒し|さかのぼ|遡"),
    ("starts_after_decision", r"着手|前倒し|さかのぼ|遡"),
    ("wants_subsidy", r"整備費|補助|費用"),
)
