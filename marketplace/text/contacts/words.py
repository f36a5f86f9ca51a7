"""What contact details are written with: endings of addresses, money, and the words that stand for @, dot and slash."""

from __future__ import annotations

# What makes a web address of two words with a full stop between them.
ENDINGS = frozenset(
    (
        "com net org info biz edu gov gob int mobi name pro tel travel jobs app dev page web site website "
        "online shop store tech blog agency legal law lawyer abogado consulting services expert group "
        "company email link click live world global xyz top club icu vip chat cloud digital network "
        "solutions support team today center city fun space ae ai al am ar at au ba be bg bo br bz ca cc "
        "ch cl cn co cr cu cy cz de dk do ec ee eg es eu fi fr ge gg gr gt hk hn hr hu id ie il in io is "
        "it jp ke kr kz la lt lu lv ly ma md me mk mt mx my ng ni nl no nu nz pa pe ph pk pl pr pt py qa "
        "ro rs ru sa se sg sh si sk so sv th tn to tr tv tw ua uk us uy uz ve vn ws za рф бг"
    ).split()
)
# Endings as they are spoken after a spoken dot; only what is no word of a sentence there.
SPOKEN_ENDINGS = frozenset("com net org ком κομ".split())

# The sign @ by its names; `at` and Russian's dog are words of their own, so they need a dot and an ending after them.
AT_WORDS = (
    r"at|arroba|arobase|arrobase|chiocciola|apenstaartje|kukac|zavin[aá][cč]|ma[lł]pa|klammeraffe|"
    r"собака|собачка|маймунка|кльомба|παπ[αά]κι|papaki"
)
DOT_WORDS = (
    r"dot|d0t|punto|point|ponto|punkt|punct|punt|pont|te[cč]ka|bodka|kropka|to[cč]ka|точка|τελε[ιί]α|teleia"
)
# Portuguese "ponto com" also means "a point with": without brackets or a name before it, it is left to the moderators.
CLEAR_DOT_WORDS = DOT_WORDS.replace("ponto|", "")
SLASH_WORDS = r"slash|barra|schr[aä]gstrich|barre|слеш|слэш"

MONEY_WORDS = (
    r"pesos?|euros?|d[oó]lar(?:es)?|dollars?|pounds?|libras?|soles|sol|reais|real|guaran[ií](?:es|s)?|bol[ií]var(?:es)?|"
    r"bolivianos?|colones|quetzales|lempiras?|c[oó]rdobas?|balboas?|francs?|francos?|liras?|yen|yuan|rupees?|crowns?|usd|eur|"
    r"gbp|mxn|ars|clp|cop|pen|pyg|uyu|bob|brl|ves|crc|dop|gtq|hnl|nio|pab|chf|cad|aud|nzd|jpy|cny|inr|sek|nok|dkk|pln|czk|huf"
)

# Services whose whole contact is a name; then those whose contact is a number or an ambiguous word.
NAMED_SERVICES = r"instagram|insta|ig|telegram|tiktok|skype|wechat|snapchat|инстаграм|телеграм"
NUMBERED_SERVICES = (
    r"whats\s?app|wh?atsap|wasap|was[aá]p|viber|facebook|fb|messenger|signal|line id|ватсап|вайбер"
)
