//! Precision of dates, and relations between dates.

use super::vocabulary;

vocabulary! {
    /// The precision of a date.
    DatePrecision {
        /// A day, with or without a time of day.
        Day = "DAY" => ["Day", "Jour", "يوم"],
        /// A month.
        Month = "MONTH" => ["Month", "Mois", "شهر"],
        /// A season of a year.
        Season = "SEASON" => ["Season", "Saison", "فصل"],
        /// A quarter of a year.
        Quarter = "QUARTER" => ["Quarter", "Trimestre", "ربع سنة"],
        /// A half of a year.
        HalfYear = "HALF_YEAR" => ["Half-year", "Semestre", "نصف سنة"],
        /// A year.
        Year = "YEAR" => ["Year", "Année", "سنة"],
        /// A decade.
        Decade = "DECADE" => ["Decade", "Décennie", "عقد"],
        /// A century.
        Century = "CENTURY" => ["Century", "Siècle", "قرن"],
        /// An interval with a start and an end.
        Interval = "INTERVAL" => ["Interval", "Intervalle", "فترة"],
        /// One of several dates, or all of them.
        Set = "SET" => ["Set", "Ensemble", "مجموعة"],
        /// Nothing is known of the date (`../..` in EDTF).
        Unknown = "UNKNOWN" => ["Unknown", "Inconnue", "غير معروف"],
    }
}

vocabulary! {
    /// What is known about the start or the end of a date.
    BoundState {
        /// The start or end is known, with the precision of the date.
        Known = "KNOWN" => ["Known", "Connue", "معروف"],
        /// There is no start or no end: `..` in an interval or in a set of all dates, such as `2011/..`.
        Open = "OPEN" => ["Open", "Ouverte", "مفتوح"],
        /// There is a start or an end, but it is not known: `2011/`, `[..2011]` (one day, at the latest in that year) and both ends of `../..`.
        Unknown = "UNKNOWN" => ["Unknown", "Inconnue", "غير معروف"],
    }
}

vocabulary! {
    /// The relation of a date to the date of another record, its anchor.
    TemporalRelation {
        /// Ended before the anchor began.
        Before = "BEFORE" => ["Before", "Avant", "قبل"],
        /// Ended before the anchor began, or together with it.
        BeforeOrAt = "BEFORE_OR_AT" => ["Before or at the same time", "Avant ou en même temps", "قبل أو في نفس الوقت"],
        /// Began after the anchor ended.
        After = "AFTER" => ["After", "Après", "بعد"],
        /// Began after the anchor ended, or together with it.
        AfterOrAt = "AFTER_OR_AT" => ["After or at the same time", "Après ou en même temps", "بعد أو في نفس الوقت"],
        /// Lies within the anchor.
        During = "DURING" => ["During", "Pendant", "أثناء"],
        /// Starts with the anchor and continues.
        Since = "SINCE" => ["Since", "Depuis", "منذ"],
        /// Continues until the anchor.
        Until = "UNTIL" => ["Until", "Jusqu’à", "حتى"],
    }
}

vocabulary! {
    /// The length of the bars of a histogram.
    HistogramInterval {
        /// A day.
        Day = "DAY" => ["Day", "Jour", "يوم"],
        /// A week, from Monday to Sunday.
        Week = "WEEK" => ["Week", "Semaine", "أسبوع"],
        /// A month.
        Month = "MONTH" => ["Month", "Mois", "شهر"],
        /// A quarter of a year.
        Quarter = "QUARTER" => ["Quarter", "Trimestre", "ربع سنة"],
        /// A year.
        Year = "YEAR" => ["Year", "Année", "سنة"],
        /// Ten years, such as 1900 to 1909.
        Decade = "DECADE" => ["Decade", "Décennie", "عقد"],
        /// A hundred years, such as 1900 to 1999.
        Century = "CENTURY" => ["Century", "Siècle", "قرن"],
        /// The shortest of the others with at most 60 bars: 10 to 60 bars for most ranges of ten days or more.
        Auto = "AUTO" => ["Automatic", "Automatique", "تلقائي"],
    }
}
