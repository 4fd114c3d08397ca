"""Names read without the rules are the names of the whole files."""

from assistant.grants.names import is_yearly, load_names


def test_the_names_are_those_of_the_whole_files(assistant):
    quick = {names["id"]: names for names in load_names(assistant.settings.corpus / "grants")}
    assert set(quick) == set(assistant.grants.by_id)
    for grant in assistant.grants:
        names = quick[grant.id]
        for key in ("name", "short", "family", "fiscal_year", "predecessor", "successor"):
            assert names.get(key) == getattr(grant, key), (grant.id, key)
        for key in ("aliases", "family_aliases"):
            assert tuple(names.get(key) or ()) == tuple(getattr(grant, key)), (grant.id, key)
        assert is_yearly(grant.id, grant.fiscal_year) == grant.is_yearly


def test_the_order_of_keys_does_not_matter_and_strays_are_left_out(tmp_path):
    (tmp_path / "b-r8.yaml").write_text(
        "rules:\n  - id: x\n    name: no\nfiscal_year: 2026\nfamily: f\nshort: 短い\nname: 名前\nid: b-r8\naliases:\n  - 別名\n",
        encoding="utf-8",
    )
    (tmp_path / "broken.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("x: 1\n", encoding="utf-8")
    (names,) = load_names(tmp_path)
    assert (names["name"], names["aliases"], "rules" in names) == ("名前", ["別名"], False)
