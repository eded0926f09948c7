//! What happens, how sure it is, and the parts that are played in it.

use super::vocabulary;

vocabulary! {
    /// What kind of event it is.
    EventKind {
        /// A meeting, a visit or a summit.
        Meeting = "MEETING",
        /// An agreement, a treaty or a truce.
        Agreement = "AGREEMENT",
        /// Something said in public.
        Statement = "STATEMENT",
        /// A decision of those who may decide.
        Decision = "DECISION",
        /// An attempt to bring sides together.
        Mediation = "MEDIATION",
        /// An exchange of information, prisoners or goods.
        Exchange = "EXCHANGE",
        /// A briefing or a report given to someone.
        Briefing = "BRIEFING",
        /// An attack from the air.
        Airstrike = "AIRSTRIKE",
        /// An attack by other means.
        Attack = "ATTACK",
        /// The killing of people.
        Killing = "KILLING",
        /// The taking of people against their will.
        Abduction = "ABDUCTION",
        /// The sending or placing of forces.
        Deployment = "DEPLOYMENT",
        /// Fighting between two sides.
        Clash = "CLASH",
        /// A demonstration, a strike or a riot.
        Protest = "PROTEST",
        /// The overthrow of those in power, or the attempt.
        Coup = "COUP",
        /// An election or a referendum.
        Election = "ELECTION",
        /// Someone taking up or leaving an office.
        Appointment = "APPOINTMENT",
        /// An arrest or a detention.
        Arrest = "ARREST",
        /// A trial, a verdict or a sentence.
        Trial = "TRIAL",
        /// The making or ending of a law.
        Law = "LAW",
        /// A sanction, an embargo or its lifting.
        Sanction = "SANCTION",
        /// Help given: money, goods, arms or relief.
        Aid = "AID",
        /// The movement of people from one place to another.
        Migration = "MIGRATION",
        /// An accident.
        Accident = "ACCIDENT",
        /// A natural disaster or an epidemic.
        Disaster = "DISASTER",
        /// A contest in sport.
        Sport = "SPORT",
        /// A work, a show or a feast.
        Culture = "CULTURE",
        /// A state of affairs that lasts, such as a war or a crisis.
        Situation = "SITUATION",
        /// An event of another kind.
        Other = "OTHER",
    }
}

vocabulary! {
    /// How sure it is that the event happened, or will.
    EventStatus {
        /// Articles report it.
        Reported = "REPORTED",
        /// It is established beyond the reports.
        Confirmed = "CONFIRMED",
        /// Sources disagree on whether or how it happened.
        Disputed = "DISPUTED",
        /// Those concerned say that it did not happen.
        Denied = "DENIED",
        /// It is announced or intended, and has not happened yet.
        Planned = "PLANNED",
        /// It was planned and will not happen.
        Cancelled = "CANCELLED",
    }
}

vocabulary! {
    /// The part that a participant plays in an event.
    ParticipantRole {
        /// Takes part, without a part of its own.
        Participant = "PARTICIPANT",
        /// Receives the others.
        Host = "HOST",
        /// Prepares or calls the event.
        Organizer = "ORGANIZER",
        /// Is a side of an agreement, a dispute or a fight.
        Party = "PARTY",
        /// Says what is said.
        Speaker = "SPEAKER",
        /// Is spoken to, or is given something.
        Recipient = "RECIPIENT",
        /// Is what it is about.
        Topic = "TOPIC",
        /// Decides.
        DecisionMaker = "DECISION_MAKER",
        /// Attacks.
        Attacker = "ATTACKER",
        /// Commits a crime or another wrong.
        Perpetrator = "PERPETRATOR",
        /// Is aimed at.
        Target = "TARGET",
        /// Is killed, hurt, taken or wronged.
        Victim = "VICTIM",
        /// Bears the consequences.
        Affected = "AFFECTED",
        /// Gains by it.
        Beneficiary = "BENEFICIARY",
        /// Is sent or placed.
        Deployed = "DEPLOYED",
        /// Goes between the sides.
        Mediator = "MEDIATOR",
        /// Runs the means that are used, such as aircraft or a station.
        Operator = "OPERATOR",
        /// Is what another participant belongs to.
        Affiliation = "AFFILIATION",
        /// Another part.
        Other = "OTHER",
    }
}
