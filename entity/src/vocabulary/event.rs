//! Kinds of events, how certain they are, and roles of participants.

use super::vocabulary;

vocabulary! {
    /// What kind of event it is.
    EventKind {
        /// A meeting, a visit or a summit.
        Meeting = "MEETING",
        /// An agreement, a treaty or a truce.
        Agreement = "AGREEMENT",
        /// A public statement.
        Statement = "STATEMENT",
        /// A decision of an authority.
        Decision = "DECISION",
        /// Mediation between sides.
        Mediation = "MEDIATION",
        /// An exchange of information, prisoners or goods.
        Exchange = "EXCHANGE",
        /// A briefing, or a report to somebody.
        Briefing = "BRIEFING",
        /// An airstrike.
        Airstrike = "AIRSTRIKE",
        /// An attack other than an airstrike.
        Attack = "ATTACK",
        /// The killing of people.
        Killing = "KILLING",
        /// An abduction or a kidnapping.
        Abduction = "ABDUCTION",
        /// A deployment of forces.
        Deployment = "DEPLOYMENT",
        /// Fighting between two or more sides.
        Clash = "CLASH",
        /// A demonstration, a strike or a riot.
        Protest = "PROTEST",
        /// A coup or an attempted coup.
        Coup = "COUP",
        /// An election or a referendum.
        Election = "ELECTION",
        /// A person takes or leaves an office.
        Appointment = "APPOINTMENT",
        /// An arrest or a detention.
        Arrest = "ARREST",
        /// A trial, a verdict or a sentence.
        Trial = "TRIAL",
        /// The adoption or repeal of a law.
        Law = "LAW",
        /// A sanction or an embargo, or its end.
        Sanction = "SANCTION",
        /// Aid: money, goods, weapons or relief.
        Aid = "AID",
        /// The movement of people from one place to another.
        Migration = "MIGRATION",
        /// An accident.
        Accident = "ACCIDENT",
        /// A natural disaster or an epidemic.
        Disaster = "DISASTER",
        /// A sports competition.
        Sport = "SPORT",
        /// A cultural work, a performance or a festival.
        Culture = "CULTURE",
        /// A situation that lasts, such as a war or a crisis.
        Situation = "SITUATION",
        /// An event of another kind.
        Other = "OTHER",
    }
}

vocabulary! {
    /// How certain it is that the event happened or will happen.
    EventStatus {
        /// Articles report it.
        Reported = "REPORTED",
        /// It is confirmed beyond the reports of articles.
        Confirmed = "CONFIRMED",
        /// Sources disagree on whether or how it happened.
        Disputed = "DISPUTED",
        /// The parties concerned deny it.
        Denied = "DENIED",
        /// It is announced or planned and has not happened yet.
        Planned = "PLANNED",
        /// It was planned and is cancelled.
        Cancelled = "CANCELLED",
    }
}

vocabulary! {
    /// The role of a participant in an event.
    ParticipantRole {
        /// A participant without a more specific role.
        Participant = "PARTICIPANT",
        /// The host.
        Host = "HOST",
        /// The organizer.
        Organizer = "ORGANIZER",
        /// A party to an agreement, a dispute or a fight.
        Party = "PARTY",
        /// The speaker.
        Speaker = "SPEAKER",
        /// The recipient of a statement, of aid or of goods.
        Recipient = "RECIPIENT",
        /// The topic of a statement or a meeting.
        Topic = "TOPIC",
        /// Makes the decision.
        DecisionMaker = "DECISION_MAKER",
        /// The attacker.
        Attacker = "ATTACKER",
        /// The perpetrator of a crime.
        Perpetrator = "PERPETRATOR",
        /// The target of an attack or a measure.
        Target = "TARGET",
        /// A victim: killed, injured, abducted or wronged.
        Victim = "VICTIM",
        /// Is affected by the event.
        Affected = "AFFECTED",
        /// Benefits from the event.
        Beneficiary = "BENEFICIARY",
        /// The forces that are deployed.
        Deployed = "DEPLOYED",
        /// Mediates between the sides.
        Mediator = "MEDIATOR",
        /// Operates the equipment, such as aircraft or a station.
        Operator = "OPERATOR",
        /// The organization or place to which another participant belongs.
        Affiliation = "AFFILIATION",
        /// Another role.
        Other = "OTHER",
    }
}
