/** Alpha-2 and alpha-3 code of every country of ISO 3166-1, and Kosovo's user-assigned pair. */
const CODES =
  "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB " +
  "BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR " +
  "BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR " +
  "CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK " +
  "FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS " +
  "GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN " +
  "ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO " +
  "LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD " +
  "MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER " +
  "NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM " +
  "PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP " +
  "SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF " +
  "TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY " +
  "UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE XKXKX";

/** What people write that no standard lists, by the code it means. */
const ALIASES: Record<string, string> = {
  AE: "UAE|Emirates",
  BA: "Bosnia",
  BO: "Plurinational State of Bolivia",
  CD: "DRC|DR Congo|Democratic Republic of the Congo",
  CG: "Congo|Republic of the Congo",
  CI: "Ivory Coast",
  CN: "PRC|People's Republic of China|Mainland China",
  CV: "Cape Verde",
  CZ: "Czech Republic",
  DE: "BRD|Bundesrepublik Deutschland|Federal Republic of Germany",
  GB: "UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|United Kingdom of Great Britain and Northern Ireland|Großbritannien|Grande-Bretagne|Gran Bretagna|Gran Bretaña|Angleterre|Inglaterra|Inghilterra",
  HK: "Hong Kong",
  IE: "Republic of Ireland|Eire",
  IR: "Islamic Republic of Iran|Iran Islamic Republic of",
  KP: "DPRK|Democratic People's Republic of Korea",
  KR: "Korea|Republic of Korea|South Korea",
  LA: "Lao People's Democratic Republic",
  MD: "Republic of Moldova",
  MK: "Macedonia|FYROM",
  MM: "Burma|Myanmar",
  MO: "Macao|Macau",
  NL: "Holland|The Netherlands",
  PS: "Palestine|State of Palestine",
  RU: "Russian Federation",
  SY: "Syrian Arab Republic",
  SZ: "Swaziland",
  TL: "East Timor",
  TR: "Turkey|Turkiye",
  TW: "Taiwan, Province of China",
  TZ: "United Republic of Tanzania",
  US: "America|United States of America|Estados Unidos de América|EEUU|EE.UU.|EUA|Etats-Unis d'Amérique|VSA",
  VA: "Vatican|Holy See",
  VE: "Bolivarian Republic of Venezuela",
  VN: "Viet Nam",
};

/** English first: where two languages use one word for different countries, its meaning in the earlier one holds. */
const LANGUAGES = "en de fr es pt it nl sv da nb fi pl cs ro hu tr".split(" ");

function keyOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replaceAll("&", " and ")
    .replace(/\bsaint\b/g, "st")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function buildIndex(): Map<string, string> {
  const index = new Map<string, string>();
  const add = (name: string | undefined, code: string) => {
    const key = keyOf(name ?? "");
    if (key !== "" && !index.has(key)) index.set(key, code);
  };
  const pairs = CODES.split(" ").map((pair) => [pair.slice(0, 2), pair.slice(2)] as const);
  for (const [alpha2, alpha3] of pairs) {
    add(alpha2, alpha2);
    add(alpha3, alpha2);
  }
  for (const [code, names] of Object.entries(ALIASES)) for (const name of names.split("|")) add(name, code);
  for (const language of LANGUAGES) {
    const names = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const [code] of pairs) add(names.of(code), code);
  }
  return index;
}

let index: Map<string, string> | undefined;

/**
 * The ISO 3166 alpha-2 code (with XK for Kosovo) that a name or code stands for: ISO codes of two or three letters, country
 * names in sixteen European languages as the runtime's locale data has them, and what people write beside ("U.S.", "England").
 * Case, accents, dots and spaces do not matter. Undefined when nothing is known by that name.
 */
export function countryOf(name: string): string | undefined {
  // "n/a" is no Namibia, and "US/CA" is two countries.
  if (name.includes("/")) return undefined;
  index ??= buildIndex();
  return index.get(keyOf(name));
}
