//! Kinds of events, how certain they are, and roles of participants.

use super::vocabulary;

vocabulary! {
    /// What kind of event it is.
    EventKind {
        /// A meeting, a visit or a summit.
        Meeting = "MEETING" => ["Meeting", "Réunion", "اجتماع"],
        /// An agreement, a treaty or a truce.
        Agreement = "AGREEMENT" => ["Agreement", "Accord", "اتفاق"],
        /// A public statement.
        Statement = "STATEMENT" => ["Statement", "Déclaration", "تصريح"],
        /// A decision of an authority.
        Decision = "DECISION" => ["Decision", "Décision", "قرار"],
        /// Mediation between sides.
        Mediation = "MEDIATION" => ["Mediation", "Médiation", "وساطة"],
        /// An exchange of information, prisoners or goods.
        Exchange = "EXCHANGE" => ["Exchange", "Échange", "تبادل"],
        /// A briefing, or a report to somebody.
        Briefing = "BRIEFING" => ["Briefing", "Compte rendu", "إحاطة"],
        /// An airstrike.
        Airstrike = "AIRSTRIKE" => ["Airstrike", "Frappe aérienne", "غارة جوية"],
        /// An attack other than an airstrike.
        Attack = "ATTACK" => ["Attack", "Attaque", "هجوم"],
        /// The killing of people.
        Killing = "KILLING" => ["Killing", "Meurtre", "قتل"],
        /// An abduction or a kidnapping.
        Abduction = "ABDUCTION" => ["Abduction", "Enlèvement", "اختطاف"],
        /// A deployment of forces.
        Deployment = "DEPLOYMENT" => ["Deployment", "Déploiement", "نشر قوات"],
        /// Fighting between two or more sides.
        Clash = "CLASH" => ["Clash", "Affrontement", "اشتباك"],
        /// A demonstration, a strike or a riot.
        Protest = "PROTEST" => ["Protest", "Manifestation", "احتجاج"],
        /// A coup or an attempted coup.
        Coup = "COUP" => ["Coup", "Coup d’État", "انقلاب"],
        /// An election or a referendum.
        Election = "ELECTION" => ["Election", "Élection", "انتخابات"],
        /// A person takes or leaves an office.
        Appointment = "APPOINTMENT" => ["Appointment", "Nomination", "تعيين"],
        /// An arrest or a detention.
        Arrest = "ARREST" => ["Arrest", "Arrestation", "اعتقال"],
        /// A trial, a verdict or a sentence.
        Trial = "TRIAL" => ["Trial", "Procès", "محاكمة"],
        /// The adoption or repeal of a law.
        Law = "LAW" => ["Law", "Loi", "قانون"],
        /// A sanction or an embargo, or its end.
        Sanction = "SANCTION" => ["Sanction", "Sanction", "عقوبات"],
        /// Aid: money, goods, weapons or relief.
        Aid = "AID" => ["Aid", "Aide", "مساعدات"],
        /// The movement of people from one place to another.
        Migration = "MIGRATION" => ["Migration", "Migration", "هجرة"],
        /// An accident.
        Accident = "ACCIDENT" => ["Accident", "Accident", "حادث"],
        /// A natural disaster or an epidemic.
        Disaster = "DISASTER" => ["Disaster", "Catastrophe", "كارثة"],
        /// A sports competition.
        Sport = "SPORT" => ["Sport", "Sport", "رياضة"],
        /// A cultural work, a performance or a festival.
        Culture = "CULTURE" => ["Culture", "Culture", "ثقافة"],
        /// A situation that lasts, such as a war or a crisis.
        Situation = "SITUATION" => ["Situation", "Situation", "أوضاع"],
        /// An event of another kind.
        Other = "OTHER" => ["Other", "Autre", "أخرى"],
    }
}

vocabulary! {
    /// How certain it is that the event happened or will happen.
    EventStatus {
        /// Articles report it.
        Reported = "REPORTED" => ["Reported", "Rapporté", "وردت أنباء عنه"],
        /// It is confirmed beyond the reports of articles.
        Confirmed = "CONFIRMED" => ["Confirmed", "Confirmé", "مؤكد"],
        /// Sources disagree on whether or how it happened.
        Disputed = "DISPUTED" => ["Disputed", "Contesté", "محل خلاف"],
        /// The parties concerned deny it.
        Denied = "DENIED" => ["Denied", "Démenti", "منفي"],
        /// It is announced or planned and has not happened yet.
        Planned = "PLANNED" => ["Planned", "Prévu", "مقرر"],
        /// It was planned and is cancelled.
        Cancelled = "CANCELLED" => ["Cancelled", "Annulé", "ملغى"],
    }
}

vocabulary! {
    /// The role of a participant in an event.
    ParticipantRole {
        /// A participant without a more specific role.
        Participant = "PARTICIPANT" => ["Participant", "Participant", "مشارك"],
        /// The host.
        Host = "HOST" => ["Host", "Hôte", "مضيف"],
        /// The organizer.
        Organizer = "ORGANIZER" => ["Organizer", "Organisateur", "منظم"],
        /// A party to an agreement, a dispute or a fight.
        Party = "PARTY" => ["Party", "Partie", "طرف"],
        /// The speaker.
        Speaker = "SPEAKER" => ["Speaker", "Orateur", "متحدث"],
        /// The recipient of a statement, of aid or of goods.
        Recipient = "RECIPIENT" => ["Recipient", "Destinataire", "متلقٍّ"],
        /// The topic of a statement or a meeting.
        Topic = "TOPIC" => ["Topic", "Sujet", "موضوع"],
        /// Makes the decision.
        DecisionMaker = "DECISION_MAKER" => ["Decision-maker", "Décideur", "صاحب القرار"],
        /// The attacker.
        Attacker = "ATTACKER" => ["Attacker", "Attaquant", "مهاجم"],
        /// The perpetrator of a crime.
        Perpetrator = "PERPETRATOR" => ["Perpetrator", "Auteur", "مرتكب"],
        /// The target of an attack or a measure.
        Target = "TARGET" => ["Target", "Cible", "مستهدف"],
        /// A victim: killed, injured, abducted or wronged.
        Victim = "VICTIM" => ["Victim", "Victime", "ضحية"],
        /// Is affected by the event.
        Affected = "AFFECTED" => ["Affected", "Touché", "متضرر"],
        /// Benefits from the event.
        Beneficiary = "BENEFICIARY" => ["Beneficiary", "Bénéficiaire", "مستفيد"],
        /// The forces that are deployed.
        Deployed = "DEPLOYED" => ["Deployed", "Déployé", "قوة منتشرة"],
        /// Mediates between the sides.
        Mediator = "MEDIATOR" => ["Mediator", "Médiateur", "وسيط"],
        /// Operates the equipment, such as aircraft or a station.
        Operator = "OPERATOR" => ["Operator", "Opérateur", "مشغّل"],
        /// The organization or place to which another participant belongs.
        Affiliation = "AFFILIATION" => ["Affiliation", "Appartenance", "جهة الانتماء"],
        /// Another role.
        Other = "OTHER" => ["Other", "Autre", "آخر"],
    }
}
