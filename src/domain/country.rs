//! The codes of countries.

/// The countries of ISO 3166-1, by their alpha-2 codes.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";
/// The same countries, by their alpha-3 codes.
const ALPHA_3: &str = "\
    AND ARE AFG ATG AIA ALB ARM AGO ATA ARG ASM AUT AUS ABW ALA AZE BIH BRB BGD BEL BFA BGR BHR BDI BEN BLM BMU BRN \
    BOL BES BRA BHS BTN BVT BWA BLR BLZ CAN CCK COD CAF COG CHE CIV COK CHL CMR CHN COL CRI CUB CPV CUW CXR CYP CZE \
    DEU DJI DNK DMA DOM DZA ECU EST EGY ESH ERI ESP ETH FIN FJI FLK FSM FRO FRA GAB GBR GRD GEO GUF GGY GHA GIB GRL \
    GMB GIN GLP GNQ GRC SGS GTM GUM GNB GUY HKG HMD HND HRV HTI HUN IDN IRL ISR IMN IND IOT IRQ IRN ISL ITA JEY JAM \
    JOR JPN KEN KGZ KHM KIR COM KNA PRK KOR KWT CYM KAZ LAO LBN LCA LIE LKA LBR LSO LTU LUX LVA LBY MAR MCO MDA MNE \
    MAF MDG MHL MKD MLI MMR MNG MAC MNP MTQ MRT MSR MLT MUS MDV MWI MEX MYS MOZ NAM NCL NER NFK NGA NIC NLD NOR NPL \
    NRU NIU NZL OMN PAN PER PYF PNG PHL PAK POL SPM PCN PRI PSE PRT PLW PRY QAT REU ROU SRB RUS RWA SAU SLB SYC SDN \
    SWE SGP SHN SVN SJM SVK SLE SMR SEN SOM SUR SSD STP SLV SXM SYR SWZ TCA TCD ATF TGO THA TJK TKL TLS TKM TUN TON \
    TUR TTO TUV TWN TZA UKR UGA UMI USA URY UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM MYT ZAF ZMB ZWE";
/// Former countries (ISO 3166-3), which archives mention, and XK, the usual code of Kosovo.
const FORMER_COUNTRIES: &str = "AN BU CS CT DD DY FQ FX HV JT MI NH NQ NT PC PU PZ RH SU TP VD WK YD YU ZR XK";

/// Whether a text is the ISO 3166-1 alpha-2 code of a present or former country.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let has = |codes: &str| codes.split(' ').any(|code| code == text);
    has(COUNTRIES) || has(FORMER_COUNTRIES)
}

/// The code that a similar text means: one in small letters, an alpha-3 code, or a code that is not of ISO 3166-1.
#[must_use]
pub fn meant_code(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    if is_code(&upper) {
        return Some(upper);
    }
    let by_alpha_3 =
        || ALPHA_3.split(' ').zip(COUNTRIES.split(' ')).find(|(long, _)| *long == upper).map(|(_, code)| code);
    let code = match upper.as_str() {
        "UK" => Some("GB"),
        "EL" => Some("GR"),
        _ => by_alpha_3(),
    };
    code.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_present_and_former_countries_are_accepted() {
        for code in ["AD", "LY", "EG", "TN", "NU", "ZW", "SU", "YU", "XK"] {
            assert!(is_code(code), "{code}");
        }
        for code in ["", "L", "ly", "UK", "XX", "LBY", "L Y", " L", "Y ", "AA", "AD AE"] {
            assert!(!is_code(code), "{code}");
        }
        assert_eq!(COUNTRIES.len(), 249 * 3 - 1);
        assert_eq!(ALPHA_3.len(), 249 * 4 - 1);
    }

    #[test]
    fn similar_texts_mean_a_code() {
        for (text, code) in
            [("ly", "LY"), ("Ly", "LY"), ("LBY", "LY"), ("egy", "EG"), ("AND", "AD"), ("ZWE", "ZW"), ("uk", "GB")]
        {
            assert_eq!(meant_code(text).as_deref(), Some(code), "{text}");
        }
        for text in ["", "Libya", "QQ", "AAA", "ليبيا"] {
            assert_eq!(meant_code(text), None, "{text}");
        }
    }
}
