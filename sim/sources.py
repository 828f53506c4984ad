"""The papers, data sets and assumptions behind the model.

Parameters name their sources by the constants below; the ODD (`sim/MODEL-PARAMETERS.md`) prints the same list.
`ASSUMED` marks a number that nobody has measured.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of a number or a mechanism.

    Parameters
    ----------
    key : str
        Short name, unique, used in parameters, documents and reports.
    authors, year, doi : str, int or None, str or None
        The reference; a stated assumption has neither year nor DOI.
    note : str
        What the model takes from it, and what it does not cover.
    """

    key: str
    authors: str
    year: int | None
    doi: str | None
    note: str


FAN_2024: Final = Source(
    "fan-2024",
    "Fan, Liu & Li",
    2024,
    "10.3389/fpsyt.2024.1349778",
    "Fourteen interviews in five Shanghai day-care centres: the mechanisms, and the users' background (Table 2). "
    "Long-stayers are over-sampled; it gives no rates and no network.",
)
HALL_2019: Final = Source(
    "hall-2019",
    "Hall",
    2019,
    "10.1177/0265407518761225",
    "Hours together to casual friend (40-60), friend (80-100), close friend (above 200); meaningful talk speeds it, "
    "working side by side does not. Healthy adults and students in the United States.",
)
PALUMBO_2015: Final = Source(
    "palumbo-2015",
    "Palumbo, Volpe, Matanov, Priebe & Giacco",
    2015,
    "10.1186/s13104-015-1528-7",
    "Networks of people with psychosis, 20 studies: 11.7 people, 3.4 friends on average (1-5 by study).",
)
GIACCO_2012: Final = Source(
    "giacco-2012",
    "SHIP 2010; Suendermann 2014; Giacco, McCabe, Kallert, Hansson, Fiorillo & Priebe",
    2012,
    None,
    "No friends at all 13.3%; a close friend 65.7%; no confidant 34%.",
)
DUNBAR_2012: Final = Source(
    "dunbar-2012",
    "Sutcliffe, Dunbar, Binder & Arrow; Dunbar",
    2012,
    "10.1111/j.2044-8295.2011.02061.x",
    "Closeness without meeting falls by about 15% a year; layers of 5, 15, 50; trust grows with contact and wanes slowly.",
)
HAJEK_2025: Final = Source(
    "hajek-2025", "Hajek and others", 2025, None, "59.1% (39.6-78.6) of people with severe mental disorder are lonely, 10 studies."
)
EGLIT_2018: Final = Source(
    "eglit-2018",
    "Eglit, Palmer, Martin, Tu & Jeste",
    2018,
    "10.1371/journal.pone.0194021",
    "Loneliness in schizophrenia nearly one SD above comparison on the UCLA-20 (116 against 106 people).",
)
SWITAJ_2014: Final = Source(
    "switaj-2014",
    "Switaj, Grygiel, Anczewska & Wciorka",
    2014,
    "10.1016/j.comppsych.2014.03.018",
    "Self-stigma goes with loneliness, which mediates its way to depression (n=110): direction only.",
)
WANG_2023: Final = Source(
    "wang-2023", "Wang and others", 2023, None, "34.6% of patients in China intend to tell others of the illness (n=153)."
)
COLLINS_MILLER_1994: Final = Source(
    "collins-miller-1994",
    "Collins & Miller",
    1994,
    "10.1037/0033-2909.116.3.457",
    "Disclosure breeds liking, and liking breeds disclosure: three significant effects (direction).",
)
SPRECHER_2013: Final = Source(
    "sprecher-2013",
    "Sprecher, Treger, Wondra, Hilaire & Wallpe",
    2013,
    "10.1016/j.jesp.2013.03.017",
    "Taking turns in disclosing brings more liking and closeness than one-sided disclosure (direction).",
)
RUESCH_KOESTERS_2021: Final = Source(
    "ruesch-koesters-2021",
    "Rüsch & Kösters",
    2021,
    None,
    "Disclosure programmes: stigma stress -0.50 SD after, -0.40 later; self-stigma -0.17 (ns), then -0.24.",
)
STIGMA_CHINA: Final = Source(
    "stigma-china",
    "Lv 2013; Zhang",
    2026,
    None,
    "High self-stigma in 37.0% (n=335); alienation 44.2%, withdrawal 32.6% above 2.5 on 1-4 (n=95).",
)
CUTRONA_SUHR_1992: Final = Source(
    "cutrona-suhr-1992",
    "Cutrona & Suhr",
    1992,
    "10.1177/009365092019002002",
    "Five kinds of support: emotional, informational, esteem, network, tangible. No rates.",
)
SNIJDERS_2001: Final = Source(
    "snijders-2001",
    "Snijders",
    2001,
    "10.1111/0081-1750.00099",
    "Actor-oriented choice of partner: random utility with Gumbel noise.",
)
FEI_1992: Final = Source(
    "fei-1992",
    "Fei",
    1992,
    "10.1525/9780520912489",
    "The differential mode of association (chaxugeju): ties are worked outward from the self. No measured strength.",
)
SOCIOPATTERNS: Final = Source(
    "sociopatterns-lh10",
    "Vanhems and others (SocioPatterns)",
    2013,
    "10.1371/journal.pone.0073970",
    "Contact time is uneven: dyad minutes CV 2.4; the top tenth of dyads hold 60% of the time (hospital staff, 5 days).",
)
DUNBAR_1995: Final = Source(
    "dunbar-1995",
    "Dunbar, Duncan & Nettle",
    1995,
    "10.1007/BF02912136",
    "Freely forming conversational groups seldom exceed four people. Canteens and public places; no rate of joining.",
)
KNECHT: Final = Source(
    "knecht-s50",
    "Knecht 2006; Michell & West 1996 (s50)",
    None,
    None,
    "Friendship waves of pupils: reciprocity .56-.74, transitivity .37-.52, Jaccard .33-.45. Not psychiatric.",
)
STORK_RICHARDS_1992: Final = Source(
    "stork-richards-1992",
    "Stork & Richards",
    1992,
    "10.1177/1059601192172006",
    "What one who did not answer a network survey would have said is best replaced by what the others said of that person.",
)
BAUMEISTER_LEARY_1995: Final = Source(
    "baumeister-leary-1995",
    "Baumeister & Leary",
    1995,
    "10.1037/0033-2909.117.3.497",
    "The need to belong satiates: who has company enough seeks less of it, and further company brings less (direction).",
)
VAN_DE_BUNT_1999: Final = Source(
    "van-de-bunt-1999",
    "van de Bunt, van Duijn & Snijders",
    1999,
    "10.1023/A:1009683123448",
    "32 freshmen over 27 weeks: returned arcs and arcs with friends in common form and hold better (logits 1.4-1.7 and "
    "0.4-0.7); six weeks keep .92-.94 of mutual and .53-.67 of one-way friendly ties; 30 of 192 answers of the six waves "
    "after the first are missing. Students, met daily.",
)
VERGARA_HIDD_2023: Final = Source(
    "vergara-hidd-2023",
    "Vergara Hidd, Lopez, Centellegher, Roberts, Lepri & Dunbar",
    2023,
    None,
    "Contact in ties that do not last is low from the first weeks (direction): early impressions matter, yet ties turn over.",
)
REIS_SHAVER: Final = Source(
    "reis-shaver-1988",
    "Laurenceau 1998; Reis & Shaver",
    1988,
    None,
    "Intimacy grows by disclosure and by the partner's responsiveness together: the form, recalled and unchecked.",
)
SOLANO_1982: Final = Source(
    "solano-1982",
    "Solano 1982; Chen, Cheng & Hu",
    2021,
    "10.3389/fpsyt.2021.710515",
    "Little intimate disclosure to friends goes with loneliness; disclosure lowers it through the quality of peer relations "
    "(830 Chinese adolescents). Direction only.",
)
PRIZEMAN_2025: Final = Source(
    "prizeman-2025",
    "Prizeman, McCabe & Weinstein",
    2025,
    "10.1002/jclp.23789",
    "Internalised stigma goes with loneliness (beta .57) and secrecy (beta .40), n=275.",
)
BRACKE_2008: Final = Source(
    "bracke-2008",
    "Bracke, Christiaens & Verhaeghe",
    2008,
    None,
    "Giving support raises self-esteem more than receiving it; receiving without giving does not help (628 users of 51 "
    "rehabilitation centres). Seen in secondary text.",
)
VERHAEGHE_2008: Final = Source(
    "verhaeghe-2008",
    "Verhaeghe, Bracke & Bruynooghe",
    2008,
    None,
    "Peer support raises self-esteem only among those with few experiences of stigma (n=595): direction.",
)
HAYES_SKEEM_2022: Final = Source(
    "hayes-skeem-2022",
    "Hayes & Skeem",
    2022,
    None,
    "Helpers in fair health are no more burdened than others, helpers with current symptoms far more (n=738): direction.",
)
WARREN_2021: Final = Source(
    "warren-2021",
    "Doherty, Warren and others 2020; Warren and others",
    2021,
    "10.1007/978-4-431-99781-8_3",
    "Therapeutic communities: affirmations close triads and are returned; that one who helps others is helped fits better "
    "than direct return alone (abstract).",
)
CRUWYS_2014: Final = Source(
    "cruwys-2014",
    "Spence 2014; Haslam 2019; Cruwys and others",
    2014,
    None,
    "Identification with a group, not attendance, predicts recovery and less loneliness, net of baseline: direction.",
)
STEFFENS_2021: Final = Source(
    "steffens-2021",
    "Steffens and others",
    2021,
    None,
    "Interventions that build identification: g .66; deciding together most, shared activity .40, reminiscence none.",
)
MASI_2011: Final = Source(
    "masi-2011",
    "Ma 2020; Masi, Chen, Hawkley & Cacioppo",
    2011,
    None,
    "More occasions to meet hardly lower loneliness; changing how oneself and others are seen does most: ordering.",
)
VAN_GESTEL_2012: Final = Source(
    "van-gestel-2012",
    "van Gestel-Timmermans and others",
    2012,
    None,
    "Hope and self-efficacy rise with peer-run recovery courses while loneliness does not (12 weeks, n=333): direction.",
)
BREWER_WEBSTER_1999: Final = Source(
    "brewer-webster-1999",
    "Brewer & Webster",
    1999,
    None,
    "Forgetting of friends and its effects on measuring friendship networks, Social Networks 21:361-373. The residents of a "
    "hall, asked without a list, forgot 20% of their friends in it, the less close ones somewhat more often.",
)
RUSSELL_1996: Final = Source(
    "russell-1996",
    "Russell",
    1996,
    "10.1207/s15327752jpa6601_2",
    "UCLA Loneliness Scale, version 3: internal consistency .89 to .94, correlation over a year .73, so that a retest within "
    "weeks lies between. Students, nurses, teachers and the elderly.",
)
CALIBRATED: Final = Source(
    "calibrated",
    "Dayroom",
    2026,
    None,
    "Fitted to the calibration targets within the plausible range by `dayroom calibrate`; the record is shipped beside the code.",
)
ASSUMED: Final = Source(
    "assumed",
    "Dayroom",
    None,
    None,
    "Nobody has measured it. The default is a judgement, the plausible range is wide, and every report names it.",
)

SOURCES: Final[dict[str, Source]] = {
    value.key: value for value in list(globals().values()) if isinstance(value, Source)
}
