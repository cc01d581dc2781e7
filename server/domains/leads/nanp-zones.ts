/**
 * Area codes of the North American Numbering Plan and the time zone that most of their people live in.
 *
 * One name per clock: Detroit, Indianapolis and Louisville have kept New York's clock since 2007, Boise keeps Denver's, so
 * leads are not scattered over zones that never differ. Codes that a zone border crosses (among them 208, 219, 270, 308, 423,
 * 541, 605, 701, 785, 807, 812, 850, 867 and 906) stand where the larger part of their population is.
 * Which codes exist is published at nanpa.com (taken up to the end of 2025); the zones are those of the IANA database.
 */
const MAINLAND: Record<string, string> = {
  "America/New_York":
    "202 771 203 475 860 959 302 207 339 351 413 508 617 774 781 857 978 227 240 301 410 443 667 603 201 551 609 640 732 848 " +
    "856 862 908 973 212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934 215 223 267 272 " +
    "412 445 484 570 582 610 717 724 814 835 878 401 802 276 434 540 571 686 703 757 804 826 948 304 681 252 336 472 704 743 " +
    "828 910 919 980 984 803 821 839 843 854 864 229 404 470 478 678 706 762 770 912 943 239 305 321 324 352 386 407 561 645 " +
    "656 689 727 728 754 772 786 813 863 904 941 954 216 220 234 283 326 330 380 419 436 440 513 567 614 740 937 231 248 269 " +
    "313 517 586 616 679 734 810 906 947 989 260 317 463 574 765 812 930 502 606 859 423 729 865",
  "America/Chicago":
    "205 251 256 334 483 659 938 327 479 501 870 448 850 319 515 563 641 712 217 224 309 312 331 447 464 618 630 708 730 773 " +
    "779 815 847 861 872 219 316 620 785 913 270 364 225 318 337 457 504 985 218 320 507 612 651 763 924 952 235 314 417 557 " +
    "573 636 660 816 975 228 471 601 662 769 701 308 402 531 405 539 572 580 918 605 615 629 731 901 931 210 214 254 281 325 " +
    "346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979 262 274 353 414 534 608 715 920",
  "America/Denver": "303 719 720 748 970 983 208 986 406 505 575 915 385 435 801 307",
  "America/Phoenix": "480 520 602 623 928",
  "America/Los_Angeles":
    "209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 " +
    "818 820 831 837 840 858 909 916 925 949 951 702 725 775 458 503 541 971 206 253 360 425 509 564",
  "America/Anchorage": "907",
  "Pacific/Honolulu": "808",
  "America/Toronto":
    "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942 263 273 354 367 418 438 450 468 514 579 581 819 873",
  "America/Winnipeg": "204 431 584",
  "America/Regina": "306 474 639",
  "America/Edmonton": "368 403 587 780 825 867",
  "America/Vancouver": "236 250 257 604 672 778",
  "America/Halifax": "428 506 782 902",
  "America/St_Johns": "709 879",
};

/** The islands: their numbering plans are narrower, so that not every number with their code is one. */
const ISLANDS: Record<string, string> = {
  "America/Puerto_Rico": "787 939",
  "America/St_Thomas": "340",
  "America/Nassau": "242",
  "America/Barbados": "246",
  "America/Anguilla": "264",
  "America/Antigua": "268",
  "America/Tortola": "284",
  "America/Cayman": "345",
  "America/Grenada": "473",
  "America/Grand_Turk": "649",
  "America/Jamaica": "658 876",
  "America/Montserrat": "664",
  "America/Lower_Princes": "721",
  "America/St_Lucia": "758",
  "America/Dominica": "767",
  "America/St_Vincent": "784",
  "America/Santo_Domingo": "809 829 849",
  "America/Port_of_Spain": "868",
  "America/St_Kitts": "869",
  "Atlantic/Bermuda": "441",
  "Pacific/Guam": "671",
  "Pacific/Saipan": "670",
  "Pacific/Pago_Pago": "684",
};

const indexOf = (zones: Record<string, string>) =>
  new Map(Object.entries(zones).flatMap(([zone, codes]) => codes.split(" ").map((code) => [code, zone] as const)));

const mainland = indexOf(MAINLAND);
const islands = indexOf(ISLANDS);

/** The time zone of a three-digit area code; undefined for codes bound to no place (800, 900, 5XX) or not assigned. */
export function areaCodeZone(areaCode: string): string | undefined {
  return mainland.get(areaCode) ?? islands.get(areaCode);
}

/** Whether an area code is one of a place in the United States or Canada, where any exchange of the form NXX may be. */
export function isMainlandAreaCode(areaCode: string): boolean {
  return mainland.has(areaCode);
}
